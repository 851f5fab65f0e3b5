import { visibleCustomers } from '../customers/index.ts';
import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { lockBalances, readDue, refuseShortfall } from './balances.ts';
import { directionOf } from './choices.ts';
import { refuse } from './phrases.ts';
import type { PaymentEdit, PaymentInput } from './schema.ts';

/** A payment as kept, and what the customer still owes for that cohort: null where nothing was agreed. */
export type Paid = { id: number; due: number | null };

/**
 * Records a payment; today and by the customer's holder where nothing else is said. Enrolling is another matter. A refund
 * never exceeds what was paid for that customer and cohort, however many are made at once.
 * @throws Refusal `no_such_customer`, `no_such_cohort`, `no_such_consultant`, `invalid_fields` (`paid`, `date`)
 */
export async function recordPayment(scope: Scope, input: PaymentInput): Promise<Paid> {
  const { tx, today, now, actor } = scope;
  const { customerId, date = today, consultantId, ...payment } = input;
  const customer = await tx.customer.findFirst({
    where: { id: customerId, ...visibleCustomers(actor, 'payments.add') },
    select: { consultantId: true },
  });
  if (!customer) throw refuse.no_such_customer();
  await demandParents(scope, input);
  refuseFuture(scope, date);
  const before = await lockBalances(tx, [customerId]);
  const { id } = await tx.payment.create({
    data: {
      ...payment,
      customerId,
      date: dayToDb(date),
      consultantId: consultantId ?? customer.consultantId,
      createdAt: now,
    },
    select: { id: true },
  });
  await refuseShortfall(tx, before);
  return { id, due: await readDue(tx, { customerId, cohortId: input.cohortId ?? null }) };
}

/**
 * Changes a payment; the audit keeps what it was. No change leaves more refunded than paid.
 * @throws Refusal as recordPayment, `not_found`
 */
export async function editPayment(scope: Scope, id: number, change: PaymentEdit): Promise<void> {
  const { tx } = scope;
  await demandParents(scope, change);
  const { date, customerId, ...payment } = change;
  if (customerId !== undefined && (await tx.customer.count({ where: { id: customerId } })) === 0)
    throw refuse.no_such_customer();
  if (date !== undefined) refuseFuture(scope, date);
  const was = await tx.payment.findUnique({ where: { id }, select: { customerId: true } });
  if (!was) throw refuseAnybody.not_found({ what: '笔缴费' });
  const before = await lockBalances(tx, [was.customerId, customerId ?? was.customerId]);
  const { count } = await tx.payment.updateMany({
    where: { id },
    data: { ...payment, customerId, date: date === undefined ? undefined : dayToDb(date) },
  });
  if (count === 0) throw refuseAnybody.not_found({ what: '笔缴费' });
  await refuseShortfall(tx, before);
}

/** Deletes a payment entered by mistake; not one that refunds were made of. @throws Refusal `invalid_fields` (`paid`) */
export async function removePayment({ tx }: Scope, id: number): Promise<void> {
  const was = await tx.payment.findUnique({ where: { id }, select: { customerId: true, kind: true } });
  if (!was) return;
  const before = await lockBalances(tx, [was.customerId]);
  await tx.payment.deleteMany({ where: { id } });
  if (directionOf(was.kind) > 0) await refuseShortfall(tx, before);
}

function refuseFuture({ today }: Scope, date: string): void {
  if (date > today) throw invalidFields({ date: '缴费日期不能在今天以后' });
}

async function demandParents(
  { tx }: Scope,
  { cohortId, consultantId }: { cohortId?: number | undefined; consultantId?: number | undefined },
): Promise<void> {
  if (cohortId !== undefined && (await tx.cohort.count({ where: { id: cohortId } })) === 0)
    throw refuse.no_such_cohort();
  if (
    consultantId !== undefined &&
    (await tx.person.count({ where: { id: consultantId, staff: { isNot: null } } })) === 0
  )
    throw refuse.no_such_consultant();
}
