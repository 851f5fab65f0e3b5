import { beforeEach, expect, it } from 'vitest';
import { returnOrphans } from '../../src/assignment/return-orphans.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { useDatabase } from '../setup/database.ts';
import { buildRanked, emptySchool, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

async function setUp() {
  const [a, b] = await buildRanked(database(), [
    { name: 'A', slots: 2 },
    { name: 'B', slots: 2 },
  ]);
  const clock = { now: 0 };
  const node = openNode(database(), { wallNow: () => clock.now });
  const run = () => node.inTransaction(systemActor, 'job', (scope) => returnOrphans(scope, node.rota));
  return { a: a!, b: b!, clock, node, run };
}

it('turns taken by a process that is gone: the committed one ends, the other comes back to the front', async () => {
  const { a, node, clock, run } = await setUp();
  const take = () =>
    node.rota.take({
      ranks: [
        { consultantId: a.id, weight: 100, slots: 2 },
        { consultantId: a.id + 1, weight: 99, slots: 2 },
      ],
      history: async () => ({ cycles: [], turns: [] }),
    });
  const committed = (await take()).turns[0]!;
  await take();
  await database().prisma.turn.create({
    data: {
      id: committed.turnId,
      cycle: 1,
      position: 0,
      consultantId: a.id,
      takenAt: new Date('2026-11-21T06:30:00Z'),
    },
  });
  clock.now = 29_999;
  expect(await run()).toBe(0);
  clock.now = 30_000;
  expect(await run()).toBe(2);
  expect((await node.rota.peek())?.working.map(({ position }) => position)).toEqual([1, 2, 3]);
  expect(await run()).toBe(0);
});

it('the reset mark was lost on the way: it is set again', async () => {
  const { b, node, run } = await setUp();
  await node.enter(systemActor);
  await run();
  expect((await node.rota.peek())?.resetMarked).toBe(false);
  await database().prisma.salesRank.delete({ where: { consultantId: b.id } });
  await run();
  expect((await node.rota.peek())?.resetMarked).toBe(true);
});
