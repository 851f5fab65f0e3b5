import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { dropped, poolSubject } from './notices.ts';
import { refuse } from './phrases.ts';
import { findHeld } from './queries.ts';
import { type Touched, tellHolder, untellHolder } from './tell-holder.ts';
import { nameOf } from './undo-claim.ts';

type Released = {
  customerId: number;
  version: number;
  assignmentId: number | null;
  consultantId: number;
  nextContactOn: SchoolDay | null;
  lastConsultantId: number | null;
  /** The row's memo before the reason was added. */
  memo: string | null;
};

/** What taking a release back needs. */
export type ReleaseKept = Released;

export type ReleaseOutcome = {
  customerId: number;
  name: string;
  reason: string;
  holder: { id: number; name: string };
  kept: ReleaseKept;
};

/**
 * Gives a customer back to the pool for a reason, which the history row keeps (rule 7). It counts as losing it (rule 3).
 * Own customers, or those of a wider scope.
 * @throws Refusal `in_pool`, `already_enrolled`, `not_found`, `changed_meanwhile`
 */
export async function releaseCustomer(
  scope: Scope,
  { customerId, reason }: { customerId: number; reason: string },
): Promise<ReleaseOutcome> {
  const { tx, now, today } = scope;
  const held = await findHeld(scope, customerId, 'customers.release', '释放');
  if (held.enrolled) throw refuse.already_enrolled({ name: held.name, what: '释放' });
  const [kept] = await tx.$queryRaw<Released[]>`
    WITH held AS (
      SELECT id, "consultantId", "nextContactOn", "lastConsultantId" FROM "Customer"
      WHERE id = ${customerId} AND "consultantId" = ${held.consultantId} AND status = 'notEnrolled'
      FOR UPDATE
    ), pooled AS (
      UPDATE "Customer" c
      SET "consultantId" = NULL, "pooledAt" = ${now}, "poolReason" = 'released', "lastConsultantId" = held."consultantId",
        "nextContactOn" = NULL, version = c.version + 1, "updatedAt" = ${now}
      FROM held WHERE c.id = held.id
      RETURNING c.id, c.version
    ), before AS (
      SELECT a.id, a.memo FROM "Assignment" a JOIN held ON a."customerId" = held.id WHERE a.state = 'following'
    ), ended AS (
      UPDATE "Assignment" a
      SET state = 'released', memo = concat_ws('；', nullif(a.memo, ''), ${reason}::text), "endedOn" = ${today}::date, "updatedAt" = ${now}
      FROM before WHERE a.id = before.id
    )
    SELECT held.id AS "customerId", pooled.version, before.id AS "assignmentId", held."consultantId",
      held."nextContactOn"::text, held."lastConsultantId", before.memo
    FROM held JOIN pooled ON pooled.id = held.id LEFT JOIN before ON true`;
  if (!kept) throw refuse.changed_meanwhile({ name: held.name });
  await tellHolder(scope, touched(held.name, kept), (holderId, once) =>
    dropped.to(
      holderId,
      { customer: held.name, reason: `${scope.actor.name}释放：${reason}`, count: 1 },
      { once, about: poolSubject.of(customerId) },
    ),
  );
  return { customerId, name: held.name, reason, holder: { id: held.consultantId, name: held.consultantName }, kept };
}

function touched(customer: string, { customerId, version, consultantId }: Released): Touched {
  const what = `把${customer}放回了公海`;
  return { customerId, customer, holderId: consultantId, what, once: `released:${customerId}:${version}` };
}

/**
 * Takes a release back, as if it had never been: the customer returns to the holder and the row goes on.
 * @throws Refusal `changed_since` where somebody claimed it, or anything else touched it
 */
export async function undoRelease(scope: Scope, kept: ReleaseKept): Promise<{ name: string; holderId: number }> {
  const { tx, now } = scope;
  const [restored] = await tx.$queryRaw<{ name: string }[]>`
    WITH back AS (
      UPDATE "Customer"
      SET "consultantId" = ${kept.consultantId}, "pooledAt" = NULL, "poolReason" = NULL,
        "nextContactOn" = ${kept.nextContactOn}::date, "lastConsultantId" = ${kept.lastConsultantId}::int,
        version = version - 1, "updatedAt" = ${now}
      WHERE id = ${kept.customerId} AND version = ${kept.version} AND "consultantId" IS NULL
      RETURNING name
    ), going AS (
      UPDATE "Assignment" SET state = 'following', memo = ${kept.memo}, "endedOn" = NULL, "updatedAt" = ${now}
      WHERE id = ${kept.assignmentId}::int AND state = 'released' AND EXISTS (SELECT 1 FROM back)
    )
    SELECT name FROM back`;
  if (!restored) throw refuse.changed_since({ name: await nameOf(tx, kept.customerId) });
  await untellHolder(scope, touched(restored.name, kept));
  return { ...restored, holderId: kept.consultantId };
}
