import type { Scope, Tx } from '../kernel/scope.ts';
import { buildRota } from '../rota/build-rota.ts';
import type { RotaStore } from '../rota/rota-store.ts';
import { readAvailability } from './availability.ts';

/** Longer than any transaction lasts. */
const UNFINISHED_MS = 30_000;

/**
 * Ends turns that some process took and never finished: those with a row were committed, the rest come back to the front.
 * Sets the reset mark too where it was lost on the way (a process died between its commit and the mark). Returns how many
 * turns were ended.
 * @param unfinishedMs how long ago a turn was taken to count as left behind
 */
export async function returnOrphans(scope: Scope, rota: RotaStore, unfinishedMs = UNFINISHED_MS): Promise<number> {
  const { turns, picture } = await scope.beforehand('unfinished turns', async () => ({
    turns: await rota.outstanding(unfinishedMs),
    picture: await rota.peek(),
  }));
  if (picture && !picture.resetMarked && (await wouldChange(scope, picture.original)))
    scope.afterCommit(() => rota.markReset());
  if (turns.length === 0) return 0;

  const ids = turns.map(({ turnId }) => turnId);
  const committed = await committedAmong(scope.tx, ids);
  scope.afterCommit(async () => {
    await rota.settle(...ids.filter((id) => committed.has(id)));
    await rota.giveBack(...ids.filter((id) => !committed.has(id)));
  });
  return ids.length;
}

async function wouldChange({ tx, today }: Scope, original: readonly number[]): Promise<boolean> {
  const { ranks } = await readAvailability(tx, today);
  return buildRota(ranks).join() !== original.join();
}

async function committedAmong(tx: Tx, ids: string[]): Promise<Set<string>> {
  const rows = await tx.turn.findMany({ where: { id: { in: ids } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}
