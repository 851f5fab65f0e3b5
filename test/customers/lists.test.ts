import { beforeEach, describe, expect, it } from 'vitest';
import { type Somebody, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();

beforeEach(() => school.empty());

describe('公海', () => {
  it('lists what can be claimed, last come first, with courses, source and reason', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '李明', source: 'qqGroup', courses: ['Linux'], poolReason: 'noDeal' });
    await school.customer({ name: '王小雨', source: 'baidu', courses: ['Python全栈', 'Linux'] });
    await school.customer({ name: '赵六', heldBy: li });
    expect(await li.says('公海')).toBe(
      [
        '公海 2 位，最近进来的在前：',
        '1 王小雨 · Python全栈等 2 门 · 百度推广 · 三天未跟进',
        '2 李明 · Linux · qq群 · 十五天未成单',
        '回复「抢 1」抢单，「公海 百度推广」筛选',
      ].join('\n'),
    );
  });

  it('goes on behind the last one shown, whatever came or went between two pages', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    for (let n = 1; n <= 14; n += 1) await school.customer({ name: `客户甲${String(n).padStart(2, '0')}` });
    const first = await li.says('公海');
    expect(first.split('\n')).toHaveLength(8);
    expect(first).toContain('1 客户甲14');
    expect(first).toContain('「下一页」继续');

    await wang.says('公海');
    await wang.says('抢 2');
    await school.customer({ name: '新来的' });
    const second = await li.says('下一页');
    expect(second).toContain('1 客户甲08');
    expect(second).toContain('6 客户甲03');
    expect(await li.says('下一页')).toContain('2 客户甲01');
    expect(await li.says('下一页')).not.toContain('客户甲');
    expect(await li.says('抢 1')).toContain('抢到了：客户甲02');
  });

  it('is narrowed by source, course, reason, education and a month without contact, all combinable', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '甲', source: 'baidu', courses: ['Python全栈'] });
    await school.customer({
      name: '乙',
      source: 'baidu',
      courses: ['Linux'],
      poolReason: 'noDeal',
      education: 'juniorCollege',
    });
    await school.customer({ name: '丙', source: 'seo', courses: ['Linux'], received: '2026-09-01' });
    await school.customer({ name: '丁', source: 'qqGroup', received: '2026-10-21' });
    const names = async (text: string) => [...(await li.says(text)).matchAll(/^\d+ (\S+)/gm)].map(([, name]) => name);
    expect(await names('公海 百度推广')).toEqual(['乙', '甲']);
    expect(await names('公海 百度 SEO')).toEqual(['丙', '乙', '甲']);
    expect(await names('公海 百度推广 linux')).toEqual(['乙']);
    expect(await names('公海 十五天未成单')).toEqual(['乙']);
    expect(await names('公海 大专 linux')).toEqual(['乙']);
    expect(await names('公海 一个月未跟进')).toEqual(['丙']);
    expect(await names('公海 超过一个月未跟进 seo')).toEqual(['丙']);
    expect(await names('公海 丁')).toEqual(['丁']);
    expect(await li.says('公海 智汇推')).toContain('公海里没有符合「智汇推」的客户');
  });

  it('is narrowed by days, by who lost them and by how long nobody called, several values of a kind in one word too', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ name: '甲', lostBy: wang, received: '2026-11-01', source: 'baidu' });
    school.moveTo('2026-11-17');
    await school.customer({ name: '乙', lostBy: wang, received: '2026-11-10', source: 'seo' });
    await school.customer({ name: '王强', received: '2026-11-12' });
    school.moveTo('2026-11-21');
    const names = async (text: string) =>
      [...(await li.says(text)).matchAll(/^\d+ (\S+)/gm)].map(([, name]) => name).toSorted();
    await school
      .prisma()
      .customer.updateMany({ where: { name: '甲' }, data: { pooledAt: new Date('2026-11-18T00:00:00Z') } });
    expect(await names('公海 三天内')).toEqual(['甲']);
    expect(await names('公海 上周')).toEqual([]);
    expect(await names('公海 本周')).toEqual(['乙', '王强', '甲'].toSorted());
    expect(await names('公海 王强')).toEqual(['乙', '王强', '甲'].toSorted());
    expect(await names('公海 王强 百度推广')).toEqual(['甲']);
    expect(await names('公海 百度推广、seo')).toEqual(['乙', '甲'].toSorted());
    expect(await names('公海 十天未跟进')).toEqual(['乙', '甲'].toSorted());
  });

  it('when empty, says so', async () => {
    const li = await school.consultant('李娜');
    expect(await li.says('公海')).toBe('公海现在是空的，有客户进来会告诉你');
  });
});

