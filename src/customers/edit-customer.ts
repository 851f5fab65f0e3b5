import { Prisma } from '../generated/prisma/client.ts';
import { invalidFields, type Refusal } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { readReferences } from './enter-customer.ts';
import { findKnown, type KnownCustomer } from './known-customer.ts';
import { refuse, sayAside } from './phrases.ts';
import { findHeld, type Held, notFound } from './queries.ts';
import { type EditCustomer, joinMemo, NEEDS_CONTACT } from './schema.ts';
import { tellHolder } from './tell-holder.ts';

/**
 * Changes what a customer's file says: their own, or one within a wider scope; what is left out stays. Holder, status
 * and dates are no editable fields. Pool customers are edited by those who see them unmasked everywhere.
 * @throws Refusal `in_pool`, `not_found`, `duplicate` where a contact is another customer's, `invalid_fields`
 */
export async function editCustomer(
  scope: Scope,
  customerId: number,
  changes: EditCustomer,
): Promise<{ message?: string }> {
  const { tx, now } = scope;
  const held = await findHeld(scope, customerId, 'customers.edit', '修改');
  const { courseIds, referralId, aside = [], ...fields } = changes;
  await readReferences(scope, { courseIds, referralId });
  const memo = await keepReachable(scope, customerId, changes);
  const data: Prisma.CustomerUncheckedUpdateInput = {
    ...onlyGiven(fields),
    ...(aside.length > 0 && { memo: joinMemo(fields.memo === undefined ? memo : fields.memo, aside) }),
    ...(referralId !== undefined && { referralStudentId: referralId }),
    version: { increment: 1 },
    updatedAt: now,
  };
  try {
    await tx.customer.update({ where: { id: customerId }, data, select: { id: true } });
  } catch (error) {
    // Another customer got the same contact since we looked: the transaction is lost, so who holds it cannot be read.
    if (isDoubled(error)) throw refuse.duplicate({ text: '这个联系方式刚刚成了另一位客户的，核对一下再改' });
    throw error;
  }
  if (courseIds) await replaceCourses(scope, customerId, courseIds);
  await tellEdited(scope, held);
  return aside.length > 0 ? { message: `已保存，${sayAside(aside)}` } : {};
}

function isDoubled(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/** A customer keeps at least one contact, and none that is another's. Answers the memo as it is, where a contact is changed. */
async function keepReachable({ tx, actor }: Scope, customerId: number, changes: EditCustomer): Promise<string | null> {
  const { qq, phone, wechat } = changes;
  if (qq === undefined && phone === undefined && wechat === undefined) return null;
  const [now] = await tx.$queryRaw<Record<'qq' | 'phone' | 'wechat' | 'memo', string | null>[]>`
    SELECT qq, phone, wechat, memo FROM "Customer" WHERE id = ${customerId} FOR UPDATE`;
  if (!now) throw notFound();
  const after = { ...now, ...onlyGiven({ qq, phone, wechat }) };
  if (!after.qq && !after.phone && !after.wechat) throw invalidFields({ qq: NEEDS_CONTACT });
  const known = await findKnown(tx, [{ qq, phone, wechat }], customerId);
  if (known.length > 0) throw takenContact(known, actor.id);
  return now.memo;
}

function takenContact(known: readonly KnownCustomer[], readerId: number | null): Refusal {
  const holders = known.map(({ consultant }) =>
    !consultant ? '在公海里' : consultant.id === readerId ? '是你的' : `由${consultant.name}负责`,
  );
  return refuse.duplicate({
    text: `这个联系方式是另一位客户的，${[...new Set(holders)].join('，还有一位')}，核对一下再改`,
  });
}

async function replaceCourses({ tx }: Scope, customerId: number, courseIds: readonly number[]): Promise<void> {
  await tx.customerCourse.deleteMany({ where: { customerId, courseId: { notIn: [...courseIds] } } });
  await tx.$executeRaw`
    INSERT INTO "CustomerCourse" ("customerId", "courseId")
    SELECT ${customerId}, course FROM unnest(${[...courseIds]}::int[]) AS course ON CONFLICT DO NOTHING`;
}

/**
 * Takes one course off those a customer asked about; where it is gone already, nothing changes.
 * @throws Refusal `in_pool`, `not_found`
 */
export async function removeCourse(
  scope: Scope,
  { customerId, courseId }: { customerId: number; courseId: number },
): Promise<void> {
  const held = await findHeld(scope, customerId, 'customers.edit', '修改');
  const { count } = await scope.tx.customerCourse.deleteMany({ where: { customerId, courseId } });
  if (count === 0) return;
  await scope.tx.customer.update({
    where: { id: customerId },
    data: { version: { increment: 1 }, updatedAt: scope.now },
    select: { id: true },
  });
  await tellEdited(scope, held);
}

/**
 * Deletes a customer entered by mistake, with its history.
 * @throws Refusal `has_history` where there are payments or a student, `not_found`
 */
export async function removeCustomer(scope: Scope, customerId: number): Promise<void> {
  const { tx } = scope;
  const customer = await tx.customer.findUnique({
    where: { id: customerId },
    select: {
      name: true,
      consultantId: true,
      student: { select: { id: true } },
      _count: { select: { payments: true } },
    },
  });
  if (!customer) throw notFound();
  if (customer.student || customer._count.payments > 0) throw refuse.has_history({ name: customer.name });
  await tx.customer.delete({ where: { id: customerId }, select: { id: true } });
  const { name, consultantId: holderId } = customer;
  await tellHolder(scope, {
    customerId: null,
    customer: name,
    holderId,
    what: `删除了${name}`,
    once: `deleted:${customerId}`,
  });
}

async function tellEdited(scope: Scope, { id, name, consultantId }: Held): Promise<void> {
  await tellHolder(scope, {
    customerId: id,
    customer: name,
    holderId: consultantId,
    what: `改了${name}的资料`,
    once: `edited:${id}:${scope.now.toISOString()}`,
  });
}

function onlyGiven<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
