import { randomUUID } from 'node:crypto';
import { buildRota } from './build-rota.ts';
import type { scripts } from './redis-scripts.ts';
import { comesBefore } from './rota.ts';
import { restoreRota } from './rota-restore.ts';
import type { RotaStore, Taken, Turn, WaitingTurn } from './rota-store.ts';

/** What the rota needs of the Redis client. */
export type RotaRedis = {
  run(script: keyof typeof scripts, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  hdel(key: string, ...fields: string[]): Promise<unknown>;
};

// One hash tag, so that a cluster keeps the rota's keys together.
const working = '{rota}:working';
const original = '{rota}:original';
const cycle = '{rota}:cycle';
const reset = '{rota}:reset';
const out = '{rota}:out';
const all = [working, original, cycle, reset, out];

/** The rota held in Redis, each operation one script; ages are told by Redis's own clock, the same for all nodes. */
export function createRedisRota(redis: RotaRedis, newTurnId: () => string = randomUUID): RotaStore {
  const restore: RotaStore['restore'] = async (ranks, history) => {
    const rota = restoreRota(ranks, history);
    const done = await redis.run('rotaRestore', all, [
      JSON.stringify(rota.working.map(writeWaiting)),
      JSON.stringify(rota.original.map(String)),
      rota.cycle,
      JSON.stringify(rota.lapsed),
      rota.resetMarked ? 1 : 0,
    ]);
    return done === 1;
  };

  return {
    async take({ count = 1, ranks, passOver = {}, room = {}, known, history }) {
      if (count < 1) return { turns: [], cycles: [] };
      // The ids are made here, so that a script sent again after a lost connection finds its own turns.
      const turnIds = Array.from({ length: count }, newTurnId);
      const args = [passOver, room, buildRota(ranks), known ?? null, turnIds].map((part) => JSON.stringify(part));
      const answer = await redis.run('rotaTake', all, args);
      if (typeof answer === 'string') return JSON.parse(answer) as Taken;
      await restore(ranks, await history());
      return JSON.parse(String(await redis.run('rotaTake', all, args))) as Taken;
    },
    async giveBack(...turnIds) {
      await redis.run('rotaGiveBack', [working, out], turnIds);
    },
    async settle(...turnIds) {
      if (turnIds.length > 0) await redis.hdel(out, ...turnIds);
    },
    async outstanding(olderThanMs) {
      const turns = (await redis.run('rotaOutstanding', [out], [olderThanMs])) as string[];
      return turns.map((json) => JSON.parse(json) as Turn).sort((a, b) => (comesBefore(a, b) ? -1 : 1));
    },
    async markReset() {
      await redis.set(reset, '1');
    },
    async peek() {
      const answer = (await redis.run('rotaPeek', [working, original, cycle, reset], [])) as
        | [string[], string[], string, number]
        | null;
      if (!answer) return null;
      const [waiting, consultants, number, marked] = answer;
      return {
        cycle: Number(number),
        working: waiting.map(readWaiting),
        original: consultants.map(Number),
        resetMarked: marked === 1,
      };
    },
    restore,
  };
}

function writeWaiting({ returned, cycle, position, consultantId }: WaitingTurn): string {
  return [returned ? 1 : 0, cycle, position, consultantId].join('|');
}

function readWaiting(item: string): WaitingTurn {
  const [returned = 0, cycle = 0, position = 0, consultantId = 0] = item.split('|').map(Number);
  return { cycle, position, consultantId, returned: returned === 1 };
}
