import { beforeEach, describe, expect, it } from 'vitest';
import { type Somebody, undoCodeIn, useSalesSchool } from '../sales-school.ts';
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
      /^留住了：张三 · 已约周五试听\n下次联系 周五 11-27，到时提醒你\n还有 2 位快掉：1 王小雨 · 2 李明。撤销 [A-Z2-9]{4}$/,
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
    const answer = await li.says('1 已约周五试听；2 已约周六试听；7 谁');
    expect(answer).toContain(`${gone} 号没记上：`);
    expect(answer).toContain('7 号没记上：名单里只有 1 到 2 号');
    expect((await school.stored(left)).followUps).toHaveLength(1);
  });

  it('is refused whole where none can be written', async () => {
    await dropping('王小雨');
    await runDigest(school);
    expect(await li.says('9 已约周五试听')).toBe('9 号没记上：名单里只有 1 号');
    expect(await li.says('1')).toBe('1 号聊了什么？写成「1 已约周五试听」这样就记下');
    expect(await school.prisma().followUp.count()).toBe(0);
  });

  it('has numbers of its own: lists shown meanwhile do not disturb it, and it does not disturb them', async () => {
    const [first] = await dropping('王小雨', '李明');
    const other = await school.customer({ name: '新来的', heldBy: li, received: '2026-11-21' });
    await runDigest(school);
    expect(await li.says('我的客户')).toContain('1 新来的');
    expect(await li.says('1 聊过了')).toContain('留住了：王小雨');
    expect(await li.says('跟进 1 第一次联系')).toContain('已记下：新来的');
    expect((await school.stored(first ?? 0)).followUps).toHaveLength(1);
    expect((await school.stored(other)).followUps).toHaveLength(1);
  });

  it('works until the sweep, a minute before two o’clock too, and not after it', async () => {
    await dropping('王小雨', '李明');
    await runDigest(school);
    school.moveTo('2026-11-22', '01:59');
    expect(await li.says('2 半夜回了消息')).toContain('留住了：李明');
    school.moveTo('2026-11-22', '02:00');
    expect(await li.says('1 已约周五试听')).toMatch(/^现在没有「快掉了」的编号/);
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
      '现在没有「快掉了」的编号（只到当晚筛选前有效）。回复「快掉了」看名单；给别的客户记跟进写成「跟进 1 已约周五试听」这样',
    );
    expect(await school.prisma().followUp.count()).toBe(0);
  });

  it('needs the permission to follow up', async () => {
    const reader = await school.person('只看', 'own', ['list']);
    expect(await reader.says('1 已约周五试听')).toContain('没有');
  });
});

describe('快掉了', () => {
  it('lists what drops and makes the numbers valid until the sweep, without any digest', async () => {
    await dropping('王小雨', '李明');
    await school.customer({ name: '赵六', heldBy: li, received: '2026-11-06' });
    school.moveTo('2026-11-21', '10:00');
    expect(await li.says('快掉了')).toBe(
      [
        '3 位客户快掉了，今晚 02:00 回公海：',
        '1 王小雨 · 3 天前跟进',
        '2 李明 · 3 天前跟进',
        '到成单期限，跟进也留不住：赵六',
        '回复「1 已约周五试听」记下跟进、留住 1 号',
      ].join('\n'),
    );
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
    expect(await li.says('快掉了')).toContain('「快掉了 2」看后面的');
    const second = await li.says('快掉了 2');
    expect(second).toContain('6 客户甲6');
    expect(second).toContain('「快掉了 1」看开头');
    expect(await li.says('7 聊过了')).toContain('留住了：客户甲7');
  });

  it('with nothing to lose says so', async () => {
    expect(await li.says('快掉了')).toBe('今晚 02:00 没有会掉的客户，都跟得上\n回复「我的客户」看在跟的');
  });
});
