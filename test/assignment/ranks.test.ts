import { beforeEach, describe, expect, it } from 'vitest';
import { createDrawRota } from '../../src/assignment/cycle.ts';
import { AddRank, EditRank } from '../../src/assignment/schema.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { useDatabase } from '../setup/database.ts';
import { buildPerson, buildRanked, emptySchool, holders, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

const today = '2026-11-21';

async function setUp(ranked: Parameters<typeof buildRanked>[1]) {
  const people = await buildRanked(database(), ranked);
  const admin = (await buildPerson(database(), '管理员', 'admin')).actor;
  const node = openNode(database());
  const [table] = node.assignment.tables;
  const run = <T>(work: (scope: Parameters<Parameters<typeof node.inTransaction>[2]>[0]) => Promise<T>) =>
    node.inTransaction(admin, 'web', work);
  return {
    people,
    admin,
    node,
    add: (input: unknown) => run((scope) => table!.add!.run(scope, AddRank.parse(input) as never)),
    edit: (id: number, input: unknown) => run((scope) => table!.edit!.run(scope, id, EditRank.parse(input) as never)),
    remove: (id: number) => run((scope) => table!.remove!.run(scope, id)),
    draw: createDrawRota({ rota: node.rota, prisma: database().prisma }),
  };
}

const shown = (turns: readonly { consultant: { name: string }; state: string; passedOver: string | null }[]) =>
  turns.map(({ consultant, state, passedOver }) => [consultant.name, state, passedOver].filter(Boolean).join(' '));

describe('销售权重', () => {
  it('added, changed and deleted: each applies when the present cycle is used up, and is kept in the audit', async () => {
    const { node, admin, add, edit, remove, people } = await setUp([{ name: 'A', slots: 2 }]);
    const b = await buildPerson(database(), 'B');
    await node.enter(admin);
    const { id } = await add({ consultantId: b.id, weight: '200', slots: '1', dailyCap: '' });
    for (let n = 0; n < 3; n += 1) await node.enter(admin);
    expect(await holders(database())).toEqual(['A', 'A', 'B', 'A']);

    const ofA = await database().prisma.salesRank.findUniqueOrThrow({ where: { consultantId: people[0]!.id } });
    await edit(ofA.id, { slots: 1, followingCap: 9 });
    await edit(ofA.id, { followingCap: '' });
    await remove(id);
    for (let n = 0; n < 3; n += 1) await node.enter(admin);
    expect((await holders(database())).slice(4)).toEqual(['A', 'A', 'A']);
    expect(await database().prisma.rotaCycle.findFirst({ where: { cycle: 3 } })).toMatchObject({
      original: [people[0]!.id],
    });
    expect(await database().prisma.salesRank.findMany()).toMatchObject([{ weight: 100, slots: 1, followingCap: null }]);
    const audit = await database().prisma.auditEntry.findMany({ where: { entity: 'SalesRank', actorId: admin.id } });
    expect(audit.map(({ action }) => action)).toEqual(['add', 'edit', 'edit', 'delete']);
  });

  it.each([
    [{ weight: 1, slots: 101 }, '数量最大 100'],
    [{ weight: 1, slots: -1 }, '数量不能小于 0'],
    [{ weight: 1.5, slots: 1 }, '权重要填整数'],
    [{ weight: 1, slots: 1, dailyCap: 0 }, '每日上限至少 1，不限就空着'],
    [{ slots: 1 }, '权重要填整数'],
  ])('%j does not fit: it is said why', (input, problem) => {
    const { error } = AddRank.safeParse({ consultantId: 1, ...input });
    expect(error?.issues.map(({ message }) => message)).toEqual([problem]);
  });

  it('somebody who stands in the ranks already, or cannot hold customers: refused', async () => {
    const { add, admin, people } = await setUp([{ name: 'A', slots: 1 }]);
    await expect(add({ consultantId: people[0]!.id, weight: 1, slots: 1 })).rejects.toMatchObject({
      code: 'already_ranked',
    });
    await expect(add({ consultantId: admin.id, weight: 1, slots: 1 })).rejects.toMatchObject({
      code: 'not_a_consultant',
    });
  });
});

describe('the picture of the rota', () => {
  it('before anybody was entered: the first cycle is the next one', async () => {
    const { draw } = await setUp([
      { name: 'A', slots: 1 },
      { name: 'B', slots: 2 },
    ]);
    const { present, next } = await draw(today);
    expect(present.turns).toEqual([]);
    expect(next.cycle).toBe(1);
    expect(shown(next.turns)).toEqual(['A next', 'B waiting', 'B waiting']);
  });

  it('in the middle of a cycle: who had a turn, who is next, who is passed over and why', async () => {
    const { draw, node, admin, people } = await setUp([
      { name: 'A', slots: 2, dailyCap: 1 },
      { name: 'B', slots: 2 },
      { name: 'C', slots: 1 },
    ]);
    await node.enter(admin);
    await database().prisma.staff.update({
      where: { personId: people[1]!.id },
      data: { onLeaveUntil: dayToDb('2026-11-30') },
    });
    const { present, next, changed } = await draw(today);
    expect(shown(present.turns)).toEqual([
      'A used',
      'B waiting 休假到 11-30',
      'C next',
      'A waiting 当天接满 1 位',
      'B waiting 休假到 11-30',
    ]);
    expect(present).toMatchObject({ cycle: 1, left: 4 });
    expect(shown(next.turns)[2]).toBe('C waiting');
    expect(changed).toBe(false);
  });

  it('ranks have changed: the next cycle shows the new ones', async () => {
    const { draw, node, admin, remove } = await setUp([
      { name: 'A', slots: 1 },
      { name: 'B', slots: 1 },
    ]);
    await node.enter(admin);
    const [rank] = await database().prisma.salesRank.findMany({ orderBy: { weight: 'desc' } });
    await remove(rank!.id);
    const { present, next, changed } = await draw(today);
    expect(shown(present.turns)).toEqual(['A used', 'B next']);
    expect(shown(next.turns)).toEqual(['B waiting']);
    expect(changed).toBe(true);
  });

  it('a turn came back after its cycle had ended: it is shown ahead of the present one', async () => {
    const { draw, node, admin } = await setUp([{ name: 'A', slots: 1 }]);
    await node.enter(admin);
    const ranks = [{ consultantId: 1, weight: 100, slots: 1 }];
    const taken = await node.rota.take({ count: 2, ranks, history: async () => ({ cycles: [], turns: [] }) });
    await node.rota.giveBack(taken.turns[0]!.turnId);
    const { returned, present } = await draw(today);
    expect(shown(returned)).toEqual(['A next']);
    expect(shown(present.turns)).toEqual(['A used']);
  });
});
