import type { AssignmentState, Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { refuse as refuseKernel } from '../kernel/refusal.ts';
import { dayFromDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { refuse } from './phrases.ts';
import { type CustomerRow, customerInclude, presentCustomer } from './present.ts';
import { visibleCustomers, visiblePool } from './visibility.ts';

/** Counting further tells nobody anything: 10000+. */
export const COUNT_LIMIT = 10_001;

export type Note = { date: SchoolDay; by: string; note: string };

/** A customer with the last notes, newest first; none where the reader sees the contacts masked. */
export type CustomerFile = { row: CustomerRow; notes: readonly Note[]; state: AssignmentState | null };

/**
 * One customer as the reader may see it.
 * @throws Refusal `not_found`
 */
export async function readCustomer({ tx, actor }: Pick<Scope, 'tx' | 'actor'>, id: number): Promise<CustomerRow> {
  const customer = await tx.customer.findFirst({ where: { id, ...visibleCustomers(actor) }, include: customerInclude });
  if (!customer) throw notFound();
  return presentCustomer(customer, actor);
}

/**
 * A customer's file with the last notes; whoever sees it masked gets no notes either, for they may name numbers.
 * @throws Refusal `not_found`
 */
export async function readFile(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  id: number,
  notes = 3,
): Promise<CustomerFile> {
  const customer = await tx.customer.findFirst({
    where: { id, ...visibleCustomers(actor) },
    include: {
      ...customerInclude,
      followUps: {
        take: notes,
        orderBy: { id: 'desc' },
        select: { date: true, note: true, consultant: { select: { name: true } } },
      },
      assignments: { take: 1, orderBy: { id: 'desc' }, where: { state: { not: 'undone' } }, select: { state: true } },
    },
  });
  if (!customer) throw notFound();
  const row = presentCustomer(customer, actor);
  return {
    row,
    notes: row.masked
      ? []
      : customer.followUps.map(({ date, note, consultant }) => ({ date: dayFromDb(date), note, by: consultant.name })),
    state: customer.assignments[0]?.state ?? null,
  };
}

/** What a change needs to know of a customer somebody holds; the statement that changes it repeats the holder. */
export type Held = { id: number; name: string; consultantId: number; consultantName: string; enrolled: boolean };

/**
 * The customer in its holder's hand, if the actor may do this with it: it is their own, or within their wider scope.
 * @param what the verb for the sentence: 跟进, 释放
 * @throws Refusal `not_found` for another's private customer, `in_pool`
 */
export async function findHeld(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  id: number,
  permission: string,
  what: string,
): Promise<Held> {
  const customer = await tx.customer.findFirst({
    where: { id, ...visibleCustomers(actor, permission) },
    select: { id: true, name: true, status: true, consultant: { select: { id: true, name: true } } },
  });
  if (!customer) throw notFound();
  const { name, status, consultant } = customer;
  if (!consultant) throw refuse.in_pool({ name, what });
  return { id, name, consultantId: consultant.id, consultantName: consultant.name, enrolled: status === 'enrolled' };
}

/** How many pool customers somebody could look at, counted no further than 10,001. */
export async function countPool(tx: Tx, actor: Actor, filter: Prisma.CustomerWhereInput = {}): Promise<number> {
  return tx.customer.count({ where: { AND: [visiblePool(actor), filter] }, take: COUNT_LIMIT });
}

/** One line of a list in chat. */
export type ListedCustomer = Prisma.CustomerGetPayload<{ select: typeof listedSelect }>;

export const listedSelect = {
  id: true,
  name: true,
  phone: true,
  source: true,
  poolReason: true,
  pooledAt: true,
  status: true,
  lastContactedOn: true,
  receivedOn: true,
  courses: { select: { course: { select: { name: true } } }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.CustomerSelect;

/** Where a page of the pool begins: behind this customer. */
export type PoolCursor = { pooledAt: string; id: number };

/**
 * A page of the pool, last come first. Pages go on behind the last one shown, so that newcomers and claims between
 * two pages neither repeat nor skip anybody.
 */
export async function readPoolPage(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  {
    filter,
    after,
    page = 1,
    size,
  }: {
    filter: Prisma.CustomerWhereInput;
    after: PoolCursor | null;
    page?: number;
    size: number;
  },
): Promise<{ customers: ListedCustomer[]; total: number }> {
  const total = await countPool(tx, actor, filter);
  if (total === 0) return { customers: [], total };
  const customers = await tx.customer.findMany({
    where: { AND: [visiblePool(actor), filter, after ? behind(after) : {}] },
    select: listedSelect,
    orderBy: [{ pooledAt: 'desc' }, { id: 'desc' }],
    // A page somebody leafs to is counted off; the next one goes on behind the last shown.
    ...(after === null && page > 1 && { skip: (page - 1) * size }),
    take: size,
  });
  return { customers, total };
}

/** The first key bounded on its own lets the index seek; with the OR alone it would be scanned from its start. */
function behind({ pooledAt, id }: PoolCursor): Prisma.CustomerWhereInput {
  const at = new Date(pooledAt);
  return { pooledAt: { lte: at }, OR: [{ pooledAt: { lt: at } }, { pooledAt: at, id: { lt: id } }] };
}

const mineSelect = {
  id: true,
  state: true,
  date: true,
  endedOn: true,
  customer: { select: listedSelect },
} as const satisfies Prisma.AssignmentSelect;

export type ListedAssignment = Prisma.AssignmentGetPayload<{ select: typeof mineSelect }>;

/** A page of somebody's own assignment rows: following, then lost, then won; undone ones hidden (rule 5). */
export async function readMyPage(
  { tx }: Pick<Scope, 'tx'>,
  consultantId: number,
  { filter, page, size }: { filter: Prisma.AssignmentWhereInput; page: number; size: number },
): Promise<{ rows: ListedAssignment[]; total: number; following: number }> {
  const where: Prisma.AssignmentWhereInput = { AND: [{ consultantId, state: { not: 'undone' } }, filter] };
  const groups = await tx.assignment.groupBy({ by: ['state'], where, _count: { _all: true } });
  const total = groups.reduce((sum, group) => sum + group._count._all, 0);
  const following = groups.find(({ state }) => state === 'following')?._count._all ?? 0;
  if (total === 0) return { rows: [], total, following };
  const rows = await tx.assignment.findMany({
    where,
    select: mineSelect,
    orderBy: [{ state: 'asc' }, { date: 'desc' }, { id: 'desc' }],
    skip: (page - 1) * size,
    take: size,
  });
  return { rows, total, following };
}

export function notFound() {
  return refuseKernel.not_found({ what: '位客户' });
}
