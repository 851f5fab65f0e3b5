import { beforeEach, describe, expect, it } from 'vitest';
import { eveningDigest } from '../../../src/before-it-drops/rescue/job.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { systemActor } from '../../../src/kernel/actor.ts';
import type { InTransaction } from '../../../src/kernel/scope.ts';
import { noticeCatalogue } from '../../../src/notice-catalogue.ts';
import { changeSettings } from '../../../src/settings/index.ts';
import { type Somebody, useSalesSchool } from '../../customers/sales-school.ts';
import { quietLog } from '../../setup/database.ts';
import { postgresOnly } from '../../setup/services.ts';
import { runDigest } from './evening.ts';

const school = useSalesSchool();

beforeEach(async () => {
  await school.empty();
  school.moveTo('2026-11-21', '17:30');
});

/** What reaches a person's WeChat while their window is open. */
async function digestOf(person: Somebody): Promise<string[]> {
  const notices = (await school.notices('aboutToDrop')).filter(({ personId }) => personId === person.id);
  return notices.map(({ data }) => {
    const { first, more } = noticeCatalogue.word('aboutToDrop', data);
    return [first, ...more].join('\n');
  });
}

const listOf = (person: Somebody) =>
  school.prisma().numberedList.findUnique({ where: { personId_slot: { personId: person.id, slot: 'rescue' } } });