describe('masking', () => {
  it('holds in the file until claimed, and no search finds a masked number', async () => {
    const [li, head] = [await school.consultant('李娜'), await school.head('周总')];
    await school.customer({ name: '王小雨', phone: '13800138000', qq: '12345678', wechat: 'amber_wang' });
    await li.says('公海');
    const file = await li.says('客户 1');
    expect(file).toContain('手机 138****8000 · QQ 12****78 · 微信 a***g');
    expect(file).not.toMatch(/13800138000|138 0013|12345678|amber/);
    for (const number of ['13800138000', '138', '12345678', 'amber_wang', '138 0013 8000'])
      expect(await li.says(`公海 ${number}`)).toContain('公海里没有符合');

    expect(await head.says('公海 13800138000')).toContain('1 王小雨');
    expect(await head.says('客户 1')).toContain('手机 138 0013 8000');
    await li.says('公海');
    await li.says('抢 1');
    expect(await li.says('我的客户 13800138000')).toContain('王小雨');
  });

  it('holds for earlier notes as well', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ name: '王小雨', heldBy: li });
    await li.says('我的客户');
    await li.says('跟进 1 加了微信 amber_wang');
    await li.says('释放 1 出差');
    await wang.says('公海');
    expect(await wang.says('客户 1')).not.toContain('amber_wang');
    await wang.says('抢 1');
    expect(await wang.says('客户 1')).toContain('11-21 李娜：加了微信 amber_wang');
  });
});

describe('我的客户', () => {
  it('lists following, then lost, then won, with reasons; undone ones hidden', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '成单', heldBy: li, status: 'enrolled', state: 'won' });
    await school.customer({ name: '在跟', heldBy: li, courses: ['Linux'], contacted: '2026-11-19' });
    await school.customer({ name: '丢了', heldBy: li });
    await school.customer({ name: '撤了' });
    await li.says('我的客户');
    await li.says('释放 1 不接电话');
    await li.says('公海');
    await li.says('抢 1');
    await li.says('撤销');
    expect(await li.says('我的客户')).toBe(
      [
        '我的客户 3 位，在跟 1 位：',
        '1 在跟 · Linux · qq群 · 2 天前跟进',
        '2 丢了 · qq群 · 已释放 11-21',
        '3 成单 · qq群 · 已成单',
        '回复「客户 1」看资料，「跟进 1 内容」记跟进',
      ].join('\n'),
    );
    expect(await li.says('我的客户 已释放')).toContain('1 丢了');
    expect(await li.says('我的客户 跟进中')).toContain('我的客户（跟进中） 1 位');
    expect(await li.says('我的客户 linux')).toContain('1 在跟');
  });

  it('is narrowed to those received within three days, and by state and source beside', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '旧的', heldBy: li, received: '2026-11-17', contacted: '2026-11-20' });
    await school.customer({ name: '新的', heldBy: li, received: '2026-11-18', source: 'baidu' });
    await school.customer({ name: '更新', heldBy: li, received: '2026-11-21' });
    const all = await li.says('我的客户 三天内');
    expect(all).toContain('我的客户（三天内） 2 位');
    expect(all).not.toContain('旧的');
    expect(await li.says('我的客户 三天内 百度推广')).toContain('1 新的');
    expect(await li.says('我的客户 今天')).toContain('1 更新');
    expect(await li.says('我的客户 上个月')).toContain('你的客户里没有符合「上个月」的');
  });

  it('of another is never seen', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ name: '王小雨', heldBy: li, phone: '13800138000' });
    expect(await wang.says('我的客户')).toContain('你还没有客户');
    expect(await wang.says('公海 13800138000')).not.toContain('王小雨');
  });
});

