import type { PaymentKind } from '../generated/prisma/client.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { Tx } from '../kernel/scope.ts';
import { directionOf, sayMoney } from './choices.ts';

/** What was paid less what was refunded, in fen: of each customer, all in all and by cohort (0 is without a cohort). */
export type Balances = ReadonlyMap<number, { all: number; byCohort: ReadonlyMap<number, number> }>;

type Counted = { customerId: number; cohortId: number | null; kind: PaymentKind; paid: { toNumber(): number } };

/**
 * Holds the customers until the transaction ends, so that payments of one customer happen one after the other, and
 * returns how their balances stand.
 */
export async function lockBalances(tx: Tx, customerIds: readonly number[]): Promise<Balances> {
  const ids = [...new Set(customerIds)].sort((a, b) => a - b);
  // Weaker than FOR UPDATE: following up or claiming the customer waits for nothing.
  await tx.$queryRaw`SELECT 1 FROM "Customer" WHERE id = ANY(${ids}::int[]) ORDER BY id FOR NO KEY UPDATE`;
  return readBalances(tx, ids);
}

async function readBalances(tx: Tx, customerIds: readonly number[]): Promise<Balances> {
  const payments: Counted[] = await tx.payment.findMany({
    where: { customerId: { in: [...customerIds] } },
    select: { customerId: true, cohortId: true, kind: true, paid: true },
  });
  return new Map(customerIds.map((id) => [id, balanceOf(payments.filter(({ customerId }) => customerId === id))]));
}

function balanceOf(payments: readonly Counted[]) {
  const byCohort = new Map<number, number>();
  let all = 0;
  for (const { cohortId, kind, paid } of payments) {
    const fen = directionOf(kind) * Math.round(paid.toNumber() * 100);
    all += fen;
    byCohort.set(cohortId ?? 0, (byCohort.get(cohortId ?? 0) ?? 0) + fen);
  }
  return { all, byCohort };
}

/**
 * Refuses a change after which more was refunded than paid, for a cohort or for the customer in all (a refund without a
 * cohort is of everything they paid). What was wrong before may be made better bit by bit.
 * @throws Refusal `invalid_fields` (`paid`) naming the most that can be refunded
 */
export async function refuseShortfall(tx: Tx, before: Balances): Promise<void> {
  const after = await readBalances(tx, [...before.keys()]);
  for (const [customerId, now] of after) {
    const was = before.get(customerId);
    refuseLess(was?.all ?? 0, now.all);
    for (const [cohortId, fen] of now.byCohort) if (cohortId !== 0) refuseLess(was?.byCohort.get(cohortId) ?? 0, fen);
  }
}

function refuseLess(was: number, now: number): void {
  if (now >= 0 || now >= was) return;
  const most = Math.max(0, was);
  throw invalidFields({
    paid: most > 0 ? `退得比交的多了，最多能退 ${sayMoney(most / 100)}` : '退得比交的多了，这里没有可以退的钱',
  });
}

type DuePayment = {
  kind: PaymentKind;
  cohortId: number | null;
  paid: { toNumber(): number };
  dealAmount: { toNumber(): number } | null;
};

/**
 * What is still due of a deal, in yuan: the last price agreed less what was paid and not refunded. Null where no price
 * was agreed, 0 after a withdrawal.
 * @param payments of one customer and cohort, the oldest first
 */
export function dueOf(payments: readonly DuePayment[]): number | null {
  const deal = payments.findLast(({ dealAmount }) => dealAmount !== null)?.dealAmount?.toNumber();
  if (deal === undefined) return null;
  if (payments.some(({ kind }) => kind === 'withdrawal')) return 0;
  const fen = payments.reduce((sum, { kind, paid }) => sum + directionOf(kind) * Math.round(paid.toNumber() * 100), 0);
  return Math.max(0, Math.round(deal * 100) - fen) / 100;
}

/** What a customer still owes for a cohort; null without one, or where nothing was agreed. */
export async function readDue(
  tx: Tx,
  { customerId, cohortId }: { customerId: number; cohortId: number | null },
): Promise<number | null> {
  if (cohortId === null) return null;
  return dueOf(
    await tx.payment.findMany({
      where: { customerId, cohortId },
      select: { kind: true, cohortId: true, paid: true, dealAmount: true },
      orderBy: [{ date: 'asc' }, { id: 'asc' }],
    }),
  );
}
