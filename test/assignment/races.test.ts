import { beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { postgresOnly, redisOnly } from '../setup/services.ts';
import { openRedisSpace } from '../shared-state/redis-state.ts';
import { buildEntry, buildPerson, buildRanked, emptySchool, holders, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

const counts = (names: readonly (string | null)[]) => {
  const tally = new Map<string, number>();
  for (const name of names) tally.set(name ?? '公海', (tally.get(name ?? '公海') ?? 0) + 1);
  return Object.fromEntries(tally);
};

it('twelve entered at once for three places below a cap: exactly three go there, the others to the rest', async () => {
  await buildRanked(database(), [
    { name: 'A', slots: 9, followingCap: 3 },
    { name: 'B', slots: 1 },
  ]);
  const admin = await buildPerson(database(), '管理员', 'admin');
  const node = openNode(database());
  await Promise.all(Array.from({ length: 12 }, () => node.enter(admin.actor)));
  expect(counts(await holders(database()))).toEqual({ A: 3, B: 9 });
  expect(await node.rota.outstanding(0)).toEqual([]);
});

it('one customer entered by six at once: one gets in, the others hear who has it, and the turns are not lost', async () => {
  await buildRanked(database(), [
    { name: 'A', slots: 1 },
    { name: 'B', slots: 1 },
  ]);
  const admin = await buildPerson(database(), '管理员', 'admin');
  const node = openNode(database());
  const entry = buildEntry();
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => node.enter(admin.actor, entry)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'duplicate' });
  for (let n = 0; n < 3; n += 1) await node.enter(admin.actor);
  expect(counts(await holders(database()))).toEqual({ A: 2, B: 2 });
  expect(await node.rota.outstanding(0)).toEqual([]);
});

postgresOnly('two nodes on one PostgreSQL', () => {
  redisOnly('and one Redis', () => {
    it('fifty-six are entered at both at once: every place of eight cycles once, all as the ranks say', async () => {
      await buildRanked(database(), [
        { name: 'A', weight: 9, slots: 2 },
        { name: 'B', weight: 5, slots: 4 },
        { name: 'C', weight: 1, slots: 1 },
      ]);
      const admin = await buildPerson(database(), '管理员', 'admin');
      const space = openRedisSpace();
      const other = await openDatabase({ databaseUrl: database().databaseUrl ?? '', log: quietLog });
      try {
        const nodes = [
          openNode(database(), { rota: space.connect().rota }),
          openNode(other, { rota: space.connect().rota }),
        ];
        await Promise.all(Array.from({ length: 56 }, (_, n) => nodes[n % 2]!.enter(admin.actor)));
        const turns = await database().prisma.turn.findMany();
        expect(new Set(turns.map(({ cycle, position }) => `${cycle}.${position}`)).size).toBe(56);
        expect(counts(await holders(database()))).toEqual({ A: 16, B: 32, C: 8 });
        expect(await nodes[0]!.rota.outstanding(0)).toEqual([]);

        await space.empty();
        await Promise.all(Array.from({ length: 14 }, (_, n) => nodes[n % 2]!.enter(admin.actor)));
        expect(counts(await holders(database()))).toEqual({ A: 20, B: 40, C: 10 });
      } finally {
        await other.close();
        await space.close();
      }
    });

    it('a cap of two and twenty at once at both: never more than two', async () => {
      await buildRanked(database(), [
        { name: 'A', slots: 5, dailyCap: 2 },
        { name: 'B', slots: 5, followingCap: 4 },
      ]);
      const admin = await buildPerson(database(), '管理员', 'admin');
      const space = openRedisSpace();
      const other = await openDatabase({ databaseUrl: database().databaseUrl ?? '', log: quietLog });
      try {
        const nodes = [
          openNode(database(), { rota: space.connect().rota }),
          openNode(other, { rota: space.connect().rota }),
        ];
        await Promise.all(Array.from({ length: 20 }, (_, n) => nodes[n % 2]!.enter(admin.actor)));
        expect(counts(await holders(database()))).toEqual({ A: 2, B: 4, 公海: 14 });
        expect(await nodes[0]!.rota.outstanding(0)).toEqual([]);
      } finally {
        await other.close();
        await space.close();
      }
    });
  });
});
