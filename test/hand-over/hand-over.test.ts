import { beforeEach, describe, expect, it } from 'vitest';
import { createAssignment } from '../../src/assignment/feature.ts';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { createHandOver, deactivateAction } from '../../src/hand-over/index.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { runAction } from '../../src/web/table/run-action.ts';
import { refusalOf, type Somebody, useSalesSchool } from '../customers/sales-school.ts';

const school = useSalesSchool();
let leaver: Somebody;
let li: Somebody;
let wang: Somebody;
let head: Somebody;

/** The assignment over a rota of its own, as one node has it. */
function openRota() {
  const { rota } = createInProcessState({ wallNow });
  const assignment = createAssignment({ rota, prisma: school.prisma() });
  return { rota, assignment, handOver: createHandOver(assignment.handOut) };
}

beforeEach(async () => {
  await school.empty();
  await school.prisma().$executeRawUnsafe('TRUNCATE "SalesRank", "Turn", "RotaCycle" RESTART IDENTITY CASCADE');
  [leaver, li, wang] = (await school.consultants('孙悦', '李娜', '王强')) as [Somebody, Somebody, Somebody];
  head = await school.head('周敏', 'department');
});

const rank = (
  person: Somebody,
  weight: number,
  slots: number,
  caps: { followingCap?: number; dailyCap?: number } = {},
) => school.prisma().salesRank.create({ data: { consultantId: person.id, weight, slots, ...caps } });

async function hold(count: number, { enrolled = 0 } = {}): Promise<number[]> {
  const ids: number[] = [];
  for (let n = 0; n < count; n += 1)
    ids.push(await school.customer({ heldBy: leaver, received: '2026-11-10', contacted: '2026-11-20' }));
  for (let n = 0; n < enrolled; n += 1)
    ids.push(await school.customer({ heldBy: leaver, status: 'enrolled', state: 'won', received: '2026-10-01' }));
  return ids;
}

const holding = async () =>
  Object.fromEntries(
    (await school.prisma().customer.groupBy({ by: ['consultantId', 'status'], _count: { _all: true } })).map(
      ({ consultantId, status, _count }) => [
        `${[leaver, li, wang].find(({ id }) => id === consultantId)?.name ?? '公海'} ${status}`,
        _count._all,
      ],
    ),
  );

describe('handing over to one colleague', () => {
  it('moves everybody, ends the old rows as transferred and tells the receiver once', async () => {
    const [first] = await hold(5, { enrolled: 2 });
    const { handOver } = openRota();
    const done = await head.does((scope) => handOver(scope, { fromId: leaver.id, to: { consultantId: li.id } }));
    expect(done).toEqual({
      from: '孙悦',
      receivers: [{ id: li.id, name: '李娜', following: 5, enrolled: 2 }],
      moved: 7,
      left: 0,
    });
    expect(await holding()).toEqual({ '李娜 notEnrolled': 5, '李娜 enrolled': 2 });
    expect(await school.stored(first ?? 0)).toMatchObject({
      receivedOn: dayToDb('2026-11-21'),
      lastContactedOn: dayToDb('2026-11-21'),
      lastConsultantId: null,
      assignments: [
        { consultantId: leaver.id, state: 'transferred', memo: '孙悦交接', endedOn: dayToDb('2026-11-21') },
        { consultantId: li.id, state: 'following', origin: 'transferred', turnId: null },
      ],
    });
    expect(await school.prisma().assignment.count({ where: { state: 'won', consultantId: leaver.id } })).toBe(2);
    expect(await school.notices()).toMatchObject([
      { kind: 'transferred', personId: li.id, data: { from: '孙悦', count: 7 }, entity: 'myCustomers' },
      {
        kind: 'touched',
        personId: leaver.id,
        data: { by: '周敏', what: expect.stringMatching(/等 7 位交接给了李娜$/) },
      },
    ]);
  });

  it('is refused to the leaver, to nobody, and to who cannot hold customers', async () => {
    await hold(1);
    const { handOver } = openRota();
    const to = (consultantId: number) =>
      refusalOf(head.does((scope) => handOver(scope, { fromId: leaver.id, to: { consultantId } })));
    const lecturer = await school.person('讲师', 'own', ['list']);
    expect((await to(leaver.id)).message).toBe('不能交给本人，换一位同事');
    expect((await to(1_000_000)).code).toBe('invalid_fields');
    expect((await to(lecturer.id)).code).toBe('not_a_consultant');
    expect(await holding()).toEqual({ '孙悦 notEnrolled': 1 });
  });

  it('needs the permission to transfer, within one’s own department', async () => {
    await hold(1);
    const { handOver } = openRota();
    const by = (person: Somebody) =>
      refusalOf(person.does((scope) => handOver(scope, { fromId: leaver.id, to: { consultantId: li.id } })));
    expect((await by(li)).code).toBe('forbidden');
    expect((await by(await school.person('外部主管', 'department', ['list', 'transfer'], 1001))).code).toBe(
      'not_found',
    );
    expect((await by(await school.head('管理员', 'all'))).code).toBe('none');
  });
});

