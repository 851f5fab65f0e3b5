import { invalidFields } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { SOURCES } from './choices.ts';
import { holders } from './holders.ts';
import { claimed, customerSubject, transferred } from './notices.ts';
import { refuse } from './phrases.ts';
import { notFound } from './queries.ts';
import { type Touched, tellHolder, untellHolder } from './tell-holder.ts';
import { nameOf } from './undo-claim.ts';
import { visibleCustomers } from './visibility.ts';

type Transferred = {
  customerId: number;
  version: number;
  /** The new holder's row; null for an enrolled customer, whose history stays as it is. */
  assignmentId: number | null;
  endedId: number | null;
  endedMemo: string | null;
  consultantId: number | null;
  receivedOn: SchoolDay;
  lastContactedOn: SchoolDay;
  nextContactOn: SchoolDay | null;
  pooledAt: Date | null;
  poolReason: string | null;
};

/** What taking a transfer back needs. */
export type TransferKept = Omit<Transferred, 'pooledAt'> & { pooledAt: string | null };

export type TransferOutcome = { customerId: number; name: string; from: string; to: string; kept: TransferKept };

/**
 * Gives a customer to another consultant, out of somebody's hand or out of the pool (rule 7): received and contacted
 * today, the old row `transferred`, a new one `following`. That does not count as losing. An enrolled customer changes
 * hands without a new row: the deal stays with who made it.
 * @throws Refusal `not_found`, `not_a_consultant`, `already_theirs`, `changed_meanwhile`
 */
export async function transferCustomer(
  scope: Scope,
  { customerId, consultantId, reason }: { customerId: number; consultantId: number; reason?: string | undefined },
): Promise<TransferOutcome> {
  const { tx, actor, today } = scope;
  const customer = await tx.customer.findFirst({
    where: { id: customerId, ...visibleCustomers(actor, 'customers.transfer') },
    select: {
      name: true,
      source: true,
      consultant: { select: { id: true, name: true } },
      courses: { select: { course: { select: { name: true } } }, orderBy: { id: 'asc' } },
    },
  });
  if (!customer) throw notFound();
  const receiver = await tx.person.findUnique({
    where: { id: consultantId },
    select: { name: true },
  });
  if (!receiver) throw invalidFields({ consultantId: '没有这个人，重新选一下' });
  const mayHold = await tx.person.count({ where: { id: consultantId, ...holders } });
  if (mayHold === 0) throw refuse.not_a_consultant({ name: receiver.name });
  const { name, consultant } = customer;
  if (consultant?.id === consultantId) throw refuse.already_theirs({ name, holder: receiver.name });

  const moved = await transfer(scope, {
    customerId,
    from: consultant?.id ?? null,
    to: consultantId,
    reason: reason ?? null,
  });
  if (!moved) throw refuse.changed_meanwhile({ name });
  const from = consultant?.name ?? '公海';
  const { noContactDays } = await readSettings(tx);
  await tellHolder(scope, touched(name, moved), (holderId, once) =>
    claimed.to(holderId, { customer: name, by: receiver.name }, { once }),
  );
  const course = customer.courses.map((asked) => asked.course.name).join('、');
  const once = `transferred:${customerId}:${moved.assignmentId ?? `${today}:${moved.version}`}`;
  await scope.tell(
    transferred.to(
      consultantId,
      { customer: name, from, course, source: SOURCES[customer.source], noContactDays },
      { once, about: customerSubject.of(customerId) },
    ),
  );
  return {
    customerId,
    name,
    from,
    to: receiver.name,
    kept: { ...moved, pooledAt: moved.pooledAt?.toISOString() ?? null },
  };
}

function touched(customer: string, { customerId, version, consultantId }: TransferKept | Transferred): Touched {
  const what = `把${customer}转给了别的同事`;
  return { customerId, customer, holderId: consultantId, what, once: `transferredAway:${customerId}:${version}` };
}

type Move = { customerId: number; from: number | null; to: number; reason: string | null };