describe('the evening’s digest', () => {
  it('numbers whom a contact saves, names apart whom it does not, and leaves the others out', async () => {
    const li = await school.consultant('李娜');
    const wang = await school.consultant('王强');
    const first = await school.customer({
      name: '王小雨',
      heldBy: li,
      received: '2026-11-10',
      contacted: '2026-11-18',
      courses: ['Python全栈'],
    });
    const second = await school.customer({ name: '李明', heldBy: li, received: '2026-11-18' });
    await school.customer({ name: '赵六', heldBy: li, received: '2026-11-06', contacted: '2026-11-21' });
    await school.customer({ name: '钱七', heldBy: li, received: '2026-11-19' });
    await school.customer({ name: '孙八', heldBy: wang, received: '2026-11-21' });
    await school.customer({ name: '报名的', heldBy: li, received: '2026-01-01', status: 'enrolled', state: 'won' });

    expect(await runDigest(school)).toBe(1);
    expect(await digestOf(li)).toEqual([
      [
        '3 位客户快掉了，明早 2 点回公海',
        '1 王小雨 QQ 10000001 · Python全栈 · 3 天前跟进',
        '2 李明 QQ 10000002 · 3 天前跟进',
        '到成单期限，跟进也留不住：赵六',
        '回复「1 已约周五试听」记下跟进、留住 1 号',
      ].join('\n'),
    ]);
    expect(await digestOf(wang)).toEqual([]);
    expect(await listOf(li)).toMatchObject({
      kind: 'rescue',
      items: [first, second],
      expiresAt: new Date('2026-11-21T18:00:00Z'),
    });
  });

  it('comes once before a sweep, however often the job runs and in whatever batches', async () => {
    const people = await school.consultants('李娜', '王强', '赵敏');
    for (const person of people) await school.customer({ heldBy: person, received: '2026-11-18' });
    expect(await runDigest(school, { limit: 1 })).toBe(3);
    school.moveTo('2026-11-21', '18:00');
    expect(await runDigest(school)).toBe(0);
    expect(await school.notices('aboutToDrop')).toHaveLength(3);
    school.moveTo('2026-11-22', '17:30');
    expect(await runDigest(school)).toBe(3);
  });

  it('of very many stays one message of eight lines and 600 characters, and all of them have a number', async () => {
    const li = await school.consultant('李娜');
    for (let n = 0; n < 30; n += 1)
      await school.customer({
        name: `名字特别长的客户先生${n}号一家三口`,
        heldBy: li,
        received: n < 20 ? '2026-11-18' : '2026-11-06',
        courses: ['一门名字特别特别特别长的人工智能与大数据分析课程'],
      });
    await runDigest(school);
    const [text = ''] = await digestOf(li);
    expect(text.split('\n')).toHaveLength(7);
    expect(text.length).toBeLessThan(500);
    expect(text).toContain('30 位客户快掉了');
    expect(text).toContain('等 10 位');
    expect(text).toContain('「下一页」看后面的');
    expect((await listOf(li))?.items).toHaveLength(20);
  });

  it('where nobody can be saved, asks for no answer', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '赵六', heldBy: li, received: '2026-11-06' });
    await runDigest(school);
    expect(await digestOf(li)).toEqual(['1 位客户快掉了，明早 2 点回公海\n到成单期限，跟进也留不住：赵六']);
    expect(await listOf(li)).toBeNull();
  });

  it('goes by the settings, and warns only the day before a sweep that is not daily', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li, received: '2026-11-18' });
    const set = (changes: object) =>
      school.node().inTransaction(systemActor, 'web', (scope) => changeSettings(scope, changes));
    await set({ sweepCron: '0 12 * * 2' });
    expect(await runDigest(school)).toBe(0);
    school.moveTo('2026-11-23', '17:30');
    await set({ noContactDays: 7 });
    expect(await runDigest(school)).toBe(0);
    await set({ noContactDays: 5 });
    expect(await runDigest(school)).toBe(1);
    expect(await digestOf(li)).toMatchObject([expect.stringContaining('明天 12 点回公海')]);
  });

  it('missed and made up for after the sweep was due, tells nothing and leaves the next evening its own', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li, received: '2026-11-18' });
    const dueAt = school.clock.now();
    school.moveTo('2026-11-22', '03:00');
    const { inTransaction } = school.node();
    expect(await inTransaction(systemActor, 'job', (scope) => eveningDigest.run(scope, { dueAt, limit: 9 }))).toBe(0);
    school.moveTo('2026-11-22', '01:59');
    expect(await inTransaction(systemActor, 'job', (scope) => eveningDigest.run(scope, { dueAt, limit: 9 }))).toBe(1);
  });

  it('tells nobody who has left, and keeps the numbers somebody was given before', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ name: '王小雨', heldBy: li, received: '2026-11-18' });
    await school.customer({ heldBy: wang, received: '2026-11-18' });
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: false } });
    expect(await li.says('快掉了')).toContain('1 王小雨');
    await school.customer({ name: '更久的', heldBy: li, received: '2026-11-15' });
    expect(await runDigest(school)).toBe(1);
    expect((await digestOf(li))[0]).toContain('1 王小雨');
    expect((await digestOf(li))[0]).toContain('2 更久的');
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: true } });
  });

  it('gives the head of sales a count for each consultant of the department', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    const elsewhere = await school.person('外部', 'own', ['list', 'claim', 'followUp'], 1001);
    const head = await school.head('周敏', 'department');
    await school.customer({ heldBy: li, received: '2026-11-18' });
    await school.customer({ heldBy: li, received: '2026-11-06' });
    await school.customer({ heldBy: wang, received: '2026-11-18' });
    await school.customer({ heldBy: elsewhere, received: '2026-11-18' });
    await runDigest(school);
    await runDigest(school);
    expect(await digestOf(head)).toEqual(['3 位客户快掉了，明早 2 点回公海\n李娜 2 位 · 1 位到成单期限\n王强 1 位']);
    expect(await head.says('快掉了')).toBe(
      '你没有快掉的客户，明早 2 点回公海的：\n李娜 2 位 · 1 位到成单期限\n王强 1 位',
    );
  });
});

postgresOnly('the evening’s digest on two nodes', () => {
  it('at once, tells each consultant once', async () => {
    const people = await school.consultants('甲', '乙', '丙', '丁', '戊', '己');
    for (const person of people) await school.customer({ heldBy: person, received: '2026-11-18' });
    const other = await openDatabase({ databaseUrl: school.database().databaseUrl!, log: quietLog });
    try {
      const second = school.openNode(other).inTransaction as InTransaction;
      await Promise.all([runDigest(school, { limit: 2 }), runDigest(school, { limit: 2, inTransaction: second })]);
    } finally {
      await other.close();
    }
    const ids = people.map(({ id }) => id);
    const told = (await school.notices('aboutToDrop')).flatMap(({ personId }) =>
      ids.includes(personId) ? [personId] : [],
    );
    expect(told.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
  });
});
