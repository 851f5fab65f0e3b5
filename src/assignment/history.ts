import { z } from 'zod';
import type { Tx } from '../kernel/scope.ts';
import type { Cycle, RotaHistory } from '../rota/rota-store.ts';

/** A transaction may outlive a cycle where the school is small; two before the present one are enough for that. */
const CYCLES = 3;

const ConsultantIds = z.array(z.number().int());
const Places = z.array(
  z.object({ cycle: z.number(), position: z.number(), consultantId: z.number(), reason: z.string() }),
);

/** What a turn's row or a cycle's keeps of others, as it was written. */
export const readPlaces = (json: unknown) => Places.parse(json);

/** The last cycles and their committed turns: from these the rota goes on after a restart. */
export async function readHistory(db: Pick<Tx, 'rotaCycle' | 'turn'>): Promise<RotaHistory> {
  const rows = await db.rotaCycle.findMany({ orderBy: { cycle: 'desc' }, take: CYCLES });
  const cycles = rows.map(readCycle);
  const oldest = Math.min(...cycles.map(({ cycle }) => cycle));
  if (cycles.length === 0) return { cycles, turns: [] };
  const turns = await db.turn.findMany({ where: { cycle: { gte: oldest } } });
  return {
    cycles,
    turns: turns.map(({ cycle, position, passedOver }) => ({ cycle, position, passedOver: readPlaces(passedOver) })),
  };
}

/** A cycle's row as the rota knows it. */
export function readCycle(row: { cycle: number; original: unknown; lapsed: unknown }): Cycle {
  return { cycle: row.cycle, original: ConsultantIds.parse(row.original), lapsed: readPlaces(row.lapsed) };
}
