import type { DayCounts } from '../customers/index.ts';
import { ASSIGNMENT_STATES, sayDays } from '../customers/index.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { ConsultantPreview, Moved, Preview } from './preview-rules.ts';
import type { Spell } from './read-history.ts';
import type { RefusedClaim } from './replay-claims.ts';
import type { Changed, Drop } from './replay-drops.ts';

const MOST_NAMED = 12;

/** One customer of a list, with what would have been otherwise. */
export type Line = { id: number; name: string; note: string };
export type Group = { title: string; tone: 'bad' | 'good' | 'info' | 'warn'; lines: Line[]; more: number };

const lineOf = (spell: Spell, note: string): Line => ({ id: spell.customer.id, name: spell.customer.name, note });
const dayOf = (day: SchoolDay) => day.slice(5);

/** What really became of a customer. */
function sayActual({ state, endedOn }: Spell): string {
  if (state === 'following' || endedOn === null) return '实际还在跟';
  const isLost = state === 'lostNoContact' || state === 'lostNoDeal';
  return `实际 ${dayOf(endedOn)} ${isLost ? '丢掉' : ASSIGNMENT_STATES[state]}`;
}

/** 11-18 两天未跟进, by the counts that are tried. */
function sayDrop({ day, reason }: Drop, { noContactDays, noDealDays }: DayCounts): string {
  const why = reason === 'noContact' ? `${sayDays(noContactDays)}未跟进` : `${sayDays(noDealDays)}未成单`;
  return `${dayOf(day)} ${why.trim()}`;
}

const sayLost =
  (counts: DayCounts) =>
  ({ spell, drop }: Changed) =>
    lineOf(spell, [drop && sayDrop(drop, counts), sayActual(spell)].filter(Boolean).join('，'));
const saySpared = ({ spell, drop }: Changed) =>
  lineOf(spell, `${sayActual(spell)}，${drop ? `会晚到 ${dayOf(drop.day)}` : '这个月里不会'}`);
const sayRefused = ({ spell, cap }: RefusedClaim) =>
  lineOf(spell, `${dayOf(spell.date)} ${cap === 'day' ? '到每天的上限' : '到同时跟进的上限'}`);

/** The lists of one consultant, those with somebody in them. */
export function sayGroups(own: ConsultantPreview, counts: DayCounts, nameOf: (id: number | null) => string): Group[] {
  const moved = (to: boolean) => (one: Moved) =>
    lineOf(
      one.spell,
      `${dayOf(one.spell.date)} ${to ? `实际给了${one.spell.consultant.name}` : `会给${nameOf(one.toId)}`}`,
    );
  const groups = [
    { title: '会丢掉', tone: 'bad' as const, lines: own.lost.map(sayLost(counts)) },
    { title: '不会那天丢', tone: 'good' as const, lines: own.spared.map(saySpared) },
    { title: '会多分到', tone: 'info' as const, lines: own.gained.map(moved(true)) },
    { title: '会分给别人', tone: 'warn' as const, lines: own.given.map(moved(false)) },
    { title: '抢不到', tone: 'warn' as const, lines: own.refused.map(sayRefused) },
  ];
  return groups
    .filter(({ lines }) => lines.length > 0)
    .map((group) => ({
      ...group,
      lines: group.lines.slice(0, MOST_NAMED),
      more: Math.max(0, group.lines.length - MOST_NAMED),
    }));
}

/** The result in one sentence. */
export function saySummary({ consultants, moved, toPool }: Preview): string {
  const sum = (of: (own: ConsultantPreview) => number) => consultants.reduce((total, own) => total + of(own), 0);
  const actual = sum((own) => own.actualLost);
  const proposed = sum((own) => own.proposedLost);
  const refused = sum((own) => own.refused.length);
  const difference = proposed - actual;
  const lost = `丢掉 ${proposed} 位，实际 ${actual} 位${difference === 0 ? '' : `，${difference > 0 ? '多' : '少'} ${Math.abs(difference)} 位`}`;
  return [
    lost,
    moved > 0 && `自动分配有 ${moved} 位换人${toPool.length > 0 ? `，其中 ${toPool.length} 位没人能接` : ''}`,
    refused > 0 && `抢单有 ${refused} 位抢不到`,
  ]
    .filter(Boolean)
    .join('；');
}
