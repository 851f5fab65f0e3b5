import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Rank } from '../../src/rota/build-rota.ts';
import { createInProcessRota } from '../../src/rota/in-process-rota.ts';
import { openRedisSpace, type RedisSpace, redisUrl } from '../shared-state/redis-state.ts';
import { playRota, someRanks, someSteps } from './rota-play.ts';

const ranks: Rank[] = [
  { consultantId: 1, weight: 9, slots: 2 },
  { consultantId: 2, weight: 5, slots: 4 },
  { consultantId: 3, weight: 1, slots: 1 },
];
const history = async () => ({ cycles: [], turns: [] });

describe.skipIf(!redisUrl)('rota in Redis (needs TEST_REDIS_URL)', () => {
  let space: RedisSpace;
  beforeAll(() => {
    space = openRedisSpace();
  });
  beforeEach(() => space.empty());
  afterAll(() => space.close());

  it('any sequence of steps: agrees with the rota in the process after each of them', async () => {
    let lastId = 0;
    const client = space.connect(() => `turn ${++lastId}`);
    await fc.assert(
      fc.asyncProperty(someRanks, someSteps, async (ranks, steps) => {
        lastId = 0;
        const inRedis = async () => {
          await space.empty();
          return client.rota;
        };
        const fromRedis = await playRota(inRedis, ranks, steps);
        lastId = 0;
        const inProcess = async () => createInProcessRota({ wallNow: () => 0, newTurnId: () => `turn ${++lastId}` });
        expect(fromRedis).toEqual(await playRota(inProcess, ranks, steps));
      }),
      { numRuns: 60 },
    );
  });

  it('fifty takes at once from five nodes, Redis empty before: the first fifty places, each once', async () => {
    const nodes = Array.from({ length: 5 }, () => space.connect().rota);
    const takes = Array.from({ length: 50 }, (_, i) => nodes[i % 5]!.take({ ranks, history }));
    const turns = (await Promise.all(takes)).flatMap(({ turns }) => turns);
    const places = turns.map(({ cycle, position }) => (cycle - 1) * 7 + position);
    expect(places.sort((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('takes, failures and marks at once from five nodes: no place is out twice, none is missing', async () => {
    const nodes = Array.from({ length: 5 }, () => space.connect().rota);
    const committed: string[] = [];
    async function work(rota: (typeof nodes)[number], i: number) {
      const { turns } = await rota.take({ ranks, history, count: (i % 3) + 1 });
      if (i % 7 === 0) await rota.markReset();
      if (i % 2 === 0) return rota.giveBack(...turns.map(({ turnId }) => turnId));
      committed.push(...turns.map(({ cycle, position }) => `${cycle}.${position}`));
      await rota.settle(...turns.map(({ turnId }) => turnId));
    }
    await Promise.all(Array.from({ length: 100 }, (_, i) => work(nodes[i % 5]!, i)));
    const { cycle, working } = (await nodes[0]!.peek())!;
    const all = [...committed, ...working.map(({ cycle, position }) => `${cycle}.${position}`)];
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(cycle * 7);
    expect(await nodes[0]!.outstanding(0)).toEqual([]);
  });

  it('the same script sent again after a lost connection: the turn already taken is answered', async () => {
    const { rota } = space.connect(() => 'the same id');
    const first = await rota.take({ ranks, history });
    expect(await rota.take({ ranks, history })).toEqual(first);
    expect((await rota.peek())!.working).toHaveLength(6);
  });
});
