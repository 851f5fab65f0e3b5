import { beforeEach, describe, expect, it } from 'vitest';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { useDatabase } from '../setup/database.ts';
import { buildEntry, buildPerson, buildRanked, emptySchool, holders, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

async function setUp(
  ranked: Parameters<typeof buildRanked>[1] = [
    { name: '李娜', slots: 2 },
    { name: '王强', slots: 1 },
  ],
) {
  const people = await buildRanked(database(), ranked);
  await database().prisma.course.createMany({
    data: [{ name: 'Python全栈' }, { name: 'Python爬虫' }, { name: 'Linux' }],
  });
  const head = (await buildPerson(database(), '赵主管', 'head')).actor;
  return { people, head, node: openNode(database()) };
}

const customer = () =>
  database().prisma.customer.findFirstOrThrow({
    orderBy: { id: 'desc' },
    include: { courses: { include: { course: true } } },
  });

/** Gives a person a numbered list of these customers, as 我的客户 would. */
async function keepList(personId: number, items: number[]) {
  const at = new Date('2026-11-21T06:30:00Z');
  const row = { kind: 'mine', items, createdAt: at, expiresAt: new Date('2026-11-21T06:40:00Z') };
  await database().prisma.numberedList.upsert({
    where: { personId_slot: { personId, slot: 'list' } },
    create: { personId, slot: 'list', ...row },
    update: row,
  });
}

describe('录入', () => {
  it.each([
    ['录入 王小雨 139 1234 0013 Python全栈', { phone: '13912340013', qq: null }],
    ['录入 王小雨 +86 13912340014', { phone: '13912340014' }],
    ['录入 王小雨 +86 139-1234-0015 抖音', { phone: '13912340015', source: 'douyin' }],
    ['录入 王 小雨 139 1234 0013', { name: '王小雨', phone: '13912340013' }],
    ['录入 王　小雨 13912340013', { name: '王小雨', phone: '13912340013' }],
    ['录入 王小雨13912340013', { name: '王小雨', phone: '13912340013' }],
    ["录入 王小雨 '13912340013", { phone: '13912340013' }],
    ['录入 王小雨 13912340013.0', { phone: '13912340013' }],
    ['录入 王小雨 13912340013（张三）', { phone: '13912340013', memo: '张三' }],
    ['录入 王小雨 13912340013/13912340014', { phone: '13912340013', memo: '另一个电话 13912340014' }],
    ['录入 王小雨 +852 9123 4567', { phone: '+85291234567' }],
    ['录入 王小雨 010-12345678 转 801', { phone: '010-12345678-801' }],
    ['录入 王小雨 QQ12345678 139 1234 0013', { phone: '13912340013', qq: '12345678' }],
    ['录入 王小雨 13912340013 女 本科 百度', { gender: 'female', education: 'regularUniversity', source: 'baidu' }],
    ['录入 王小雨 010 8888 6666 公众号咨询', { phone: '010-88886666', source: 'officialAccount' }],
  ])('%s is read as people write numbers and sources', async (text, stored) => {
    const { node, head } = await setUp();
    expect(await node.says(head, text)).toContain('录入好了：王小雨');
    expect(await customer()).toMatchObject(stored);
  });

  it.each([
    ['录入 王小雨 139 1234 0013 快手', /「快手」不是课程也不是来源，没有录入。来源可以写：qq群.*抖音.*公众号咨询/],
    ['录入 王小雨 123 x', /「123」不像 QQ 也不像手机/],
    ['录入 王小雨 13912340013 13912340014', /两个同一种联系方式：13912340013 和 13912340014/],
    ['录入 王小雨 13912340013？', /不确定是在问还是要做/],
  ])('%s enters nobody and says which word', async (text, answered) => {
    const { node, head } = await setUp();
    expect(await node.says(head, text)).toMatch(answered);
    expect(await database().prisma.customer.count()).toBe(0);
  });

  it('a head enters somebody: the answer says who has it now and what happens next', async () => {
    const { node, head } = await setUp();
    const answer = await node.says(head, '录入 王小雨 12345678 Python全栈 百度推广');
    expect(answer.replace(/撤销 \w{4}/, '撤销 K7Q2').split('\n')).toEqual([
      '录入好了：王小雨，分给李娜',
      'Python全栈 · 百度推广 · QQ 12345678',
      '12345678 记成了 QQ，是座机就撤销，带上区号再录',
      '已告诉李娜，三天内首次联系。撤销 K7Q2',
    ]);
    expect(await customer()).toMatchObject({ name: '王小雨', qq: '12345678', source: 'baidu' });
  });

  it.each([
    [
      '录入 Linux 百度 王小雨 138-0013-8000',
      { name: '王小雨', phone: '13800138000', source: 'baidu', qq: null },
      ['Linux'],
    ],
    [
      '录入 13800138000 python全 欧阳娜娜',
      { name: '欧阳娜娜', phone: '13800138000', source: 'qqGroup' },
      ['Python全栈'],
    ],
    ['录入王小雨 QQ13800138000', { name: '王小雨', qq: '13800138000', phone: null }, []],
    ['录入 王小雨，微信 wang_yu，51CTO', { name: '王小雨', wechat: 'wang_yu', source: 'cto51' }, []],
    ['add Tom 12345 linux python爬虫', { name: 'Tom', qq: '12345' }, ['Linux', 'Python爬虫']],
  ])('%s: is read whatever the order', async (said, expected, courses) => {
    const { node, head } = await setUp();
    await node.says(head, said);
    const entered = await customer();
    expect(entered).toMatchObject(expected);
    expect(entered.courses.map(({ course }) => course.name).sort()).toEqual([...courses].sort());
  });

  it.each([
    ['录入', '录入谁？把姓名和 QQ 或手机写在后面'],
    ['录入 王小雨', 'QQ、手机、微信号至少填一个'],
    ['录入 12345678', '请填写姓名'],
    ['录入 王小雨 123', 'QQ 是 5 到 12 位数字'],
    ['录入 王小雨 12345678 Python', '没看懂「Python」，是不是Python全栈、Python爬虫'],
    ['录入 王小雨 12345678 Linus', '没看懂「Linus」，是不是Linux'],
  ])('%s: what is missing is said, and nothing is entered', async (said, problem) => {
    const { node, head } = await setUp();
    expect(await node.says(head, said)).toContain(problem);
    expect(await database().prisma.customer.count()).toBe(0);
    expect(await node.rota.peek()).toBeNull();
  });

  it('a consultant enters: it stays theirs and can be followed up as number 1', async () => {
    const { node, people } = await setUp();
    const answer = await node.says(people[1]!.actor, '录入 王小雨 12345678');
    expect(answer).toContain('录入好了：王小雨，归你跟进');
    expect(answer).toContain('三天内联系并回复「跟进 1 内容」');
    expect(await holders(database())).toEqual(['王强']);
    expect(await database().prisma.notification.count()).toBe(0);
  });

  it('nobody can take it: it is in the pool, and the answer says so and why', async () => {
    const { node, head } = await setUp([{ name: '李娜', slots: 5, dailyCap: 1 }]);
    await node.says(head, '录入 王小雨 12345678');
    const answer = await node.says(head, '录入 张三 87654321');
    expect(answer).toContain('录入好了：张三，先放在公海');
    expect(answer).toContain('现在没有人能接：李娜 当天接满 1 位');
  });

  it('somebody known: the answer names the holder, who hears that they asked again', async () => {
    const { node, head, people } = await setUp();
    await node.says(head, '录入 王小雨 12345678');
    const answer = await node.says(head, '录入 小雨 12345678 Linux');
    expect(answer).toContain('这位客户已经由李娜负责');
    expect(await database().prisma.notification.findMany({ where: { kind: 'duplicate' } })).toMatchObject([
      { personId: people[0]!.id, data: { customer: '王小雨', by: '赵主管' } },
    ]);
  });

  it('it is taken back: the customer was never there and the alert is not sent', async () => {
    const { node, head } = await setUp();
    await node.says(head, '录入 王小雨 12345678');
    expect(await node.says(head, '撤销')).toContain('王小雨');
    expect(await database().prisma.customer.count()).toBe(0);
    expect(await database().prisma.notification.count()).toBe(0);
  });
});

describe('为什么', () => {
  it('it came by the rota: turn, cycle, order and who was passed over and why', async () => {
    const { node, head, people } = await setUp([
      { name: '李娜', slots: 2 },
      { name: '王强', slots: 2, dailyCap: 1 },
      { name: '赵敏', slots: 1 },
    ]);
    const [li, , zhao] = people;
    await database().prisma.staff.update({
      where: { personId: li!.id },
      data: { onLeaveUntil: dayToDb('2026-11-30') },
    });
    await node.enter(head);
    const { customerId } = await node.enter(head);
    await keepList(zhao!.id, [customerId]);
    const { name } = await customer();
    expect((await node.says(zhao!.actor, '为什么 1')).split('\n')).toEqual([
      `${name}按轮转分给你：11-21 14:30，第 1 轮第 3 位，一轮 5 位`,
      '这一轮的顺序：李娜 王强 【赵敏】 李娜 王强',
      '排在前面、当时跳过的：李娜 休假到 11-30',
    ]);
    await keepList(head.id ?? 0, [customerId]);
    expect(await node.says({ ...head, grants: [{ permission: '*', scope: 'all' }] }, 'why 1')).toContain('分给赵敏');
  });

  it('a cycle opened over turns nobody took: they are named too', async () => {
    const { node, head, people } = await setUp([
      { name: '李娜', slots: 1 },
      { name: '王强', slots: 2, dailyCap: 1 },
    ]);
    await node.enter(head);
    await node.enter(head);
    const { customerId } = await node.enter(head);
    await keepList(people[0]!.id, [customerId]);
    expect(await node.says(people[0]!.actor, '为什么 1')).toContain('上一轮没用上的：王强 当天接满 1 位');
  });

  it('one’s own entry, a claim, a transfer: it says so, and that no turn was used', async () => {
    const { node, people } = await setUp();
    const [li, wang] = people;
    const own = await node.enter(li!.actor, buildEntry({ name: '自己的' }));
    const at = new Date('2026-11-21T06:30:00Z');
    const come = async (customerId: number, consultantId: number, origin: 'claimed' | 'transferred', gave = false) => {
      const ended = gave ? 'transferred' : 'released';
      await database().prisma.assignment.updateMany({ where: { customerId }, data: { state: ended } });
      await database().prisma.assignment.create({
        data: { customerId, consultantId, origin, date: dayToDb('2026-11-21'), createdAt: at, updatedAt: at },
      });
    };
    await keepList(li!.id, [own.customerId]);
    expect(await node.says(li!.actor, '为什么 1')).toBe('自己的是你自己 11-21 录入的，归录入的人，不占轮次');
    await come(own.customerId, wang!.id, 'claimed');
    await keepList(wang!.id, [own.customerId]);
    expect(await node.says(wang!.actor, '为什么 1')).toBe('自己的是你 11-21 从公海抢到的，之前在李娜手上，不占轮次');
    await come(own.customerId, li!.id, 'transferred', true);
    expect(await node.says(li!.actor, '为什么 1')).toBe('自己的是 11-21 从王强转给你的，不占轮次');
    // Out of the pool it was nobody's to give.
    await come(own.customerId, wang!.id, 'transferred');
    await keepList(wang!.id, [own.customerId]);
    expect(await node.says(wang!.actor, '为什么 1')).toBe('自己的是 11-21 从公海转给你的，不占轮次');
  });

  it('somebody in the pool whom one never had: nothing to tell', async () => {
    const { node, head, people } = await setUp([{ name: '李娜', slots: 0 }]);
    const { customerId } = await node.enter(head, buildEntry({ name: '王小雨' }));
    await keepList(people[0]!.id, [customerId]);
    expect(await node.says(people[0]!.actor, '为什么 1')).toBe('王小雨现在在公海里，没有分给谁');
  });
});
