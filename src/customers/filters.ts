import { NUMERAL, readNumeral } from '../chat/numerals.ts';
import { simplified } from '../chat/simplified.ts';
import type { AssignmentState, PoolReason, Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { literally } from '../kernel/literally.ts';
import { normalName } from '../kernel/normal/name.ts';
import { halfWidth } from '../kernel/normal/text.ts';
import { addDays, dayToDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Tx } from '../kernel/scope.ts';
import {
  ASSIGNMENT_STATES,
  EDUCATIONS,
  EXPERIENCES,
  findChoice,
  GENDERS,
  POOL_REASONS,
  SOURCES,
  STATUSES,
  WORK_STATUSES,
} from './choices.ts';
import { readSpan, type Span } from './read-span.ts';
import { monthEarlier } from './rules.ts';
import { searchCustomers } from './visibility.ts';

/** What filter words mean: conditions on the customer, and on the rows of history where the list has them. */
export type WordFilter = {
  customer: Prisma.CustomerWhereInput;
  reasons: readonly PoolReason[];
  states: readonly AssignmentState[];
  /** Days the list's own rows lie in: since when in the pool, received when. */
  days: Span | null;
};

/** How our own answers call it: 我的客户 13 位，在跟 7 位. */
const FOLLOWING = /^(在跟|跟进中|在跟进)$/;

/** Plain choice lists a word may come from; the first that knows it takes it. */
const LISTS = {
  source: SOURCES,
  status: STATUSES,
  gender: GENDERS,
  education: EDUCATIONS,
  experience: EXPERIENCES,
  workStatus: WORK_STATUSES,
} as const;

const MONTH = /^(超过)?一个月(未|没)?(跟进|联系)?$/;
const SILENT = new RegExp(`^(?:超过)?(${NUMERAL}|\\d{1,3})天(?:以上)?(?:未|没)(?:跟进|联系)$`);

/**
 * Reads filter words as people write them: 百度推广, Python, 三天未跟进, 一个月未跟进, 三天内, a colleague's name, a
 * customer's. Several of one kind, also joined by 、, are any of them; kinds are combined. A word that is nothing else is
 * a name, or a number where the reader sees numbers.
 */
export async function readFilterWords(
  { tx, actor, today }: { tx: Tx; actor: Actor; today: SchoolDay },
  words: readonly string[],
): Promise<WordFilter> {
  const chosen = new Map<string, string[]>();
  const add = (kind: string, value: string) => chosen.set(kind, [...(chosen.get(kind) ?? []), value]);
  const rest: string[] = [];
  let days: Span | null = null;
  const written = words.flatMap((word) => halfWidth(word).split(/[、,]/)).map(spelled);
  for (const word of written.map((one) => one.trim()).filter(Boolean)) {
    const reason = findChoice(POOL_REASONS, word);
    const state = FOLLOWING.test(word) ? 'following' : findChoice(ASSIGNMENT_STATES, word);
    const list = Object.entries(LISTS).flatMap(([kind, choices]) => {
      const id = findChoice(choices, word);
      return id === null ? [] : [{ kind, id }];
    })[0];
    if (reason) add('reason', reason);
    if (state) add('state', state);
    if (list) add(list.kind, list.id);
    if (list || reason || state) continue;
    const span = readSpan(word, today);
    const silent = SILENT.exec(word)?.[1];
    if (MONTH.test(word)) add('month', word);
    else if (silent) add('silent', silent);
    else if (span) days = days ? spanOver(days, span) : span;
    else rest.push(word);
  }
  const { courses, names: left } = await partCourses(tx, rest);
  const { consultants, names } = await partConsultants(tx, left);
  const conditions: Prisma.CustomerWhereInput[] = Object.keys(LISTS).flatMap((kind) => {
    const ids = chosen.get(kind);
    return ids ? [{ [kind]: { in: ids } }] : [];
  });
  const silentDays = (chosen.get('silent') ?? []).map(readCount);
  if (silentDays.length > 0)
    conditions.push({ lastContactedOn: { lt: dayToDb(addDays(today, -Math.min(...silentDays))) } });
  if (consultants.length > 0) conditions.push({ OR: [heldOrLostBy(consultants), ...sameNamed(actor, left, names)] });
  if (chosen.has('month')) conditions.push(untouchedForAMonth(today));
  if (courses.length > 0) conditions.push({ courses: { some: { courseId: { in: courses } } } });
  return {
    customer: literally({ AND: [...conditions, ...named(actor, names)] }),
    reasons: (chosen.get('reason') ?? []) as PoolReason[],
    states: (chosen.get('state') ?? []) as AssignmentState[],
    days,
  };
}

/** Choices and days are read in simplified characters; a name stays as it was written. */
function spelled(word: string): string {
  const plain = simplified(word);
  const lists = [POOL_REASONS, ASSIGNMENT_STATES, ...Object.values(LISTS)];
  return plain !== word && lists.some((choices) => findChoice(choices, plain) !== null) ? plain : word;
}

/** Each word is looked for, or all of them as one name or number: 郑 爽, 139 1234 0001. */
function named(actor: Actor, words: readonly string[]): Prisma.CustomerWhereInput[] {
  if (words.length === 0) return [];
  const [each, whole] = [words.map((word) => searchCustomers(actor, normalName(word))), normalName(words.join(' '))];
  return words.length === 1 ? each : [{ OR: [{ AND: each }, searchCustomers(actor, whole)] }];
}

const readCount = (text: string) => (/^\d+$/.test(text) ? Number(text) : (readNumeral(text) ?? 0));

/** Two spans said are any day of either, and what lies between. */
function spanOver(a: Span, b: Span): Span {
  const [from = a.from] = [a.from, b.from].sort();
  const to = [a.to, b.to].sort().at(-1) ?? b.to;
  return { from, to };
}

/** A colleague's whole name stands for who holds a customer, or lost it last. */
async function partConsultants(tx: Tx, words: readonly string[]): Promise<{ consultants: number[]; names: string[] }> {
  if (words.length === 0) return { consultants: [], names: [] };
  const people = await tx.person.findMany({
    where: { name: { in: [...words] }, staff: { isNot: null } },
    select: { id: true, name: true },
  });
  return {
    consultants: people.map(({ id }) => id),
    names: words.filter((word) => !people.some(({ name }) => name === word)),
  };
}

function heldOrLostBy(ids: number[]): Prisma.CustomerWhereInput {
  return { OR: [{ consultantId: { in: ids } }, { consultantId: null, lastConsultantId: { in: ids } }] };
}

/** A customer may be called as a colleague is. */
function sameNamed(actor: Actor, words: readonly string[], names: readonly string[]): Prisma.CustomerWhereInput[] {
  return words.filter((word) => !names.includes(word)).map((word) => searchCustomers(actor, word));
}

/** 超过一个月未跟进: pool and enrolled customers nobody contacted for over a month; the others are swept long before. */
export function untouchedForAMonth(today: SchoolDay): Prisma.CustomerWhereInput {
  return {
    lastContactedOn: { lt: dayToDb(monthEarlier(today)) },
    OR: [{ consultantId: null }, { status: 'enrolled' }],
  };
}

/** Words that begin a course's name stand for all courses that begin so; courses are looked up only when some word is left. */
async function partCourses(tx: Tx, words: readonly string[]): Promise<{ courses: number[]; names: string[] }> {
  if (words.length === 0) return { courses: [], names: [] };
  const all = await tx.course.findMany({ select: { id: true, name: true } });
  const begins = (word: string) => all.filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()));
  return {
    courses: words.flatMap((word) => begins(word).map(({ id }) => id)),
    names: words.filter((word) => begins(word).length === 0),
  };
}