describe('handing over round the rota', () => {
  it('goes in proportion to the ranks, past the leaver, and new customers go on behind', async () => {
    await rank(leaver, 99, 5);
    await rank(li, 9, 3);
    await rank(wang, 5, 1);
    await hold(8, { enrolled: 4 });
    const { handOver, assignment } = openRota();
    const done = await head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' }));
    expect(done.left).toBe(0);
    expect(await holding()).toEqual({
      '李娜 notEnrolled': 6,
      '王强 notEnrolled': 2,
      '李娜 enrolled': 3,
      '王强 enrolled': 1,
    });
    const turns = await school.prisma().turn.findMany({ include: { assignments: true } });
    expect(turns).toHaveLength(8);
    expect(turns.every(({ assignments }) => assignments[0]?.origin === 'transferred')).toBe(true);
    expect((await school.notices('transferred')).map(({ personId, data }) => [personId, data])).toEqual([
      [li.id, expect.objectContaining({ count: 9, from: '孙悦' })],
      [wang.id, expect.objectContaining({ count: 3, from: '孙悦' })],
    ]);
    expect(
      await assignment.handOut.proportion({ tx: school.prisma(), today: '2026-11-21' }, { exceptId: leaver.id }),
    ).toEqual([li.id, wang.id, li.id, li.id]);
  });

  it('keeps to the caps of the ranks and says how many nobody could take', async () => {
    await rank(li, 9, 1, { followingCap: 2 });
    await rank(wang, 5, 1, { dailyCap: 1 });
    await hold(5);
    const { handOver, rota } = openRota();
    const done = await head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' }));
    expect(done).toMatchObject({ moved: 3, left: 2 });
    expect(await holding()).toEqual({ '孙悦 notEnrolled': 2, '李娜 notEnrolled': 2, '王强 notEnrolled': 1 });
    expect(await rota.outstanding(0)).toEqual([]);
    expect((await refusalOf(head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' })))).code).toBe(
      'nobody_can_take',
    );
  });

  it('refused, gives every turn back', async () => {
    await rank(li, 9, 1);
    await rank(wang, 5, 1);
    await hold(3);
    const { handOver, rota } = openRota();
    await expect(
      head.does(async (scope) => {
        await handOver(scope, { fromId: leaver.id, to: 'rota' });
        throw new Error('the power went');
      }),
    ).rejects.toThrow('the power went');
    expect(await holding()).toEqual({ '孙悦 notEnrolled': 3 });
    expect(await rota.outstanding(0)).toEqual([]);
    await head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' }));
    expect(await holding()).toEqual({ '李娜 notEnrolled': 2, '王强 notEnrolled': 1 });
  });

  it('started twice at once, and beside follow-ups and claims, moves each customer once', async () => {
    await rank(li, 9, 2);
    await rank(wang, 5, 1);
    const ids = await hold(12);
    const pooled = await school.customer({ lostBy: leaver });
    const { handOver, rota } = openRota();
    const outcomes = await Promise.allSettled([
      head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' })),
      head.does((scope) => handOver(scope, { fromId: leaver.id, to: 'rota' })),
      ...ids.slice(0, 4).map((id) => leaver.does((scope) => writeFollowUp(scope, { customerId: id, note: '再见' }))),
      li.does((scope) => claimCustomer(scope, { customerId: pooled })),
    ]);
    const moved = outcomes
      .slice(0, 2)
      .reduce((sum, one) => sum + (one.status === 'fulfilled' ? (one.value as { moved: number }).moved : 0), 0);
    expect(moved).toBe(12);
    const following = await school.prisma().assignment.groupBy({
      by: ['customerId'],
      where: { state: 'following' },
      _count: { _all: true },
    });
    expect(following.every(({ _count }) => _count._all === 1)).toBe(true);
    expect(await school.prisma().customer.count({ where: { consultantId: leaver.id } })).toBe(0);
    expect(await holding()).toEqual({ '李娜 notEnrolled': 9, '王强 notEnrolled': 4 });
    expect(await rota.outstanding(0)).toEqual([]);
  });
});

describe('deactivating somebody', () => {
  const deactivate = (input: object) => {
    const { handOver } = openRota();
    const action = deactivateAction({
      handOver,
      setActive: async ({ tx }, id, active) => void (await tx.person.update({ where: { id }, data: { active } })),
    });
    const asked = { table: { unit: '位' }, action, seen: new Set([leaver.id]) };
    return head.does((scope) => runAction(scope, asked, [leaver.id], action.input?.parse(input)));
  };
  const isActive = async () => (await school.prisma().person.findUniqueOrThrow({ where: { id: leaver.id } })).active;

  it('with nothing said leaves the customers and says where they are', async () => {
    await hold(3);
    expect((await deactivate({})).message).toBe(
      '1 位停用了，登录都已退出。孙悦名下还有 3 位客户，打开员工资料点「交接客户」，不交接的到期会回公海',
    );
    expect(await isActive()).toBe(false);
    expect(await holding()).toEqual({ '孙悦 notEnrolled': 3 });
  });

  it('hands them over in the same step', async () => {
    await hold(3);
    expect((await deactivate({ customers: 'one', consultantId: li.id })).message).toBe(
      '1 位停用了，登录都已退出。孙悦的 3 位客户交接好了：李娜 3 位',
    );
    expect(await isActive()).toBe(false);
  });

  it('is not done where nobody can take them', async () => {
    await hold(3);
    expect((await refusalOf(deactivate({ customers: 'rota' }))).code).toBe('nobody_can_take');
    expect(await isActive()).toBe(true);
  });

  it('who holds nobody asks for nothing', async () => {
    expect((await deactivate({})).message).toBe('1 位停用了，登录都已退出');
  });
});
