import type { Scope } from '../kernel/scope.ts';
import type { ClaimKept } from './claim-customer.ts';
import { refuse } from './phrases.ts';

/**
 * Takes a claim back: the customer returns to its old place in the pool, dates and last loser as before, and the row
 * becomes `undone`. That does not count as losing (rule 3).
 * @throws Refusal `changed_since` where something later touched the customer
 */
export async function undoClaim({ tx, now, today }: Scope, kept: ClaimKept): Promise<{ name: string }> {
  const [restored] = await tx.$queryRaw<{ name: string }[]>`
    WITH back AS (
      UPDATE "Customer"
      SET "consultantId" = NULL, "receivedOn" = ${kept.receivedOn}::date, "lastContactedOn" = ${kept.lastContactedOn}::date,
        "nextContactOn" = ${kept.nextContactOn}::date, "pooledAt" = ${kept.pooledAt}::timestamptz,
        "poolReason" = ${kept.poolReason}::"PoolReason", "lastConsultantId" = ${kept.lastConsultantId}::int,
        version = version - 1, "updatedAt" = ${now}
      WHERE id = ${kept.customerId} AND version = ${kept.version} AND status = 'notEnrolled'
      RETURNING id, name
    ), undone AS (
      UPDATE "Assignment" SET state = 'undone', "endedOn" = ${today}::date, "updatedAt" = ${now}
      WHERE id = ${kept.assignmentId} AND state = 'following' AND EXISTS (SELECT 1 FROM back)
    )
    SELECT name FROM back`;
  if (!restored) throw refuse.changed_since({ name: await nameOf(tx, kept.customerId) });
  return restored;
}

/** The customer's name for a sentence; null where it is gone. */
export async function nameOf(tx: Scope['tx'], id: number): Promise<string | null> {
  const customer = await tx.customer.findUnique({ where: { id }, select: { name: true } });
  return customer?.name ?? null;
}
