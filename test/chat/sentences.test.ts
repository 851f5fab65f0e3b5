import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Somebody, undoCodeIn, useSalesSchool } from '../customers/sales-school.ts';

// Sentences as people write them: who says what, after which list, and what is answered. It grows with every one that
// was answered wrongly.
const school = useSalesSchool();
let li: Somebody;
let wang: Somebody;
let head: Somebody;
let stranger: Somebody;

beforeAll(async () => {
  [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
  head = await school.head('周总');
  stranger = await school.person('讲师', 'own', []);
});

beforeEach(async () => {
  await school.empty();
  await school.customer({ name: '公海丙', phone: '13900000003' });
  await school.customer({ name: '公海乙', phone: '13900000002' });
  await school.customer({ name: '公海甲', phone: '13900000001' });
  await school.customer({ name: '郑爽', phone: '13812345678', heldBy: li, received: '2026-11-20' });
  await school.customer({ name: '郑重', qq: '7654321', heldBy: li, received: '2026-11-19' });
  await school.customer({ name: '阿里木·买买提', phone: '+85291234567', heldBy: li, received: '2026-11-10' });
  await school.customer({ name: '别人的', phone: '13700000000', heldBy: wang });
});

const people = { 李娜: () => li, 周总: () => head, 讲师: () => stranger };
type Row = [who: keyof typeof people, before: string[], said: string, answered: RegExp];

const UNCHANGED: Row[] = [
  ['李娜', ['公海'], '公海？', /^公海 3 位/],
  ['李娜', ['公海'], '1', /^公海甲 · 未报名 · 公海/],
  ['李娜', ['公海'], '第一个', /^公海甲/],
  ['李娜', ['公海'], '抢 1？', /不确定是在问还是要做/],
  ['李娜', ['公海'], '抢 1 9', /列表里只有 1 到 3，没有 9/],
  ['李娜', ['公海'], '抢 1 和那个谁', /没有找到叫「和那个谁」/],
  ['李娜', ['公海'], '客户 2 3', /一次说一个编号/],
  ['李娜', ['我的客户'], '第2页', /已经到底了/],
  ['李娜', ['我的客户'], '上一页', /已经是第一页/],
  ['李娜', [], '郑爽', /^郑爽 · 未报名/],
  ['李娜', [], '郑', /没看懂「郑」/],
  ['李娜', [], '郑爽？', /^郑爽/],
  ['李娜', [], '13812345678', /^郑爽/],
  ['李娜', [], '138 1234 5678', /^郑爽/],
  ['李娜', [], '7654321', /^郑重/],
  ['李娜', [], '13700000000', /^没看懂/],
  ['李娜', [], '客户 13700000000', /没有找到/],
  ['李娜', [], '客户 13812345678', /^郑爽/],
  ['李娜', [], '客户 「郑爽」', /^郑爽/],
  ['李娜', [], '客户 郑', /「郑」有 2 位，哪一位？\n1 郑爽 · 尾号 5678 .*\n2 郑重 · QQ 尾号 4321/],
  ['周总', [], '13700000000', /^别人的/],
  ['周总', ['公海'], '客户 1', /手机 139 0000 0001[\s\S]*回复「分配 1 同事」/],
  ['李娜', [], '你好', /^下午好，李娜。/],
  ['李娜', [], '谢谢', /^不客气，李娜。/],
  ['李娜', [], '👍', /^好的，李娜。/],
  ['李娜', [], '[强]', /^好的，李娜。/],
  ['李娜', [], '再见', /^再见，李娜。/],
  ['李娜', [], '今天', /^今天/],
  ['李娜', [], '今天下雨', /^没看懂「今天下雨」。是不是要：今天/],
  ['李娜', [], '我想问个事', /^没看懂「我想问个事」。回复「帮助」看全部$/],
  ['李娜', [], '天气怎么样', /^没看懂「天气怎么样」。回复「帮助」看全部$/],
  ['李娜', [], '确认', /没有等着确认的事/],
  ['讲师', [], '公海', /^你用不了「公海」，可以说「帮助」/],
  ['讲师', [], '我的客户', /^你用不了「我的客户」/],
  ['讲师', [], '1 3 迟到', /^没看懂|^还没有列表/],
  ['李娜', [], '郑　爽', /^郑爽 · 未报名/],
  ['李娜', [], '阿里木•买买提', /^阿里木·买买提/],
  ['李娜', [], '客户 阿里木・买买提', /^阿里木·买买提/],
  ['李娜', [], '客户 13700000009', /没有找到号码是「13700000009」的客户/],
  ['李娜', [], '客户 +852 9123 4567', /^阿里木·买买提/],
  ['李娜', [], '+852 9123 4567', /^阿里木·买买提/],
  ['李娜', [], '跟进 郑爽聊过了', /^是说郑爽吗？名字后面空一格再说，先什么都没动：跟进 郑爽 聊过了$/],
  ['李娜', [], '客户郑爽的电话', /^是说郑爽吗？先什么都没动：客户 郑爽$/],
  ['李娜', [], '抢王小雨', /^没看懂「抢王小雨」/],
  ['李娜', [], '第2页', /没有可以接着看的列表.*「帮助」/],
  ['李娜', [], '算了', /^好的，李娜。/],
  ['周总', ['公海'], '释放 1 太远', /公海甲本来就在公海里/],
  ['李娜', ['公海'], '1 已约周五试听', /还在公海里，先抢到再跟进/],
  ['李娜', ['我的客户'], '1 明天', /1 号聊了什么/],
  ['李娜', ['我的客户'], '全部 已群发', /记给哪几位/],
];

const CHANGED: Row[] = [
  ['李娜', ['公海'], '抢 2 3', /^抢到了：公海乙 · 手机 139 0000 0002\n抢到了：公海丙 · 手机 139 0000 0003\n三天内联系/],
  ['李娜', ['公海'], '抢 2、3', /公海乙[\s\S]*公海丙/],
  ['李娜', ['公海'], '抢 1-3', /公海甲[\s\S]*公海乙[\s\S]*公海丙/],
  ['李娜', ['公海'], '抢1', /^抢到了：公海甲/],
  ['李娜', ['公海'], '搶 1', /^抢到了：公海甲/],
  ['李娜', ['公海'], '抢第一个', /^抢到了：公海甲/],
  ['李娜', ['公海'], '1 抢', /^抢到了：公海甲/],
  ['李娜', ['公海'], '\u200b抢\u2060 1\ufe0f', /^抢到了：公海甲/],
  ['李娜', ['公海'], '抢 1，谢谢', /^抢到了：公海甲/],
  ['李娜', [], '抢 公海乙', /^抢到了：公海乙/],
  ['李娜', [], '抢公海乙', /^抢到了：公海乙/],
  ['李娜', [], '我要抢公海乙', /^抢到了：公海乙/],
  ['李娜', ['公海'], '抢①', /^抢到了：公海甲/],
  ['李娜', [], '跟进 郑 爽 说周末来', /^已记下：郑爽 · 说周末来/],
  ['李娜', [], '抢 「公海乙」 公海丙', /公海乙[\s\S]*公海丙/],
  ['李娜', ['我的客户'], '1 约了周一试听', /^已记下：郑爽 · 约了周一试听\n下次联系 周一 11-23，到时提醒你/],
  ['李娜', ['我的客户'], '跟进 1 约了12月20日来试听', /下次联系 12-20，但等不到那天：最晚 周二 11-24 再联系一次/],
  ['李娜', ['我的客户'], '跟进 1、2 没接', /^已记下 2 位：郑爽、郑重 · 没接/],
  ['李娜', ['我的客户'], '1 2 没接', /^已记下 2 位：\n1 郑爽 · 没接\n2 郑重 · 没接/],
  ['李娜', ['我的客户'], '释放 1 2 太远', /^已释放：郑爽、郑重 · 太远\n回到公海了，别的同事跟进过再回来你才能抢/],
  ['周总', [], '跟进 郑爽 主管问过了', /^已记下：郑爽 · 主管问过了/],
  ['周总', [], '释放 郑爽 太远', /^已释放：郑爽 · 太远\n回到公海了，已告诉李娜/],
  ['周总', ['公海'], '分配 1 2 李娜', /^转好了：公海甲、公海乙 → 李娜\n已告诉李娜/],
  ['周总', [], '转 郑爽 王强', /^转好了：郑爽 → 王强\n已告诉王强、李娜/],
  ['周总', [], '转 郑爽给王强', /^转好了：郑爽 → 王强/],
  ['周总', [], '转郑爽给王强', /^转好了：郑爽 → 王强/],
  ['周总', [], '把郑爽转给王强', /^转好了：郑爽 → 王强/],
];

describe('said, and nothing changes', () => {
  it.each(UNCHANGED)('%s after %j: %s', async (who, before, said, answered) => {
    for (const text of before) await people[who]().says(text);
    const rows = () => school.prisma().customer.findMany({ orderBy: { id: 'asc' } });
    const was = await rows();
    expect(await people[who]().says(said)).toMatch(answered);
    expect(await rows()).toEqual(was);
    expect(await school.prisma().followUp.count()).toBe(0);
  });
});

describe('said and done, and 撤销 takes all of it back', () => {
  it.each(CHANGED)('%s after %j: %s', async (who, before, said, answered) => {
    for (const text of before) await people[who]().says(text);
    const rows = async () =>
      (await school.prisma().customer.findMany({ orderBy: { id: 'asc' } })).map(({ updatedAt: _, ...row }) => row);
    const was = await rows();
    const receipt = await people[who]().says(said);
    expect(receipt).toMatch(answered);
    const code = undoCodeIn(receipt);
    if (code === '') return;
    await people[who]().says(code);
    expect(await rows()).toEqual(was);
    expect(await school.prisma().followUp.count()).toBe(0);
  });
});

describe('numbers go on meaning the list they were shown in', () => {
  it('a head gives 1 to one colleague and 2 to another', async () => {
    await head.says('公海');
    expect(await head.says('分配 1 李娜')).toMatch(/^转好了：公海甲 → 李娜/);
    expect(await head.says('分配 2 王强')).toMatch(/^转好了：公海乙 → 王强/);
  });
});

describe('what somebody else does to a holder’s customer is told to the holder', () => {
  it('a note, a release and a transfer by a head', async () => {
    await head.says('跟进 郑爽 主管问过了');
    await head.says('释放 郑爽 太远');
    await head.says('转 郑重 王强');
    const told = await school.prisma().notification.findMany({ where: { personId: li.id }, orderBy: { id: 'asc' } });
    expect(told).toMatchObject([
      { kind: 'touched', data: { customer: '郑爽', by: '周总', what: '给郑爽记了跟进：主管问过了' } },
      { kind: 'dropped', data: { customer: '郑爽', reason: '周总释放：太远' } },
      { kind: 'claimed', data: { customer: '郑重', by: '王强' } },
    ]);
    await li.says('跟进 郑爽 自己的');
    expect(await school.prisma().notification.count({ where: { personId: li.id } })).toBe(3);
  });
});
