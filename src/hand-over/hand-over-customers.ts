import { demand, rowScope } from '../access/access.ts';
import {
  customerSubject,
  holders,
  myCustomersSubject,
  refuse as refuseCustomer,
  tellHolder,
  transferred,
} from '../customers/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Notice } from '../kernel/notice.ts';
import { invalidFields, refuse as refuseKernel } from '../kernel/refusal.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { moveCustomers, type Placement } from './move-customers.ts';
import { refuse } from './phrases.ts';

/** So many in one transaction; what is left is handed over by asking again. */
export const MOST_AT_ONCE = 2000;
const MOST_NAMED = 3;

/** The rota as handing over needs it; the assignment feature gives it. */
export type Turns = {
  take(
    scope: Scope,
    options: { key: string; count: number; exceptId: number },
  ): Promise<{ turnId: string; consultantId: number }[]>;
  proportion(scope: Pick<Scope, 'tx' | 'today'>, options: { exceptId: number }): Promise<number[]>;
};

export type HandOver = { fromId: number; to: { consultantId: number } | 'rota' };

/** Who got how many, and how many stay with the leaver because nobody can take them now. */
export type HandedOver = {
  from: string;
  receivers: { id: number; name: string; following: number; enrolled: number }[];
  moved: number;
  left: number;
};

export type HandOverCustomers = (scope: Scope, input: HandOver) => Promise<HandedOver>;

/** A leaver as the one who hands over sees them, with what they hold. */
export type Leaver = { id: number; name: string; active: boolean; following: number; enrolled: number };

/**
 * Hands all of somebody's customers over, enrolled ones too (rule 7): to one colleague, or round the rota, a turn for each
 * who is being followed; enrolled ones follow the same people. Received and contacted today, the old rows `transferred`,
 * new ones `following`; an enrolled customer's deal stays with who made it. Each receiver is told once, and so is who lost them.
 */
export function createHandOver(turns: Turns): HandOverCustomers {
  /** @throws Refusal `forbidden`, `not_found`, `not_a_consultant`, `nobody_can_take`, `invalid_fields` */
  return async function handOverCustomers(scope, { fromId, to }) {
    const leaver = await readLeaver(scope, fromId);
    const held = await scope.tx.$queryRaw<Held[]>`
      SELECT id, name, status = 'enrolled' AS enrolled FROM "Customer" WHERE "consultantId" = ${fromId}
      ORDER BY status, id LIMIT ${MOST_AT_ONCE} FOR UPDATE`;
    const placements =
      to === 'rota' ? await placeByRota(scope, turns, fromId, held) : await placeAtOne(scope, fromId, to, held);
    const { moved, rows } = await moveCustomers(scope, { fromId, reason: `${leaver.name}交接`, placements });
    const receivers = await summarize(scope.tx, rows);
    await scope.tell(...tellReceivers(leaver.name, rows));
    await tellLeaver(scope, fromId, rows, receivers);
    const all = leaver.following + leaver.enrolled;
    return { from: leaver.name, receivers, moved, left: Math.max(0, all - moved) };
  };
}

type Held = { id: number; name: string; enrolled: boolean };

/**
 * Somebody whose customers one may hand over: of one's own department or campus, or anybody, by the scope of the permission.
 * @throws Refusal `forbidden`, `not_found`
 */
export async function readLeaver({ tx, actor }: Pick<Scope, 'tx' | 'actor'>, personId: number): Promise<Leaver> {
  demand(actor, 'customers.transfer', '交接客户');
  const person = await tx.person.findFirst({
    where: { id: personId, staff: { isNot: null }, ...withinScope(actor) },
    select: { id: true, name: true, active: true },
  });
  if (!person) throw refuseKernel.not_found({ what: '位员工' });
  const counts = await tx.customer.groupBy({
    by: ['status'],
    where: { consultantId: personId },
    _count: { _all: true },
  });
  const countOf = (status: string) => counts.find((group) => group.status === status)?._count._all ?? 0;
  return { ...person, following: countOf('notEnrolled'), enrolled: countOf('enrolled') };
}

