import type { Scope, Tx } from '../kernel/scope.ts';
import { readAvailability, whyNotNow } from './availability.ts';
import type { HeldTurn, HeldTurns } from './take-turns.ts';

/**
 * Checks the held turns against caps, leave and accounts once more, at the commit's own view: of several who had the
 * same last place below a cap in hand, the first gets it. Locks the ranks of those concerned, in one order for all. False
 * where some are refused.
 */
export async function checkTurns({ tx, today }: Scope, turns: readonly HeldTurn[]): Promise<boolean> {
  const ids = [...new Set(turns.map(({ consultantId }) => consultantId))];
  if (ids.length === 0) return true;
  // The counts are read in a statement of their own: one that waited for a lock would still see what was before it.
  await tx.$queryRaw`
    SELECT id FROM "SalesRank" WHERE "consultantId" = ANY(${ids}) AND num_nonnulls("followingCap", "dailyCap") > 0
    ORDER BY "consultantId" FOR NO KEY UPDATE`;
  const availability = await readAvailability(tx, today);
  let allFit = true;
  for (const turn of turns) {
    if (whyNotNow(availability, turn.consultantId) === null) {
      const cap = availability.room[turn.consultantId];
      if (cap) cap.left -= 1;
      continue;
    }
    turn.fate = 'refused';
    allFit = false;
  }
  return allFit;
}

/**
 * Writes the turns and the cycles they stand in, once each. False where a place is used already (Redis had lost its
 * memory, or a turn believed lost was committed after all): those turns are over and others have to be taken.
 */
export async function recordTurns(
  { tx, now }: Pick<Scope, 'tx' | 'now'>,
  turns: readonly HeldTurn[],
  cycles: HeldTurns['cycles'],
): Promise<boolean> {
  if (turns.length === 0) return true;
  await insertCycles(tx, now, cycles);
  const rows = turns.map(({ turnId, cycle, position, consultantId, passedOver }) => ({
    id: turnId,
    cycle,
    position,
    consultantId,
    takenAt: now,
    passedOver,
  }));
  const recorded = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO "Turn" (id, cycle, position, "consultantId", "takenAt", "passedOver")
    SELECT r.id, r.cycle, r.position, r."consultantId", r."takenAt", r."passedOver"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      id text, cycle int, position int, "consultantId" int, "takenAt" timestamptz, "passedOver" jsonb)
    ON CONFLICT DO NOTHING RETURNING id`;
  if (recorded.length === turns.length) return true;
  const ids = new Set(recorded.map(({ id }) => id));
  for (const turn of turns) if (!ids.has(turn.turnId)) turn.fate = 'placeTaken';
  return false;
}

async function insertCycles(tx: Tx, now: Date, cycles: HeldTurns['cycles']): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "RotaCycle" (cycle, original, lapsed, "openedAt")
    SELECT r.cycle, r.original, r.lapsed, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(cycles)}::jsonb) AS r(cycle int, original jsonb, lapsed jsonb)
    ORDER BY r.cycle ON CONFLICT DO NOTHING`;
}
