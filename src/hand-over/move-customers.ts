import type { Scope } from '../kernel/scope.ts';

/** To whom a customer goes, by which turn of the rota where by one. */
export type Placement = { customerId: number; consultantId: number; turnId: string | null };

export type Moved = { customerId: number; name: string; consultantId: number; enrolled: boolean; version: number };

/**
 * Moves many customers out of one consultant's hand in one statement; whoever is in another's by now stays there. The old
 * rows end `transferred` with the reason, the new ones begin today; enrolled customers keep their history as it is.
 */
export async function moveCustomers(
  { tx, now, today }: Scope,
  { fromId, reason, placements }: { fromId: number; reason: string; placements: readonly Placement[] },
): Promise<{ moved: number; rows: Moved[] }> {
  if (placements.length === 0) return { moved: 0, rows: [] };
  const rows = await tx.$queryRaw<Moved[]>`
    WITH placed AS (
      SELECT r."customerId", r."consultantId", r."turnId" FROM jsonb_to_recordset(${JSON.stringify(placements)}::jsonb)
        AS r("customerId" int, "consultantId" int, "turnId" text)
    ), given AS (
      UPDATE "Customer" c
      SET "consultantId" = placed."consultantId", "receivedOn" = ${today}::date, "lastContactedOn" = ${today}::date,
        version = c.version + 1, "updatedAt" = ${now}
      FROM placed WHERE c.id = placed."customerId" AND c."consultantId" = ${fromId}
      RETURNING c.id, c.name, c."consultantId", c.status, c.version, placed."turnId"
    ), ended AS (
      UPDATE "Assignment" a
      SET state = 'transferred', memo = concat_ws('；', nullif(a.memo, ''), ${reason}::text), "endedOn" = ${today}::date,
        "updatedAt" = ${now}
      FROM given WHERE a."customerId" = given.id AND a.state = 'following'
      RETURNING a.id
    ), following AS (
      -- The count orders the two: the old row must be ended when the new one comes, for only one may be following.
      INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "turnId", "createdAt", "updatedAt")
      SELECT given.id, given."consultantId", ${today}::date, 'following', 'transferred', given."turnId", ${now}, ${now}
      FROM given, (SELECT count(*) FROM ended) AS first WHERE given.status = 'notEnrolled' ORDER BY given.id
    )
    SELECT id AS "customerId", name, "consultantId", status = 'enrolled' AS enrolled, version FROM given ORDER BY id`;
  return { moved: rows.length, rows };
}
