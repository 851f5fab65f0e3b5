import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/kernel/school-time.ts';
import type { Client } from '../setup/json-client.ts';
import { TEST_DAY } from '../setup/now.ts';
import { useTestService } from '../setup/service.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of every list are looked into.
type Row = any;

const service = useTestService();

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n + 1}`);
const CONSULTANTS = numbered('consultant', 6);
const ACCOUNTS = [
  'admin',
  'head',
  ...CONSULTANTS,
  ...numbered('lecturer', 2),
  'tutor1',
  ...numbered('student', 8),
] as const;

/** All rows of a list, page by page. */
async function all(client: Client, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const { json } = await client.get(`${path}${path.includes('?') ? '&' : '?'}size=200&page=${page}`);
    rows.push(...json.rows);
    if (rows.length >= json.total || json.rows.length === 0) return rows;
  }
}

describe('the demo school at whatever hour it is first started', () => {
  it('sends nobody a notice of what happened before', async () => {
    for (const username of CONSULTANTS) expect(await service().phone(username).inbox()).toEqual([]);
  });

  it('warns consultants 1 and 2 of customers that drop at the coming sweep', async () => {
    for (const username of ['consultant1', 'consultant2']) {
      const page = (await (await service().signIn(username)).get('/my-customers/about-to-drop')).json;
      expect(page.rows.length).toBeGreaterThan(0);
    }
    expect(await service().phone('consultant2').say('快掉了')).toMatch(/^\d+ 位客户快掉了/);
  });

  it('has somebody to speak with today, and tomorrow', async () => {
    const admin = await service().signIn('admin');
    const following = (await all(admin, '/customers?status=notEnrolled')).filter(({ consultant }) => consultant);
    const appointments = new Set(following.map(({ nextContactOn }) => nextContactOn));
    expect(appointments).toContain(TEST_DAY);
    expect(appointments).toContain(addDays(TEST_DAY, 1));
  });

  it('has a lesson of each running cohort today, others behind and before it', async () => {
    const admin = await service().signIn('admin');
    const lessons = await all(admin, '/lessons');
    expect(lessons.filter(({ date }) => date === TEST_DAY)).toHaveLength(2);
    expect(lessons.some(({ date }) => date < TEST_DAY)).toBe(true);
    expect(lessons.some(({ date }) => date > TEST_DAY)).toBe(true);
  });

  it('books its three rooms for today and tomorrow only, some of them ahead, and takes another booking', async () => {
    const admin = await service().signIn('admin');
    const rooms = (await admin.get('/rooms')).json.rows;
    expect(rooms.map(({ name }: { name: string }) => name).sort()).toEqual(['天上人间', '夏威夷', '马尔代夫'].sort());
    const days = (await all(admin, '/bookings')).map(({ date }) => date);
    expect(new Set(days)).toEqual(new Set([TEST_DAY, addDays(TEST_DAY, 1)]));

    const phone = service().phone('consultant2');
    expect(await phone.say('我的预定')).toContain('马尔代夫');
    expect(await phone.say('预定 天上人间 后天 9-10')).toContain('订好了：天上人间');
    await phone.say('撤销');
  });
});

describe('the demo school', () => {
  it('lets everybody of the contract sign in, and only them', async () => {
    const names = new Set<string>();
    for (const username of ACCOUNTS) {
      const me = (await (await service().signIn(username)).get('/me')).json;
      names.add(me.person.name);
      expect(me.person.roles.length).toBeGreaterThan(0);
      expect(me.menu.length).toBeGreaterThan(0);
    }
    expect(names.size).toBe(ACCOUNTS.length);
    await expect(service().signIn('consultant7')).rejects.toThrow('wrong_credentials');
  });

  it('holds sixty living customers and those of the months behind, twelve and more of them in the pool', async () => {
    const admin = await service().signIn('admin');
    const customers = await all(admin, '/customers');
    const monthAgo = addDays(TEST_DAY, -31);
    expect(customers.filter(({ enteredOn }) => enteredOn > monthAgo)).toHaveLength(60);
    expect(customers.some(({ lastContactedOn }) => lastContactedOn < monthAgo)).toBe(true);
    const pool = (await admin.get('/pool?size=200')).json;
    expect(pool.total).toBeGreaterThanOrEqual(12);
    expect(new Set(pool.rows.map((row: { poolReason: string }) => row.poolReason))).toEqual(
      new Set(['noContact', 'noDeal', 'released', 'unassigned']),
    );
    expect((await admin.get('/customers?status=enrolled')).json.total).toBeGreaterThan(0);
    const history = await all(admin, '/assignments');
    expect(new Set(history.map(({ state }) => state))).toEqual(
      new Set(['following', 'won', 'lostNoContact', 'lostNoDeal', 'released', 'transferred']),
    );
  });

  it('gives every consultant customers to follow and pool customers to claim', async () => {
    for (const username of CONSULTANTS) {
      const consultant = await service().signIn(username);
      expect((await consultant.get('/my-customers?state=following')).json.total).toBeGreaterThan(0);
      expect((await consultant.get('/pool')).json.total).toBeGreaterThanOrEqual(12);
    }
  });

  it('has a customer first in the pool that consultants 1 and 2 may both claim', async () => {
    const [first] = (await (await service().signIn('head')).get('/pool?size=1')).json.rows;
    const [one, two] = await Promise.all(
      ['consultant1', 'consultant2'].map(async (username) => (await service().signIn(username)).get('/me')),
    );
    expect([one, two].map((me) => me?.json.person.name)).not.toContain(first.lastConsultant?.name);
  });

  it('has a phone for everybody, those of consultants 2 to 6 bound', async () => {
    const phones = (await service().stranger().get('/sandbox/phones')).json as { username: string; bound: boolean }[];
    expect(phones.flatMap(({ username }) => username ?? []).sort()).toEqual([...ACCOUNTS].sort());
    expect(phones.filter(({ bound }) => bound).map(({ username }) => username)).toEqual(CONSULTANTS.slice(1));
  });

  it('gave its customers out by the rota: every turn is told, and the next one follows', async () => {
    const admin = await service().signIn('admin');
    const history = await all(admin, '/assignments');
    const assigned = history.filter(({ origin }) => origin === 'assigned');
    expect(assigned.length).toBe(new Set(assigned.map(({ turnId }) => turnId)).size);
    expect(assigned.every(({ turnId }) => turnId)).toBe(true);

    const phone = service().phone('consultant2');
    await phone.say('我的客户');
    expect(await phone.say('为什么 1')).toMatch(/按轮转分给你：.*第 \d+ 轮第 \d+ 位，一轮 11 位\n这一轮的顺序：孙悦 /);
    // 132 of the months behind, 58 since: seventeen cycles of eleven, and three turns of the next.
    expect(assigned.length).toBe(190);
    const { row } = (await admin.post('/customers', { name: '新来的', qq: '998877665' })).json;
    expect(row.consultant.name).toBe('赵敏');
    await admin.remove(`/customers/${row.id}`);
  });

  it('has fourteen months behind it: every month has payments, and every enrolled customer is a student who paid', async () => {
    const admin = await service().signIn('admin');
    const payments = await all(admin, '/payments');
    const months = new Set(payments.map(({ date }) => date.slice(0, 7)));
    for (let n = 1; n <= 13; n += 1) expect(months).toContain(monthBefore(TEST_DAY, n));
    expect(new Set(payments.map(({ kind }) => kind))).toEqual(new Set(['deposit', 'tuition', 'refund', 'withdrawal']));
    expect(payments.every(({ date }) => date <= TEST_DAY)).toBe(true);

    const enrolled = await all(admin, '/customers?status=enrolled');
    const paid = new Set(payments.map(({ customer }) => customer.id));
    expect(enrolled.filter(({ id }) => !paid.has(id))).toEqual([]);
    const students = await all(admin, '/students');
    expect(students).toHaveLength(enrolled.length);
    expect(students.filter(({ cohorts }) => cohorts.length === 0)).toEqual([]);
    // Nobody signs in with an account that was given no password.
    const former = students.find(({ username }) => username.startsWith('137'));
    await expect(service().signIn(former?.username)).rejects.toThrow('wrong_credentials');
  });

  it('lists the running cohorts first, then those that ended', async () => {
    const admin = await service().signIn('admin');
    const cohorts = await all(admin, '/cohorts');
    const isRunning = cohorts.map(({ graduatesOn }) => graduatesOn >= TEST_DAY);
    expect(isRunning.slice(0, 2)).toEqual([true, true]);
    expect(isRunning.indexOf(false)).toBe(2);
    expect(isRunning.lastIndexOf(true)).toBe(1);
    expect(cohorts.every(({ students }) => students > 0)).toBe(true);
  });

  it('tells its history in 变更记录 on the days it happened', async () => {
    const admin = await service().signIn('admin');
    const { json } = await admin.get('/audit?entity=Payment&size=200');
    const days = json.rows.map(({ at }: Row) => at.slice(0, 10)) as string[];
    expect(days.filter((day) => day === TEST_DAY).length).toBeLessThan(5);
    expect(new Set(days.map((day) => day.slice(0, 7))).size).toBeGreaterThanOrEqual(13);
  });
});

/** The month n months before a day's, `YYYY-MM`. */
function monthBefore(day: string, n: number): string {
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - n;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
