import { beforeEach, describe, expect, it } from 'vitest';
import { type Somebody, undoCodeIn, useSalesSchool } from '../../customers/sales-school.ts';
import { runDigest, runSweep } from './evening.ts';

const school = useSalesSchool();
let li: Somebody;
let wang: Somebody;

beforeEach(async () => {
  await school.empty();
  school.moveTo('2026-11-21', '17:30');
  [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
});

/** Some of 李娜's who will drop tonight, in the order of their numbers. */
async function dropping(...names: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push(await school.customer({ name, heldBy: li, received: '2026-11-18' }));
  return ids;
}

describe('3 已约周五试听', () => {
  it('writes the follow-up and saves number 3 from the sweep', async () => {
    const [a, b, c] = (await dropping('王小雨', '李明', '张三')) as [number, number, number];
    await runDigest(school);
    expect(await li.says('3 已约周五试听')).toMatch(
      /^留住了：张三 · 已约周五试听\n下次联系 周五 11-27，但等不到那天：最晚 周二 11-24 再联系一次，过了会回公海\n还有 2 位快掉：1 王小雨 · 2 李明。撤销 [A-Z2-9]{4}$/,
    );
    expect(await school.stored(c)).toMatchObject({
      lastContactedOn: new Date('2026-11-21'),
      nextContactOn: new Date('2026-11-27'),
      followUps: [{ note: '已约周五试听', consultantId: li.id }],
    });
    school.moveTo('2026-11-22', '02:00');
    expect(await runSweep(school)).toBe(2);
    for (const id of [a, b]) expect(await school.stored(id)).toMatchObject({ consultantId: null });
    expect(await school.stored(c)).toMatchObject({ consultantId: li.id });
  });

  it('several in one message save each, by lines or by ；', async () => {
    const ids = await dropping('王小雨', '李明', '张三');
    await runDigest(school);
    const answer = await li.says('1 已约周五试听；2 说再想想，下周一联系\n3 电话没人接，加了微信');
    expect(answer).toMatch(
      /^留住了 3 位：\n1 王小雨 · 已约周五试听\n2 李明 · 说再想想，下周一联系\n3 张三 · 电话没人接，加了微信\n快掉的都留住了。撤销/,
    );
    expect((await school.stored(ids[1] ?? 0)).nextContactOn).toEqual(new Date('2026-11-23'));
    school.moveTo('2026-11-22', '02:00');
    expect(await runSweep(school)).toBe(0);
  });

  it('one that cannot be written does not take the others back', async () => {
    const [a, b] = (await dropping('王小雨', '李明')) as [number, number];
    await runDigest(school);
    await li.says('我的客户');
    const released = await li.says('释放 2 人在外地');
    expect(released).toContain('已释放');
    const gone = released.includes('李明') ? 2 : 1;
    const left = gone === 2 ? a : b;
    await li.says('快掉了');
    const answer = await li.says('1 已约周五试听；2 已约周六试听');
    expect(answer).toContain(`${gone} 号没记上：`);
    expect((await school.stored(left)).followUps).toHaveLength(1);
  });

  it('is refused whole where none can be written', async () => {
    await dropping('王小雨');
    await runDigest(school);
    expect(await li.says('9 已约周五试听')).toBe('列表里只有 1 号，没有 9');
    expect(await li.says('1 明天')).toBe('1 号聊了什么？写成「1 已约周五试听」这样就记下');
    expect(await school.prisma().followUp.count()).toBe(0);
  });

  it('after another list was shown is a number of that list, and 快掉了 shows the evening’s again', async () => {
    const [first] = await dropping('王小雨', '李明');
    const other = await school.customer({ name: '新来的', heldBy: li, received: '2026-11-21' });
    await runDigest(school);
    expect(await li.says('我的客户')).toContain('1 新来的');
    expect(await li.says('1 已约周五试听')).toContain('已记下：新来的');
    expect((await school.stored(first ?? 0)).followUps).toHaveLength(0);
    expect((await school.stored(other)).followUps).toHaveLength(1);
    await li.says('快掉了');
    expect(await li.says('1 聊过了')).toContain('留住了：王小雨');
  });

  it('`1、2、3 已联系`, `1 2 没接`, `1-3 已群发`, `全部 已群发` write on each that was named', async () => {
    const ids = await dropping('王小雨', '李明', '张三');
    await runDigest(school);
    const notes = async () =>
      Promise.all(ids.map(async (id) => (await school.stored(id)).followUps.map(({ note }) => note)));
    const receipt = await li.says('1 2 没接');
    expect(receipt).toMatch(/^留住了 2 位：\n1 王小雨 · 没接\n2 李明 · 没接\n还有 1 位快掉：3 张三。撤销/);
    expect(await notes()).toEqual([['没接'], ['没接'], []]);
    await li.says(undoCodeIn(receipt));
    expect(await notes()).toEqual([[], [], []]);
    await li.says('1-3 已群发');
    await li.says('全部 又群发');
    await li.says('3 已约周五试听；1、2 再想想');
    expect(await notes()).toEqual([
      ['已群发', '又群发', '再想想'],
      ['已群发', '又群发', '再想想'],
      ['已群发', '又群发', '已约周五试听'],
    ]);
    expect(await li.says('1、9 没接')).toBe('列表里只有 1 到 3，没有 9');
    expect((await notes()).flat()).toHaveLength(9);
  });

  it('numbers work in every command that takes one, and a bare one opens the file', async () => {
    const [id] = await dropping('王小雨');
    await runDigest(school);
    expect(await li.says('1')).toContain('王小雨 · 未报名');
    expect(await li.says('客户 1')).toContain('王小雨 · 未报名');
    expect(await li.says('跟进 1 聊过了')).toContain('已记下：王小雨');
    expect((await school.stored(id ?? 0)).followUps).toHaveLength(1);
  });

  it('works until the sweep, a minute before two o’clock too, and not after it', async () => {
    await dropping('王小雨', '李明');
    await runDigest(school);
    school.moveTo('2026-11-22', '01:59');
    expect(await li.says('2 半夜回了消息')).toContain('留住了：李明');
    school.moveTo('2026-11-22', '02:00');
    expect(await li.says('1 已约周五试听')).toMatch(/^这个编号现在没有列表/);
    expect(await runSweep(school)).toBe(1);
  });

  it('is taken back whole by 撤销, and the customers drop after all', async () => {
    await dropping('王小雨', '李明');
    await runDigest(school);
    const receipt = await li.says('1 已约周五试听；2 再想想；1 改到周六');
    expect(await li.says(undoCodeIn(receipt))).toBe('已撤销：王小雨、李明的跟进去掉了，最后跟进也改回原来的日子');
    expect(await school.prisma().followUp.count()).toBe(0);
    school.moveTo('2026-11-22', '02:00');
    expect(await runSweep(school)).toBe(2);
  });

  it('without a list of one’s own is a hint, not a follow-up', async () => {
    await dropping('王小雨');
    await runDigest(school);
    expect(await wang.says('1 已约周五试听')).toBe(
      '这个编号现在没有列表。回复「快掉了」或「我的客户」列出来，再说「1 已约周五试听」',
    );
    expect(await school.prisma().followUp.count()).toBe(0);
  });

  it('needs the permission to follow up', async () => {
    const reader = await school.person('只看', 'own', ['list']);
    expect(await reader.says('1 已约周五试听')).toContain('没看懂');
  });
});

describe('快掉了', () => {
  it('lists what drops and makes the numbers valid until the sweep, without any digest', async () => {
    await dropping('王小雨', '李明');
    await school.customer({ name: '赵六', heldBy: li, received: '2026-11-06' });
    school.moveTo('2026-11-21', '10:00');
    expect((await li.says('快掉了')).split('\n')).toEqual([
      '3 位客户快掉了，明早 2 点回公海：',
      expect.stringMatching(/^1 王小雨 QQ \d{8} · 3 天前跟进$/),
      expect.stringMatching(/^2 李明 QQ \d{8} · 3 天前跟进$/),
      '到成单期限，跟进也留不住：赵六',
      '回复「1 已约周五试听」记下跟进、留住 1 号',
    ]);
    school.moveTo('2026-11-21', '23:00');
    expect(await li.says('2 聊过了')).toContain('留住了：李明');
  });

  it('keeps everybody’s number through the evening, saved or not', async () => {
    await dropping('王小雨', '李明', '张三');
    await runDigest(school);
    await li.says('2 聊过了');
    const list = await li.says('快掉了');
    expect(list).toContain('1 王小雨');
    expect(list).toContain('3 张三');
    expect(list).not.toContain('李明');
  });

  it('shows many page by page, with the numbers going on', async () => {
    await dropping(...Array.from({ length: 7 }, (_, n) => `客户甲${n + 1}`));
    expect(await li.says('快掉了')).toContain('「下一页」看后面的');
    const second = await li.says('快掉了 2');
    expect(second).toContain('6 客户甲6');
    expect(second).toContain('「快掉了」看开头');
    expect(await li.says('7 聊过了')).toContain('留住了：客户甲7');
  });

  it('with nothing to lose says so', async () => {
    expect(await li.says('快掉了')).toBe('明早 2 点没有会掉的客户，都跟得上\n回复「我的客户」看在跟的');
  });
});