async function transfer(
  { tx, now, today }: Scope,
  { customerId, from, to, reason }: Move,
): Promise<Transferred | undefined> {
  const [moved] = await tx.$queryRaw<Transferred[]>`
    WITH held AS (
      SELECT id, "consultantId", "receivedOn", "lastContactedOn", "nextContactOn", "pooledAt", "poolReason", status
      FROM "Customer" WHERE id = ${customerId} AND "consultantId" IS NOT DISTINCT FROM ${from}::int
      FOR UPDATE
    ), given AS (
      UPDATE "Customer" c
      SET "consultantId" = ${to}, "receivedOn" = ${today}::date, "lastContactedOn" = ${today}::date, "pooledAt" = NULL,
        "poolReason" = NULL, version = c.version + 1, "updatedAt" = ${now}
      FROM held WHERE c.id = held.id
      RETURNING c.id, c.version
    ), before AS (
      SELECT a.id, a.memo FROM "Assignment" a JOIN held ON a."customerId" = held.id WHERE a.state = 'following'
    ), ended AS (
      UPDATE "Assignment" a
      SET state = 'transferred', memo = nullif(concat_ws('；', nullif(a.memo, ''), ${reason}::text), ''),
        "endedOn" = ${today}::date, "updatedAt" = ${now}
      FROM before WHERE a.id = before.id
      RETURNING a.id
    ), following AS (
      -- The count orders the two: the old row must be ended when the new one comes, for only one may be following.
      INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "createdAt", "updatedAt")
      SELECT held.id, ${to}, ${today}::date, 'following', 'transferred', ${now}, ${now}
      FROM held, (SELECT count(*) FROM ended) AS first WHERE held.status = 'notEnrolled'
      RETURNING id
    )
    SELECT held.id AS "customerId", given.version, following.id AS "assignmentId", before.id AS "endedId",
      before.memo AS "endedMemo", held."consultantId", held."receivedOn"::text, held."lastContactedOn"::text,
      held."nextContactOn"::text, held."pooledAt", held."poolReason"::text
    FROM held JOIN given ON given.id = held.id LEFT JOIN before ON true LEFT JOIN following ON true`;
  return moved;
}

/**
 * Takes a transfer back: the old holder's row goes on, the new one is `undone`.
 * @throws Refusal `changed_since` where something later touched the customer
 */
export async function undoTransfer(scope: Scope, kept: TransferKept): Promise<{ name: string }> {
  const { tx, now, today } = scope;
  const [restored] = await tx.$queryRaw<{ name: string }[]>`
    WITH back AS (
      UPDATE "Customer"
      SET "consultantId" = ${kept.consultantId}::int, "receivedOn" = ${kept.receivedOn}::date,
        "lastContactedOn" = ${kept.lastContactedOn}::date, "nextContactOn" = ${kept.nextContactOn}::date,
        "pooledAt" = ${kept.pooledAt}::timestamptz, "poolReason" = ${kept.poolReason}::"PoolReason",
        version = version - 1, "updatedAt" = ${now}
      WHERE id = ${kept.customerId} AND version = ${kept.version}
      RETURNING name
    ), undone AS (
      UPDATE "Assignment" SET state = 'undone', "endedOn" = ${today}::date, "updatedAt" = ${now}
      WHERE id = ${kept.assignmentId}::int AND state = 'following' AND EXISTS (SELECT 1 FROM back)
      RETURNING id
    ), going AS (
      UPDATE "Assignment" SET state = 'following', memo = ${kept.endedMemo}, "endedOn" = NULL, "updatedAt" = ${now}
      WHERE id = ${kept.endedId}::int AND state = 'transferred' AND EXISTS (SELECT 1 FROM back)
        AND (SELECT count(*) FROM undone) >= 0
    )
    SELECT name FROM back`;
  if (!restored) throw refuse.changed_since({ name: await nameOf(tx, kept.customerId) });
  await scope.tx.notification.deleteMany({
    where: { once: `transferred:${kept.customerId}:${kept.assignmentId}`, state: 'queued' },
  });
  await untellHolder(scope, touched(restored.name, kept));
  return restored;
}
