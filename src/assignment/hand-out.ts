import type { Scope } from '../kernel/scope.ts';
import { buildRota } from '../rota/build-rota.ts';
import { readAvailability, whyNotNow } from './availability.ts';
import { checkTurns, recordTurns } from './record-turns.ts';
import type { TakeTurns } from './take-turns.ts';

/** The rota for customers there are already, when a leaver's are handed over. */
export type HandOut = {
  /**
   * Takes a turn for each of `count` customers, past `exceptId`, and records them in this transaction; fewer where nobody
   * can take more. One call of a key in a transaction.
   */
  take(
    scope: Scope,
    options: { key: string; count: number; exceptId: number },
  ): Promise<{ turnId: string; consultantId: number }[]>;
  /** One cycle as it would be laid out now, of those who can take a turn. */
  proportion(scope: Pick<Scope, 'tx' | 'today'>, options: { exceptId: number }): Promise<number[]>;
};

/** Hands customers out by turns, in the same rota as new ones, so that it stays fair over both. */
export function createHandOut(takeTurns: TakeTurns): HandOut {
  return {
    take: async (scope, { key, count, exceptId }) => {
      if (count === 0) return [];
      const { turns, cycles } = await takeTurns.hold(scope, key, count, { [exceptId]: 'handingOver' });
      if (!(await checkTurns(scope, turns))) return takeTurns.holdOthers(scope, key);
      if (!(await recordTurns(scope, turns, cycles))) return takeTurns.holdOthers(scope, key);
      scope.afterCommit(() => {
        for (const turn of turns) turn.fate = 'used';
      });
      return turns.map(({ turnId, consultantId }) => ({ turnId, consultantId }));
    },
    proportion: async ({ tx, today }, { exceptId }) => {
      const availability = await readAvailability(tx, today);
      const canTake = (id: number) => id !== exceptId && whyNotNow(availability, id) === null;
      return buildRota(availability.ranks.filter(({ consultantId }) => canTake(consultantId)));
    },
  };
}
