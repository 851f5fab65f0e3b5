import { beforeEach, describe, expect, it } from 'vitest';
import { laterReminders, nextContactReminder } from '../../../src/before-it-drops/reminders/job.ts';
import type { Job } from '../../../src/jobs/define-job.ts';
import { systemActor } from '../../../src/kernel/actor.ts';
import { dayToDb, type SchoolDay } from '../../../src/kernel/school-time.ts';
import { noticeCatalogue } from '../../../src/notice-catalogue.ts';
import { type Somebody, undoCodeIn, useSalesSchool } from '../../customers/sales-school.ts';

const school = useSalesSchool();
let li: Somebody;

beforeEach(async () => {
  await school.empty();
  school.moveTo('2026-11-23', '08:30');
  li = await school.consultant('李娜');
});

const run = (job: Job) =>
  school.node().inTransaction(systemActor, 'job', (scope) => job.run(scope, { dueAt: scope.now, limit: 100 }));

const due = (name: string, on: SchoolDay = '2026-11-23') =>
  school.customer({ name, heldBy: li, received: '2026-11-20', nextContactOn: dayToDb(on) });

const nextContact = async (id: number) => (await school.stored(id)).nextContactOn?.toISOString().slice(0, 10) ?? null;

async function reminders(): Promise<string[]> {
  return (await school.notices('nextContact')).map(({ data }) => {
    const { first, more } = noticeCatalogue.word('nextContact', data);
    return [first, ...more].join('\n');
  });
}

describe('the morning’s reminder', () => {
  it('numbers whom one meant to contact that day and says how to answer', async () => {
    const a = await due('王小雨');
    await due('李明');
    await due('明天的', '2026-11-24');
    await school.prisma().followUp.create({
      data: {
        customerId: a,
        consultantId: li.id,
        date: dayToDb('2026-11-20'),
        note: '想先看课表',
        createdAt: school.clock.now(),
      },
    });
    expect(await run(nextContactReminder)).toBe(1);
    expect(await run(nextContactReminder)).toBe(0);
    expect(await reminders()).toEqual([
      '今天要联系 2 位\n1 王小雨 QQ 10000001 · 想先看课表\n2 李明 QQ 10000002\n聊完回复「1 内容」记跟进，「1 明天」改天，「稍后」两小时后再提醒',
    ]);
  });

  it('takes a follow-up by its number', async () => {
    await due('王小雨');
    const b = await due('李明');
    await run(nextContactReminder);
    expect(await li.says('2 聊了半小时，周六来试听')).toMatch(
      /^已记下：李明 · 聊了半小时，周六来试听\n下次联系 周六 11-28/,
    );
    expect(await nextContact(b)).toBe('2026-11-28');
  });
});

describe('明天', () => {
  it('moves one, several or all of the day’s appointments to tomorrow', async () => {
    const ids = [await due('王小雨'), await due('李明'), await due('张三'), await due('赵六')];
    await run(nextContactReminder);
    expect(await li.says('1 明天')).toMatch(/^改到 明天 11-24 周二：王小雨/);
    expect(await li.says('2、3 后天再联系')).toMatch(/^改到 周三 11-25：李明、张三/);
    expect(await Promise.all(ids.map(nextContact))).toEqual(['2026-11-24', '2026-11-25', '2026-11-25', '2026-11-23']);
    expect(await li.says('明天')).toMatch(/^改到 明天 11-24 周二：王小雨|^改到 明天 11-24 周二：赵六/);
    expect(await nextContact(ids[3] ?? 0)).toBe('2026-11-24');
  });

  it('moves to any day people name, and asks back where it is not one to come', async () => {
    const ids = [await due('王小雨'), await due('李明')];
    await run(nextContactReminder);
    expect(await li.says('1 周五再联系')).toMatch(/^改到 周五 11-27：王小雨/);
    expect(await li.says('2 12月3日')).toMatch(/^改到 12-03：李明/);
    expect(await li.says('1 昨天')).toContain('昨天不是以后的日子');
    expect(await Promise.all(ids.map(nextContact))).toEqual(['2026-11-27', '2026-12-03']);
  });

  it('warns of those who will have dropped by then', async () => {
    await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-20', nextContactOn: dayToDb('2026-11-23') });
    await run(nextContactReminder);
    expect(await li.says('明天')).toContain('王小雨等不到那天就会回公海，最好还是先联系一次');
  });

  it('is taken back by 撤销, to the day it was', async () => {
    const id = await due('王小雨');
    await run(nextContactReminder);
    const receipt = await li.says('1 明天');
    expect(await li.says(undoCodeIn(receipt))).toBe('已撤销：王小雨的下次联系改回原来的日子');
    expect(await nextContact(id)).toBe('2026-11-23');
  });

  it('without a reminder of today says how else', async () => {
    await due('王小雨');
    await run(nextContactReminder);
    school.moveTo('2026-11-24', '00:00');
    expect(await li.says('1 明天')).toContain('今天没有要改时间的提醒');
    expect(await li.says('3 明天')).toContain('今天没有要改时间的提醒');
  });

  it('with numbers nobody has is refused', async () => {
    await due('王小雨');
    await run(nextContactReminder);
    expect(await li.says('2 明天')).toContain('列表里只有 1 号，没有 2');
  });
});

describe('稍后', () => {
  it('reminds again in two hours of those not contacted since, under their numbers', async () => {
    await due('王小雨');
    await due('李明');
    await due('张三');
    await run(nextContactReminder);
    expect(await li.says('稍后')).toBe('好的，10:30 再提醒：王小雨、李明、张三');
    await li.says('1 聊过了');
    school.moveTo('2026-11-23', '10:20');
    expect(await run(laterReminders)).toBe(0);
    school.moveTo('2026-11-23', '10:30');
    expect(await run(laterReminders)).toBe(1);
    expect(await run(laterReminders)).toBe(0);
    expect((await reminders()).at(-1)).toMatch(/^今天要联系 2 位\n2 李明 QQ \d+\n3 张三 QQ \d+\n聊完回复「2 内容」/);
    expect(await li.says('3 电话没接')).toContain('已记下：张三');
  });

  it('said twice brings both together, and says nothing where all were contacted meanwhile', async () => {
    await due('王小雨');
    await due('李明');
    await run(nextContactReminder);
    expect(await li.says('1 稍后')).toContain('10:30 再提醒：王小雨');
    school.moveTo('2026-11-23', '09:00');
    expect(await li.says('稍后 2')).toContain('11:00 再提醒：李明');
    await li.says('1 聊过了');
    await li.says('2 聊过了');
    school.moveTo('2026-11-23', '11:00');
    expect(await run(laterReminders)).toBe(1);
    expect(await reminders()).toHaveLength(1);
  });

  it('with nobody left to contact says so', async () => {
    await due('王小雨');
    await run(nextContactReminder);
    await li.says('1 聊过了');
    expect(await li.says('稍后')).toBe('这几位今天都不用再提醒了：已经联系过，或者不在你手上了');
  });
});
