import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/kernel/school-time.ts';
import { TEST_DAY } from '../setup/now.ts';
import { useTestService } from '../setup/service.ts';

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

  it('holds sixty customers in every state, twelve and more of them in the pool', async () => {
    const admin = await service().signIn('admin');
    const customers = (await admin.get('/customers?size=200')).json;
    expect(customers.total).toBe(60);
    expect(customers.rows).toHaveLength(60);
    const pool = (await admin.get('/pool?size=200')).json;
    expect(pool.total).toBeGreaterThanOrEqual(12);
    expect(new Set(pool.rows.map((row: { poolReason: string }) => row.poolReason))).toEqual(
      new Set(['noContact', 'noDeal', 'released', 'unassigned']),
    );
    expect((await admin.get('/customers?status=enrolled')).json.total).toBeGreaterThan(0);
    const history = (await admin.get('/assignments?size=200')).json;
    expect(new Set(history.rows.map((row: { state: string }) => row.state))).toEqual(
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

  it('warns consultants 1 and 2 of customers that drop tonight', async () => {
    for (const username of ['consultant1', 'consultant2']) {
      const page = (await (await service().signIn(username)).get('/my-customers/about-to-drop')).json;
      expect(page.rows.length).toBeGreaterThan(0);
    }
  });

  it('has a customer first in the pool that consultants 1 and 2 may both claim', async () => {
    const [first] = (await (await service().signIn('head')).get('/pool?size=1')).json.rows;
    const [one, two] = await Promise.all(
      ['consultant1', 'consultant2'].map(async (username) => (await service().signIn(username)).get('/me')),
    );
    expect([one, two].map((me) => me?.json.person.name)).not.toContain(first.lastConsultant?.name);
  });

  it('books its three rooms for today and tomorrow only', async () => {
    const admin = await service().signIn('admin');
    const rooms = (await admin.get('/rooms')).json.rows;
    expect(rooms.map(({ name }: { name: string }) => name).sort()).toEqual(['天上人间', '夏威夷', '马尔代夫'].sort());
    const bookings = (await admin.get('/bookings?size=200')).json.rows;
    expect(new Set(bookings.map(({ date }: { date: string }) => date))).toEqual(
      new Set([TEST_DAY, addDays(TEST_DAY, 1)]),
    );
  });

  it('has a phone for everybody, those of consultants 2 to 6 bound', async () => {
    const phones = (await service().stranger().get('/sandbox/phones')).json as { username: string; bound: boolean }[];
    expect(phones.flatMap(({ username }) => username ?? []).sort()).toEqual([...ACCOUNTS].sort());
    expect(phones.filter(({ bound }) => bound).map(({ username }) => username)).toEqual(CONSULTANTS.slice(1));
  });

  it('sends nobody a notice of what happened before', async () => {
    for (const username of CONSULTANTS) expect(await service().phone(username).inbox()).toEqual([]);
  });

  it('gave its customers out by the rota: every turn is told, and the next one follows', async () => {
    const admin = await service().signIn('admin');
    const history: { turnId: string | null; origin: string }[] = (await admin.get('/assignments?size=200')).json.rows;
    const assigned = history.filter(({ origin }) => origin === 'assigned');
    expect(assigned.length).toBe(new Set(assigned.map(({ turnId }) => turnId)).size);
    expect(assigned.every(({ turnId }) => turnId)).toBe(true);

    const phone = service().phone('consultant2');
    await phone.say('我的客户');
    expect(await phone.say('为什么 1')).toMatch(/按轮转分给你：.*第 \d+ 轮第 \d+ 位，一轮 11 位\n这一轮的顺序：孙悦 /);
    // 58 customers: five cycles of eleven, and three turns of the sixth.
    expect(assigned.length).toBe(58);
    const { row } = (await admin.post('/customers', { name: '新来的', qq: '998877665' })).json;
    expect(row.consultant.name).toBe('赵敏');
    await admin.remove(`/customers/${row.id}`);
  });
});
