import { sayContact, shorten } from '../../customers/index.ts';
import { sayDaysAgo } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { AboutToDrop, OwnDrops, TeamCount } from './find-about-to-drop.ts';

const LONGEST_LINE = 56;
const LONGEST_NAME = 12;
const MOST_NAMED = 3;
/** With what stands around them eight lines on a phone. */
const MOST_NUMBERED = 5;
const MOST_COLLEAGUES = 5;

/** A savable customer with the number that saves it. */
export type Numbered = { number: number; customer: AboutToDrop };

/** The savable ones with their numbers, in the order of the numbers. */
export function withNumbers({ savable }: Pick<OwnDrops, 'savable'>, numbers: readonly number[]): Numbered[] {
  return savable
    .map((customer) => ({ customer, number: numbers.indexOf(customer.id) + 1 }))
    .sort((a, b) => a.number - b.number);
}

/** The pages of numbers there are. */
export function pagesOf({ lostCount }: Pick<OwnDrops, 'lostCount'>, numbered: readonly Numbered[]): number {
  return Math.max(1, Math.ceil(numbered.length / perPage(lostCount)));
}

const perPage = (lostCount: number) => MOST_NUMBERED - (lostCount > 0 ? 1 : 0);

/**
 * What drops, a page of it: the savable ones numbered, those at the limit for a deal named apart, and how to answer.
 * Never more than seven lines, nor more than a message holds.
 */
export function sayDrops(
  drops: OwnDrops,
  numbered: readonly Numbered[],
  { today, page = 1 }: Pick<Scope, 'today'> & { page?: number },
): string[] {
  const size = perPage(drops.lostCount);
  const shown = numbered.slice((page - 1) * size, page * size);
  const first = shown[0]?.number;
  const more = drops.savableCount > page * size;
  const next = more ? '「下一页」看后面的' : page > 1 ? '「快掉了」看开头' : '';
  const answer = first === undefined ? '' : `「${first} 已约周五试听」记下跟进、留住 ${first} 号`;
  return [
    ...shown.map(({ number, customer }) => sayCustomer(number, customer, today)),
    ...sayLost(drops),
    ...(answer || next ? [`回复${[answer, next].filter(Boolean).join('，')}`] : []),
  ];
}

/** 3 王小雨 138 0013 8000 · Python全栈 · 3 天前跟进 */
function sayCustomer(
  number: number,
  { name, course, lastContactedOn, ...contacts }: AboutToDrop,
  today: string,
): string {
  const who = [shorten(name, LONGEST_NAME), sayContact(contacts)].filter(Boolean).join(' ');
  const facts = [who, course, `${sayDaysAgo(lastContactedOn, today)}跟进`].filter(Boolean);
  return shorten(`${number} ${facts.join(' · ')}`, LONGEST_LINE);
}

function sayLost({ lost, lostCount }: OwnDrops): string[] {
  if (lostCount === 0) return [];
  const named = lost.slice(0, MOST_NAMED).map(({ name }) => shorten(name, LONGEST_NAME));
  const count = lostCount > named.length ? `等 ${lostCount} 位` : '';
  return [`到成单期限，跟进也留不住：${named.join('、')}${count}`];
}

/** The head's view: how many each colleague will lose. */
export function sayTeam(team: readonly TeamCount[]): string[] {
  const shown = team.slice(0, MOST_COLLEAGUES);
  const rest = team.slice(MOST_COLLEAGUES);
  const others = rest.reduce((sum, { count }) => sum + count, 0);
  return [
    ...shown.map(({ name, count, lost }) =>
      [`${shorten(name, LONGEST_NAME)} ${count} 位`, lost > 0 && `${lost} 位到成单期限`].filter(Boolean).join(' · '),
    ),
    ...(rest.length > 0 ? [`其他 ${rest.length} 位同事共 ${others} 位`] : []),
  ];
}