describe('跟进', () => {
  it('without a day in the text, says until when to contact again', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-20' });
    await li.says('我的客户');
    expect(await li.says('跟进 1 电话没人接')).toContain(
      '已记下：王小雨 · 电话没人接\n最晚 周二 11-24 再联系一次，过了会回公海。撤销 ',
    );
    await school.customer({ name: '李明', heldBy: li, received: '2026-11-07' });
    await li.says('我的客户 李明');
    expect(await li.says('跟进1：又聊了聊')).toContain('明天 11-22 周日 是成单期限，过了会回公海');
  });

  it('keeps an appointment still to come where no new one is named', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({ heldBy: li });
    await li.says('我的客户');
    await li.says('跟进 1 约了周五试听');
    await li.says('跟进 1 又问了价格');
    expect(await school.stored(id)).toMatchObject({ nextContactOn: new Date('2026-11-27') });
  });

  it('without a note or a number, says how to write it', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li });
    await li.says('我的客户');
    expect(await li.says('跟进 1')).toContain('请填写跟进内容');
    expect(await li.says('跟进')).toContain('跟进哪一位？回复「跟进 1 内容」这样的编号');
  });
});

describe('客户 by name', () => {
  it('finds the exact name first, else the only one that begins so, and answers to it as number 1', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', heldBy: li });
    await school.customer({ name: '王小', phone: '13800138000' });
    await school.customer({ name: '赵六', heldBy: li });
    await li.says('我的客户');
    expect((await li.says('客户 王小雨')).split('\n')[0]).toBe('王小雨 · 未报名 · 正在跟进 · 李娜');
    expect(await li.says('客户 赵')).toContain('回复「跟进 1 内容」');
    const pooled = await li.says('客户王小');
    expect(pooled).toContain('手机 138****8000');
    expect(pooled).toContain('回复「抢 1」');
    expect(await li.says('抢 1')).toContain('抢到了：王小');
  });

  it('keeps the list shown last where the customer is in it', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', heldBy: li });
    await school.customer({ name: '赵六', heldBy: li });
    expect(await li.says('我的客户')).toContain('2 王小雨');
    expect(await li.says('show 王')).toContain('回复「跟进 2 内容」');
    expect(await li.says('客户 1')).toContain('赵六');
  });

  it('asks back where several begin so, and the words it offers list them numbered', async () => {
    const li = await school.consultant('李娜');
    for (const name of ['王小雨', '王强']) await school.customer({ name, heldBy: li });
    await school.customer({ name: '王二' });
    expect(await li.says('客户 王')).toMatch(
      /^「王」有 3 位，哪一位？\n1 王二 · 接单 昨天\n2 王小雨 · QQ 尾号 \d{4} · 接单 昨天\n3 王强 · .*\n回复「客户 1」这样的编号$/,
    );
    expect(await li.says('2')).toContain('王小雨 · 未报名');
    expect(await li.says('客户 2')).toContain('王小雨 · 未报名');
    for (let n = 0; n < 4; n += 1) await school.customer({ name: '王二' });
    expect(await li.says('客户 王')).toContain('「王」不止 6 位');
    expect(await li.says('客户 王二')).toContain('「王二」有 5 位，哪一位？');
    expect(await li.says('公海 王二')).toContain('5 王二');
  });

  it('never tells of a colleague’s customers, and takes % and _ as they stand', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ name: '赵六', heldBy: wang });
    await school.customer({ name: '甲%乙' });
    expect(await li.says('客户 赵六')).toContain('没有找到叫「赵六」的客户');
    expect(await li.says('客户 甲_')).toContain('没有找到');
    expect(await li.says('客户 甲%')).toContain('甲%乙');
    expect(await li.says('公海 %%')).toContain('没有符合');
  });

  it('跟进 and 释放 reach one’s own that way, not the pool’s', async () => {
    const li = await school.consultant('李娜');
    const mine = await school.customer({ name: '王小雨', heldBy: li });
    await school.customer({ name: '王二' });
    expect(await li.says('跟进 王 约了来看看')).toContain('已记下：王小雨 · 约了来看看');
    expect((await school.stored(mine)).followUps).toMatchObject([{ note: '约了来看看' }]);
    expect(await li.says('跟进 王二 你好')).toContain('没有找到叫「王二」的客户');
    expect(await li.says('释放 王小雨 人在外地')).toContain('已释放：王小雨 · 人在外地');
  });
});
