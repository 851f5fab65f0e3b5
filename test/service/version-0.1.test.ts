import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EarlierFacts, loadEarlierSchool } from '../setup/earlier-school.ts';
import { startTestService, type TestService } from '../setup/service.ts';

/**
 * A school that ran version 0.1 starts on today's code, migrated, and goes on where it was: every migration to come keeps
 * this. Each `it` is one thing people left open when the old version stopped; what a new feature must not break is one more.
 */
/** Whose phone had followed and was bound. */
const BOUND = [
  'head',
  ...[1, 2, 3, 4, 5, 6].map((n) => `consultant${n}`),
  'lecturer1',
  'lecturer2',
  'tutor1',
  'student1',
  'student2',
];

let service: TestService;
let facts: EarlierFacts;

beforeAll(async () => {
  const earlier = await loadEarlierSchool('0.1');
  facts = earlier.facts;
  const TEST_NOW = new Date(Date.parse(facts.dumpedAt) + 60_000).toISOString();
  const env = { TEST_NOW, SESSION_SECRET: facts.sessionSecret };
  service = await startTestService({ school: earlier.school, env });
});
afterAll(() => service?.close());

const phone = (username: string) => service.phone(username);

describe('a school of version 0.1 on today’s version', () => {
  it('starts, migrated, a minute after it was left, though a grant names what no code knows', async () => {
    expect((await service.stranger().get('/readyz')).status).toBe(200);
    const passedMs = Date.parse(await service.now()) - Date.parse(facts.dumpedAt);
    expect(passedMs).toBeGreaterThanOrEqual(60_000);
    expect(passedMs).toBeLessThan(10 * 60_000);
  });

  it('lets everybody sign in with the password they had', async () => {
    for (const username of Object.keys(facts.phones)) await service.signIn(username);
    const admin = await service.signIn('admin');
    expect((await admin.get('/customers')).json.total).toBe(63);
    expect((await admin.get(encodeURI('/customers?q=周星星'))).json.rows[0]).toMatchObject({
      consultant: { name: '王强' },
    });
  });

  it('knows every phone: who follows, whose it is, and the menu', async () => {
    const phones = (await service.stranger().get('/sandbox/phones')).json as Record<string, unknown>[];
    for (const [username, openid] of Object.entries(facts.phones)) {
      const isBound = BOUND.includes(username);
      expect(phones).toContainEqual(expect.objectContaining({ username, openid, bound: isBound, following: isBound }));
    }
    const consultant1 = facts.phones.consultant1 ?? '';
    // A start does not wait for the menu to be set.
    await expect
      .poll(async () =>
        JSON.stringify((await service.stranger().get(`/sandbox/feed?openids=${consultant1}`)).json.menus[consultant1]),
      )
      .toContain('customers.pool');
    expect(await phone('consultant3').click('customers.pool')).toMatch(/^公海 \d+ 位/);
  });

  it('reads the numbers of the list shown last before', async () => {
    expect(await phone('consultant6').say('客户 3')).toContain('严守');
  });

  it('opens the link sent before for its addressee, and for nobody else', async () => {
    const { to, url } = facts.link;
    const opened = await (await service.signIn(to)).page(url);
    expect(opened.status).toBe(303);
    const record = await (await service.signIn(to)).page(opened.headers.get('location') ?? '');
    expect(record.status).toBe(200);
    expect(record.text).toContain('朱自强');
    expect((await (await service.signIn('consultant1')).page(url)).status).toBe(403);
  });

  it.each([
    ['consultant1', 'a follow-up', '/follow-ups?customerId=38&q=约了周五试听', 1, 0],
    ['consultant3', 'an entry', '/customers?q=周星星', 1, 0],
    ['consultant6', 'a claim', '/pool?q=卫青青', 0, 1],
    ['lecturer1', 'a mark', '/study-records?attendance=late&lessonId=4', 1, 0],
  ])(
    'takes back what %s did last, %s, by the code of the old receipt',
    async (username, _what, list, before, after) => {
      const admin = await service.signIn('admin');
      expect((await admin.get(encodeURI(list))).json.total).toBe(before);
      await phone(username).say(`撤销 ${facts.undo[username]}`);
      expect((await admin.get(encodeURI(list))).json.total).toBe(after);
    },
  );

  it('keeps the copied role 周末顾问 working as a consultant’s', async () => {
    const me = (await (await service.signIn('consultant6')).get('/me')).json;
    expect(me.menu.map(({ title }: { title: string }) => title)).toContain('我的客户');
    expect(await phone('consultant6').say('公海')).toMatch(/^公海 \d+ 位/);
    await phone('consultant6').say('我的客户');
    expect(await phone('consultant6').say('释放 1 人在外地')).toContain('已释放');
  });

  it('keeps what somebody of the copied role enters with whoever entered it', async () => {
    expect(await phone('consultant6').say('录入 周末来 13900004321 Python 百度推广')).toContain('周末来，归你跟进');
  });

  it('leaves taken away from consultants what the school took: 释放', async () => {
    const consultant = await service.signIn('consultant1');
    const [mine] = (await consultant.get('/my-customers?state=following')).json.rows;
    const path = `/customers/${mine.customer.id}/release`;
    expect((await consultant.post(path, { reason: '不想跟了' })).status).toBe(403);
    await phone('consultant1').say('我的客户');
    expect(await phone('consultant1').say('释放 1 不想跟了')).not.toContain('已释放');
    // What was released while they might stays so: taking it back needs the right too.
    await phone('consultant2').say(`撤销 ${facts.undo.consultant2}`);
    expect((await consultant.get(encodeURI('/pool?q=戚少商'))).json.total).toBe(1);
  });

  it('runs the jobs that fall due next: the night’s sweep, and the morning', async () => {
    const admin = await service.signIn('admin');
    const before = (await admin.get('/pool')).json.total;
    await service.clock('2026-11-27T09:00:00+08:00');
    expect((await admin.get('/pool')).json.total).toBeGreaterThan(before);
  });

  it('starts again on what it has migrated', async () => {
    await service.restart();
    expect((await service.stranger().get('/readyz')).status).toBe(200);
    expect((await (await service.signIn('admin')).get('/settings')).json.row.noContactDays).toBe(3);
  });
});
