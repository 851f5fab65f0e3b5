import { randomUUID } from 'node:crypto';
import { comesBefore, giveBackTurns, type Rota, takeTurns } from './rota.ts';
import { restoreRota } from './rota-restore.ts';
import type { RotaStore } from './rota-store.ts';

/** The rota held in the process. It starts empty and is laid out from the database at the first take. */
export function createInProcessRota(deps: { wallNow: () => number; newTurnId?: () => string }): RotaStore {
  const { wallNow, newTurnId = randomUUID } = deps;
  let rota: Rota | undefined;
  let markedBeforeRestore = false;

  const restore: RotaStore['restore'] = async (ranks, history) => {
    if (rota) return false;
    rota = restoreRota(ranks, history);
    rota.resetMarked ||= markedBeforeRestore;
    return true;
  };

  return {
    async take({ count = 1, history, ...request }) {
      if (!rota) await restore(request.ranks, await history());
      const turnIds = Array.from({ length: count }, newTurnId);
      const after = takeTurns(rota!, { ...request, turnIds, takenAtMs: wallNow() });
      rota = after.rota;
      return after.taken;
    },
    async giveBack(...turnIds) {
      if (rota) rota = giveBackTurns(rota, turnIds);
    },
    async settle(...turnIds) {
      if (!rota) return;
      const outstanding = new Map(rota.outstanding);
      for (const turnId of turnIds) outstanding.delete(turnId);
      rota = { ...rota, outstanding };
    },
    async outstanding(olderThanMs) {
      const takenBy = wallNow() - olderThanMs;
      return [...(rota?.outstanding.values() ?? [])]
        .filter(({ takenAtMs }) => takenAtMs <= takenBy)
        .sort((a, b) => (comesBefore(a, b) ? -1 : 1));
    },
    async markReset() {
      if (rota) rota = { ...rota, resetMarked: true };
      else markedBeforeRestore = true;
    },
    async peek() {
      if (!rota) return null;
      const { cycle, working, original, resetMarked } = rota;
      return { cycle, working: [...working], original: [...original], resetMarked };
    },
    restore,
  };
}
