import { beforeEach, describe, expect, it } from 'vitest';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { useDatabase } from '../setup/database.ts';
import { buildEntry, buildPerson, buildRanked, emptySchool, holders, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

const abc = [
  { name: 'A', weight: 9, slots: 2 },
  { name: 'B', weight: 5, slots: 4 },
  { name: 'C', weight: 1, slots: 1 },
];

async function setUp(ranked = abc as Parameters<typeof buildRanked>[1]) {
  const people = await buildRanked(database(), ranked);
  const admin = await buildPerson(database(), '管理员', 'admin');
  return { people, admin: admin.actor, node: openNode(database()) };
}

const turns = () => database().prisma.turn.findMany({ orderBy: [{ cycle: 'asc' }, { position: 'asc' }] });
const notices = () => database().prisma.notification.findMany({ orderBy: { id: 'asc' } });
const waiting = async (node: ReturnType<typeof openNode>) =>
  ((await node.rota.peek())?.working ?? []).map(({ position }) => position);

describe('entering and assigning', () => {
  it('seven customers are entered: they go to A B C A B B B, each with a turn, a row and an alert', async () => {
    const { node, admin } = await setUp();
    for (let n = 0; n < 8; n += 1) await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'B', 'C', 'A', 'B', 'B', 'B', 'A']);
    const assignments = await database().prisma.assignment.findMany({ orderBy: { id: 'asc' } });
    expect(assignments.map(({ turnId }) => turnId).every(Boolean)).toBe(true);
    expect(assignments[0]).toMatchObject({ state: 'following', origin: 'assigned', date: dayToDb('2026-11-21') });
    expect((await turns()).map(({ cycle, position }) => [cycle, position])).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6].map((position) => [1, position]),
      [2, 0],
    ]);
    expect((await notices()).map(({ kind, personId }) => [kind, personId])).toEqual(
      assignments.map(({ consultantId }) => ['assigned', consultantId]),
    );
    expect(await node.rota.outstanding(0)).toEqual([]);
  });

  it('the customer, its courses and its alert say what was entered', async () => {
    const { node, admin, people } = await setUp();
    const course = await database().prisma.course.create({ data: { name: 'Python全栈' } });
    const { customerId } = await node.enter(
      admin,
      buildEntry({ name: '王小雨', source: 'baidu', courseIds: [course.id] }),
    );
    expect(
      await database().prisma.customer.findUnique({ where: { id: customerId }, include: { courses: true } }),
    ).toMatchObject({
      name: '王小雨',
      source: 'baidu',
      consultantId: people[0]?.id,
      enteredById: admin.id,
      receivedOn: dayToDb('2026-11-21'),
      lastContactedOn: dayToDb('2026-11-21'),
      poolReason: null,
      courses: [{ courseId: course.id }],
    });
    expect((await notices())[0]).toMatchObject({
      urgent: true,
      entity: 'customer',
      entityId: customerId,
      data: { customer: '王小雨', course: 'Python全栈', source: '百度推广', at: '11-21 14:30' },
    });
  });

  it('a consultant enters: the customer stays theirs, takes no turn and alerts nobody', async () => {
    const { node, people } = await setUp();
    const [, , c] = people;
    expect(await node.enter(c!.actor)).toMatchObject({ outcome: 'own', consultantId: c!.id });
    expect(await holders(database())).toEqual(['C']);
    expect(await database().prisma.assignment.findMany()).toMatchObject([{ origin: 'entered', turnId: null }]);
    expect([await turns(), await notices(), await node.rota.peek()]).toEqual([[], [], null]);
  });

  it('somebody known is entered: refused before a turn is taken, the holder is told and nobody else', async () => {
    const { node, admin, people } = await setUp();
    const input = buildEntry({ name: '王小雨' });
    await node.enter(admin, input);
    const before = await waiting(node);
    const again = node.enter(admin, { ...buildEntry(), qq: input.qq });
    await expect(again).rejects.toMatchObject({ code: 'duplicate', message: expect.stringContaining('A') });
    expect(await waiting(node)).toEqual(before);
    expect((await notices()).map(({ kind, personId }) => [kind, personId])).toEqual([
      ['assigned', people[0]?.id],
      ['duplicate', people[0]?.id],
    ]);
    expect(await turns()).toHaveLength(1);
  });

  it('somebody is on leave until today: passed over with the reason, and the turn waits', async () => {
    const { node, admin, people } = await setUp();
    const [a] = people;
    await database().prisma.staff.update({ where: { personId: a!.id }, data: { onLeaveUntil: dayToDb('2026-11-21') } });
    await node.enter(admin);
    await database().prisma.staff.update({ where: { personId: a!.id }, data: { onLeaveUntil: dayToDb('2026-11-20') } });
    await node.enter(admin);
    expect(await holders(database())).toEqual(['B', 'A']);
    expect((await turns())[1]).toMatchObject({
      position: 1,
      passedOver: [{ cycle: 1, position: 0, consultantId: a!.id, reason: 'onLeave:2026-11-21' }],
    });
  });

  it('only somebody inactive is left in the cycle: the turns lapse, recorded, and the next cycle is without them', async () => {
    const { node, admin, people } = await setUp([
      { name: 'A', slots: 1 },
      { name: 'B', slots: 2 },
    ]);
    const [, b] = people;
    await node.enter(admin);
    await database().prisma.person.update({ where: { id: b!.id }, data: { active: false } });
    await node.as(admin, async (scope) => node.assignment.markReset(scope));
    await node.enter(admin);
    await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'A', 'A']);
    const cycles = await database().prisma.rotaCycle.findMany({ orderBy: { cycle: 'asc' } });
    expect(cycles[1]).toMatchObject({
      original: [people[0]?.id],
      lapsed: [
        { position: 1, reason: 'inactive' },
        { position: 2, reason: 'inactive' },
      ],
    });
  });

  it('a daily cap is reached: passed over for today, and not tomorrow', async () => {
    const { node, admin } = await setUp([
      { name: 'A', slots: 3, dailyCap: 1 },
      { name: 'B', slots: 1 },
    ]);
    for (let n = 0; n < 3; n += 1) await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'B', 'B']);
    node.clock.moveTo('2026-11-22T06:30:00Z');
    await node.enter(admin);
    expect((await holders(database()))[3]).toBe('A');
  });

  it('a cap on those followed is reached: own entries count, and losing one makes room', async () => {
    const { node, admin, people } = await setUp([{ name: 'A', slots: 5, followingCap: 2 }]);
    await node.enter(people[0]!.actor);
    await node.enter(admin);
    const third = await node.enter(admin);
    expect(third).toMatchObject({ outcome: 'pooled', away: [{ consultant: { name: 'A' }, reason: 'followingCap:2' }] });
    await database().prisma.assignment.updateMany({
      where: { customerId: { not: third.customerId } },
      data: { state: 'lostNoDeal' },
    });
    expect(await node.enter(admin)).toMatchObject({ outcome: 'assigned' });
  });

  it('nobody stands in the ranks: the customer is in the pool as unassigned, without a row and an alert', async () => {
    const { node, admin } = await setUp([]);
    expect(await node.enter(admin)).toMatchObject({ outcome: 'pooled', assignmentId: null, away: [] });
    expect(await database().prisma.customer.findMany()).toMatchObject([
      { consultantId: null, poolReason: 'unassigned', pooledAt: new Date('2026-11-21T06:30:00Z') },
    ]);
    expect([await notices(), await turns(), await database().prisma.assignment.count()]).toEqual([[], [], 0]);
  });

  it('the transaction fails: the turn is the next one again', async () => {
    const { node, admin } = await setUp();
    await node.enter(admin);
    const entry = buildEntry();
    const failing = node.as(admin, async (scope) => {
      await node.assignment.enter(scope, entry);
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await waiting(node)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await node.rota.outstanding(0)).toEqual([]);
    await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'B']);
  });

  it('several are entered in one transaction: each has a turn of its own', async () => {
    const { node, admin } = await setUp();
    const entries = [buildEntry(), buildEntry(), buildEntry()];
    await node.as(admin, async (scope) => {
      for (const entry of entries) await node.assignment.enter(scope, entry);
    });
    expect(await holders(database())).toEqual(['A', 'B', 'C']);
    expect(await waiting(node)).toEqual([3, 4, 5, 6]);
  });

  it('the place is used already, as when Redis had lost its memory: another turn is taken', async () => {
    const { node, admin, people } = await setUp();
    await node.enter(admin);
    await database().prisma.turn.create({
      data: {
        id: 'elsewhere',
        cycle: 1,
        position: 1,
        consultantId: people[1]!.id,
        takenAt: new Date('2026-11-21T06:30:00Z'),
      },
    });
    await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'C']);
    expect(await waiting(node)).toEqual([3, 4, 5, 6]);
    expect(await node.rota.outstanding(0)).toEqual([]);
  });

  it('a hundred places are used already, as when Redis came back from an old copy: it goes on behind them', async () => {
    const { node, admin, people } = await setUp();
    await node.enter(admin);
    const used = Array.from({ length: 120 }, (_, n) => ({ cycle: 1 + Math.floor((n + 1) / 7), position: (n + 1) % 7 }));
    const [takenAt, consultantId] = [new Date('2026-11-21T06:30:00Z'), people[1]!.id];
    await database().prisma.turn.createMany({
      data: used.map((place) => ({ ...place, id: `${place.cycle}:${place.position}`, consultantId, takenAt })),
    });
    for (let n = 0; n < 3; n += 1) await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'C', 'A', 'B']);
    expect((await turns()).slice(-3).map(({ cycle, position }) => [cycle, position])).toEqual([
      [18, 2],
      [18, 3],
      [18, 4],
    ]);
    expect(await node.rota.outstanding(0)).toEqual([]);
  });

  it('the process starts anew: it goes on behind the last committed turn', async () => {
    const { node, admin } = await setUp();
    for (let n = 0; n < 3; n += 1) await node.enter(admin);
    const restarted = openNode(database());
    for (let n = 0; n < 5; n += 1) await restarted.enter(admin);
    expect(await holders(database())).toEqual(['A', 'B', 'C', 'A', 'B', 'B', 'B', 'A']);
  });

  it('ranks change in the middle of a cycle: the new ones apply when it is used up', async () => {
    const { node, admin, people } = await setUp([
      { name: 'A', slots: 2 },
      { name: 'B', slots: 1 },
    ]);
    await node.enter(admin);
    await database().prisma.salesRank.update({ where: { consultantId: people[0]!.id }, data: { slots: 0 } });
    await node.as(admin, async (scope) => node.assignment.markReset(scope));
    for (let n = 0; n < 4; n += 1) await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'B', 'A', 'B', 'B']);
  });
});
