import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../setup/database.ts';
import { buildEntry, buildPerson, buildRanked, emptySchool, holders, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

const abc = [
  { name: 'A', weight: 9, slots: 2 },
  { name: 'B', weight: 5, slots: 4 },
  { name: 'C', weight: 1, slots: 1 },
];

async function setUp(ranked: Parameters<typeof buildRanked>[1] = abc) {
  const people = await buildRanked(database(), ranked);
  const { actor } = await buildPerson(database(), '管理员', 'admin');
  const node = openNode(database());
  const enterMany = (rows: ReturnType<typeof buildEntry>[], by = actor) =>
    node.inTransaction(by, 'import', (scope) => node.assignment.enterMany(scope, rows), { timeoutMs: 60_000 });
  return { people, actor, node, enterMany };
}

describe('entering many', () => {
  it('seven hundred in two batches: everybody gets what the ranks say, in turn, with row and alert', async () => {
    const { enterMany, node } = await setUp();
    const entries = Array.from({ length: 700 }, () => buildEntry());
    const first = await enterMany(entries.slice(0, 500));
    await enterMany(entries.slice(500));
    const names = await holders(database());
    expect(names.slice(0, 9)).toEqual(['A', 'B', 'C', 'A', 'B', 'B', 'B', 'A', 'B']);
    expect(['A', 'B', 'C'].map((name) => names.filter((holder) => holder === name).length)).toEqual([200, 400, 100]);
    expect(first[0]).toMatchObject({ outcome: 'saved', customerId: 1, consultantId: 1 });
    expect(await database().prisma.assignment.count({ where: { turnId: { not: null }, state: 'following' } })).toBe(
      700,
    );
    expect(await database().prisma.notification.count({ where: { kind: 'assigned' } })).toBe(700);
    expect(await database().prisma.rotaCycle.count()).toBe(100);
    expect(await node.rota.outstanding(0)).toEqual([]);
  });

  it('known ones and repeats in the batch: are told apart, take no turn and alert nobody', async () => {
    const { enterMany, actor, node } = await setUp();
    const known = buildEntry({ phone: '13800138000' });
    await node.enter(actor, known);
    const fresh = buildEntry();
    const outcomes = await enterMany([
      { ...buildEntry(), phone: '13800138000' },
      fresh,
      { ...buildEntry({ wechat: 'wang_yu' }), qq: fresh.qq },
      buildEntry({ wechat: 'wang_yu' }),
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'duplicate', known: [{ name: known.name, consultant: { name: 'A' } }], ofRow: null },
      { outcome: 'saved' },
      { outcome: 'duplicate', known: [], ofRow: 1 },
      { outcome: 'saved' },
    ]);
    expect(await holders(database())).toEqual(['A', 'B', 'C']);
    expect((await node.rota.peek())?.working.map(({ position }) => position)).toEqual([3, 4, 5, 6]);
  });

  it('two imports bring the same people at once: nobody is there twice and no turn is lost', async () => {
    const { enterMany, node } = await setUp();
    const entries = Array.from({ length: 40 }, () => buildEntry());
    const [one, two] = await Promise.all([enterMany(entries), enterMany([...entries])]);
    const saved = [...one, ...two].filter(({ outcome }) => outcome === 'saved');
    expect(saved).toHaveLength(40);
    expect([...one, ...two].filter((row) => row.outcome === 'duplicate' && row.known.length === 1)).toHaveLength(40);
    expect(await database().prisma.turn.count()).toBe(40);
    expect(await node.rota.outstanding(0)).toEqual([]);
    await enterMany([buildEntry(), buildEntry()]);
    const names = await holders(database());
    expect(['A', 'B', 'C'].map((name) => names.filter((holder) => holder === name).length)).toEqual([12, 24, 6]);
  });

  it('caps leave room for three: the rest go to the pool', async () => {
    const { enterMany } = await setUp([
      { name: 'A', slots: 5, dailyCap: 1 },
      { name: 'B', slots: 5, followingCap: 2 },
    ]);
    const outcomes = await enterMany([1, 2, 3, 4, 5].map(() => buildEntry()));
    expect(await holders(database())).toEqual(['A', 'B', 'B', null, null]);
    expect(outcomes[4]).toMatchObject({ outcome: 'saved', consultantId: null, assignmentId: null });
    expect(await database().prisma.customer.count({ where: { poolReason: 'unassigned' } })).toBe(2);
  });

  it('a consultant imports: the customers go round like anybody’s', async () => {
    const { enterMany, people } = await setUp();
    await enterMany([buildEntry(), buildEntry()], people[2]!.actor);
    expect(await holders(database())).toEqual(['A', 'B']);
  });

  it('the courses asked about are kept', async () => {
    const { enterMany } = await setUp();
    const { id } = await database().prisma.course.create({ data: { name: 'Linux' } });
    await enterMany([buildEntry({ courseIds: [id] }), buildEntry()]);
    expect(await database().prisma.customerCourse.findMany()).toMatchObject([{ customerId: 1, courseId: id }]);
    expect(
      (await database().prisma.notification.findMany({ orderBy: { id: 'asc' } })).map(({ data }) => data),
    ).toMatchObject([{ course: 'Linux' }, { course: '还没问课程' }]);
  });

  it('the batch fails: all its turns are the next ones again', async () => {
    const { node, actor } = await setUp();
    const entries = [buildEntry(), buildEntry(), buildEntry()];
    const failing = node.inTransaction(actor, 'import', async (scope) => {
      await node.assignment.enterMany(scope, entries);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await node.rota.peek())?.working.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