function withinScope(actor: Actor) {
  const { id, departmentId, campusId } = actor;
  const scope = rowScope(actor, 'customers.transfer');
  if (scope === 'all') return {};
  if (scope === 'department' && departmentId !== null) return { staff: { departmentId } };
  if (scope === 'campus' && campusId !== null) return { staff: { campusId } };
  return { id: id ?? -1 };
}

async function placeAtOne(
  { tx }: Scope,
  fromId: number,
  { consultantId }: { consultantId: number },
  held: readonly Held[],
): Promise<Placement[]> {
  if (consultantId === fromId) throw invalidFields({ consultantId: '不能交给本人，换一位同事' });
  const receiver = await tx.person.findUnique({ where: { id: consultantId }, select: { name: true } });
  if (!receiver) throw invalidFields({ consultantId: '没有这个人，重新选一下' });
  const mayHold = await tx.person.count({ where: { id: consultantId, ...holders } });
  if (mayHold === 0) throw refuseCustomer.not_a_consultant({ name: receiver.name });
  return held.map(({ id }) => ({ customerId: id, consultantId, turnId: null }));
}

async function placeByRota(scope: Scope, turns: Turns, fromId: number, held: readonly Held[]): Promise<Placement[]> {
  const following = held.filter(({ enrolled }) => !enrolled);
  const enrolled = held.filter((customer) => customer.enrolled);
  const taken = await turns.take(scope, { key: `hand-over ${fromId}`, count: following.length, exceptId: fromId });
  // An enrolled customer is nobody's next deal: it takes no turn, but goes round the same people.
  const round =
    taken.length > 0
      ? taken.map(({ consultantId }) => consultantId)
      : await turns.proportion(scope, { exceptId: fromId });
  if (held.length > 0 && round.length === 0) throw refuse.nobody_can_take();
  return [
    ...following.flatMap(({ id }, at) => (taken[at] ? [{ customerId: id, ...taken[at] }] : [])),
    ...enrolled.map(({ id }, at) => ({ customerId: id, consultantId: round[at % round.length] ?? -1, turnId: null })),
  ];
}

type MovedRow = { customerId: number; name: string; consultantId: number; enrolled: boolean; version: number };

async function summarize(tx: Tx, rows: readonly MovedRow[]): Promise<HandedOver['receivers']> {
  const ids = [...new Set(rows.map(({ consultantId }) => consultantId))];
  const people = await tx.person.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return people
    .map(({ id, name }) => {
      const own = rows.filter(({ consultantId }) => consultantId === id);
      const enrolled = own.filter((row) => row.enrolled).length;
      return { id, name, following: own.length - enrolled, enrolled };
    })
    .sort((a, b) => b.following + b.enrolled - (a.following + a.enrolled) || a.id - b.id);
}

/** One notice for each receiver, whatever they got; the customer and its version make it the same however often written. */
function tellReceivers(from: string, rows: readonly MovedRow[]): Notice[] {
  return [...new Set(rows.map(({ consultantId }) => consultantId))].map((to) => {
    const own = rows.filter(({ consultantId }) => consultantId === to);
    const [first] = own;
    const once = `handedOver:${to}:${first?.customerId}:${first?.version}`;
    const about = own.length === 1 && first ? customerSubject.of(first.customerId) : myCustomersSubject.of();
    return transferred.to(to, { customer: nameSome(own), from, count: own.length }, { once, about });
  });
}

/** Whose customers they were hears where they went, once (customers rule 6). */
async function tellLeaver(
  scope: Scope,
  fromId: number,
  rows: readonly MovedRow[],
  receivers: HandedOver['receivers'],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const customer = nameSome(rows);
  const what = `把${customer}交接给了${nameSome(receivers)}`;
  const once = `handedOverFrom:${fromId}:${first.customerId}:${first.version}`;
  await tellHolder(scope, { customerId: null, customer, holderId: fromId, what, once });
}

/** 王小雨、李明、张三等 12 位 */
function nameSome(all: readonly { name: string }[]): string {
  const named = all.slice(0, MOST_NAMED).map(({ name }) => name);
  return all.length > MOST_NAMED ? `${named.join('、')}等 ${all.length} 位` : named.join('、');
}
