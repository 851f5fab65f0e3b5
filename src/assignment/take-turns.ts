import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Cycle, RotaStore, Turn } from '../rota/rota-store.ts';
import { asRequest, readAvailability, whyNotNow } from './availability.ts';
import { readHistory } from './history.ts';

/** Each round loses a race for somebody's last place below a cap, or meets a place that is used already. */
const MOST_ROUNDS = 50;
/** How many turns more than needed are taken at once to get past places used already; what is not needed goes back. */
const MOST_AHEAD = 1000;

/** A turn in hand, and what has become of it: only a `used` one is settled when all is over, the rest goes back. */
export type HeldTurn = Turn & { fate: 'held' | 'used' | 'refused' | 'placeTaken' };

/** Turns for the customers of one call, in rota order; fewer than asked for where nobody can take more. */
export type HeldTurns = {
  turns: HeldTurn[];
  cycles: Cycle[];
  /** Who could not be given one at the last take and why, by consultant id: for saying why nobody could. */
  away: Record<number, string | null>;
};

type Round = HeldTurns & { asked: number };

/** Takes turns for a use case before its transaction opens, and sees to it that none is lost whatever happens. */
export type TakeTurns = {
  /**
   * @param key names what they are for, the same whenever the transaction is repeated and different for each call in it
   * @param passOver who else cannot be given one, and why: a leaver whose customers are handed out
   */
  hold(scope: Scope, key: string, count: number, passOver?: Readonly<Record<number, string>>): Promise<HeldTurns>;
  /** Some of the held turns cannot be used (their `fate` says why): takes others and begins the transaction again. */
  holdOthers(scope: Scope, key: string): Promise<never>;
};

/** @param prisma the outer client: everything here runs with no transaction open */
export function createTakeTurns({ rota, prisma }: { rota: RotaStore; prisma: PrismaClient }): TakeTurns {
  async function take(
    scope: Scope,
    asked: number,
    earlier: readonly Round[],
    passOver: Readonly<Record<number, string>> = {},
  ): Promise<Round> {
    await release(earlier.flatMap(({ turns }) => turns).filter(({ fate }) => fate !== 'held'));
    const availability = await readAvailability(prisma, scope.today);
    Object.assign(availability.passOver, passOver);
    const taken = await rota.take({ ...asRequest(availability), count: asked, history: () => readHistory(prisma) });
    return {
      asked,
      turns: taken.turns.map((turn) => ({ ...turn, fate: 'held' })),
      cycles: taken.cycles,
      away: Object.fromEntries(availability.known.map((id) => [id, whyNotNow(availability, id)])),
    };
  }

  /** Ends turns in the rota: used places are over, all others come back to the front. */
  async function release(turns: readonly HeldTurn[]): Promise<void> {
    const isOver = ({ fate }: HeldTurn) => fate === 'used' || fate === 'placeTaken';
    await rota.settle(...turns.filter(isOver).map(({ turnId }) => turnId));
    const back = turns.filter((turn) => !isOver(turn)).map(({ turnId }) => turnId);
    if (back.length > 0) await rota.giveBack(...back);
  }

  return {
    hold: async (scope, key, count, passOver) => {
      const rounds: Round[] = [];
      for (let n = 0; n < MOST_ROUNDS; n += 1) {
        const turns = rounds.flatMap(({ turns }) => turns).filter(({ fate }) => fate === 'held');
        const last = rounds.at(-1);
        const nobodyElse = last !== undefined && last.turns.length < last.asked;
        if (turns.length >= count || nobodyElse)
          return {
            turns: turns.slice(0, count),
            cycles: rounds.flatMap(({ cycles }) => cycles),
            away: last?.away ?? {},
          };
        // A store behind the database (restored from an old copy) hands out used places: overtake it in growing steps.
        const used = rounds.flatMap(({ turns }) => turns).filter(({ fate }) => fate === 'placeTaken').length;
        const asked = count - turns.length + Math.min(used, MOST_AHEAD);
        const work = () => take(scope, asked, rounds, passOver);
        rounds.push(await scope.beforehand(`${key} turns ${n}`, work, (round) => release(round.turns)));
      }
      throw new Error('no turn could be kept in fifty rounds; is a cap changing all the time?');
    },
    holdOthers: async (scope, key) => {
      for (let n = 0; ; n += 1) await scope.beforehand(`${key} again ${n}`, async () => undefined);
    },
  };
}
