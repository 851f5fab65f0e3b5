import { visibleCustomers } from '../customers/index.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { refuse } from './phrases.ts';
import type { PaymentEdit, PaymentInput } from './schema.ts';

/**
 * Records a payment; today and by the customer's holder where nothing else is said. Enrolling is another matter.
 * @throws Refusal `no_such_customer`, `no_such_cohort`, `no_such_consultant`
 */
export async function recordPayment(scope: Scope, input: PaymentInput): Promise<{ id: number }> {
  const { tx, today, now, actor } = scope;
  const { customerId, date = today, consultantId, ...payment } = input;
  const customer = await tx.customer.findFirst({
    where: { id: customerId, ...visibleCustomers(actor, 'payments.add') },
    select: { consultantId: true },
  });
  if (!customer) throw refuse.no_such_customer();
  await demandParents(scope, input);
  return tx.payment.create({
    data: {
      ...payment,
      customerId,
      date: dayToDb(date),
      consultantId: consultantId ?? customer.consultantId,
      createdAt: now,
    },
    select: { id: true },
  });
}

/** Changes a payment; the audit keeps what it was. @throws Refusal as recordPayment, `not_found` */
export async function editPayment(scope: Scope, id: number, change: PaymentEdit): Promise<void> {
  await demandParents(scope, change);
  const { date, customerId, ...payment } = change;
  if (customerId !== undefined && (await scope.tx.customer.count({ where: { id: customerId } })) === 0)
    throw refuse.no_such_customer();
  const { count } = await scope.tx.payment.updateMany({
    where: { id },
    data: { ...payment, customerId, date: date === undefined ? undefined : dayToDb(date) },
  });
  if (count === 0) throw refuseAnybody.not_found({ what: '笔缴费' });
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
