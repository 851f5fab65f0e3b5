import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Client } from '../setup/json-client.ts';
import { useTestService } from '../setup/service.ts';

const service = useTestService();
let admin: Client;
let consultant: Client;
let customerId: number;

beforeAll(async () => {
  [admin, consultant] = [await service().signIn('admin'), await service().signIn('consultant2')];
  customerId = (await consultant.get('/customers?status=notEnrolled&size=1')).json.rows[0].id;
});

const followUps = async () => (await consultant.get('/follow-ups?size=1')).json.total as number;
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const eight = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, work));
const withKey = (key: string) => ({ 'idempotency-key': key });

describe('eight equal follow-ups at once', () => {
  const path = () => `/customers/${customerId}/follow-ups`;

  it('with one Idempotency-Key are one row, and all eight get its answer', async () => {
    const before = await followUps();
    const answers = await eight(() => consultant.post(path(), { note: '约了周五试听' }, withKey('tap')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBeLessThan(300);
    expect(await followUps()).toBe(before + 1);
    expect((await consultant.post(path(), { note: '约了周五试听' }, withKey('tap'))).text).toBe(answers[0]?.text);
    expect(await followUps()).toBe(before + 1);
  });

  it('without one are eight rows', async () => {
    const before = await followUps();
    await eight(() => consultant.post(path(), { note: '没有键' }));
    expect(await followUps()).toBe(before + 8);
  });

  it('from one showing of our form are one row, and from two showings two', async () => {
    const before = await followUps();
    const fields = async () => {
      const { text } = await consultant.page(`/customers/${customerId}`);
      const key = /name="_key" value="([^"]+)"/.exec(text)?.[1] ?? '';
      expect(key.length).toBeGreaterThan(10);
      return new URLSearchParams({ _csrf: consultant.csrf, _key: key, note: '表单点了好几下' }).toString();
    };
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', 'x-csrf-token': '' };
    const body = await fields();
    const answers = await eight(() => consultant.ask('POST', path(), body, headers));
    expect(new Set(statuses(answers))).toEqual(new Set([303]));
    expect(await followUps()).toBe(before + 1);
    await consultant.ask('POST', path(), await fields(), headers);
    expect(await followUps()).toBe(before + 2);
    // Going back and writing something else there is another follow-up, not a mistake.
    const changed = body.replace(/note=.*/, 'note=改了一句');
    expect((await consultant.ask('POST', path(), changed, headers)).status).toBe(303);
    expect(await followUps()).toBe(before + 3);
  });
});

describe('an Idempotency-Key', () => {
  it('with another body is 409 key_reused, and with its fields in another order the same write', async () => {
    const first = await admin.post('/rooms', { name: '钥匙厅', seats: 8 }, withKey('room'));
    const other = await admin.post('/rooms', { name: '钥匙厅', seats: 9 }, withKey('room'));
    const same = await admin.post('/rooms', { seats: 8, name: '钥匙厅' }, withKey('room'));
    expect(first.status).toBe(201);
    expect([other.status, other.json.error.code]).toEqual([409, 'key_reused']);
    expect([same.status, same.json.row.id]).toEqual([201, first.json.row.id]);
  });

  it('of one person or on one address is nothing to another', async () => {
    const note = { note: '同一个键' };
    const before = await followUps();
    expect((await consultant.post(`/customers/${customerId}/follow-ups`, note, withKey('same'))).status).toBe(200);
    const next = (await consultant.get('/customers?status=notEnrolled&size=2')).json.rows[1].id;
    expect((await consultant.post(`/customers/${next}/follow-ups`, note, withKey('same'))).status).toBe(200);
    expect(await followUps()).toBe(before + 2);
    const [one, two] = [
      await admin.post('/rooms', { name: '各有各的一', seats: 2 }, withKey('mine')),
      await consultant.post('/rooms', { name: '各有各的一', seats: 2 }, withKey('mine')),
    ];
    expect([one.status, two.status]).toEqual([201, 403]);
  });

  it('gets a refusal again too: who lost a race does not win by asking twice', async () => {
    const [row] = (await consultant.get('/pool?size=1')).json.rows;
    const rival = await service().signIn('consultant3');
    const won = await rival.post(`/pool/${row.id}/claim`, {}, withKey('claim'));
    const lost = await consultant.post(`/pool/${row.id}/claim`, {}, withKey('claim'));
    const again = await consultant.post(`/pool/${row.id}/claim`, {}, withKey('claim'));
    expect(statuses([won, lost, again])).toEqual([200, 409, 409]);
    expect(again.text).toBe(lost.text);
    expect((await rival.post(`/pool/${row.id}/claim`, {}, withKey('claim'))).text).toBe(won.text);
  });

  it('longer than 64 signs is 400', async () => {
    expect((await admin.post('/rooms', { name: '太长', seats: 1 }, withKey('k'.repeat(65)))).status).toBe(400);
  });
});

describe('PATCH with version', () => {
  it.each([
    ['/rooms', { seats: 21 }, { seats: 22 }],
    ['/customers', { company: '甲公司' }, { company: '乙公司' }],
    ['/cohorts', { price: 7001 }, { price: 7002 }],
  ])('on %s changes the row it means, and 409 changed_meanwhile another', async (path, first, second) => {
    const [{ id }] = (await admin.get(`${path}?size=1`)).json.rows;
    const { version } = (await admin.get(`${path}/${id}`)).json.row;
    const changed = await admin.patch(`${path}/${id}`, { ...first, version });
    expect([changed.status, changed.json.row?.version === version]).toEqual([200, false]);
    const late = await admin.patch(`${path}/${id}`, { ...second, version });
    expect([late.status, late.json.error?.code]).toEqual([409, 'changed_meanwhile']);
    expect((await admin.patch(`${path}/${id}`, { ...second, version: changed.json.row.version })).status).toBe(200);
    expect((await admin.patch(`${path}/${id}`, first)).status).toBe(200);
  });

  it('sent by eight at once changes it once', async () => {
    const [{ id, version }] = (await admin.get('/rooms?size=1')).json.rows;
    const all = Array.from({ length: 8 }, (_, n) => admin.patch(`/rooms/${id}`, { seats: 31 + n, version }));
    const answers = await Promise.all(all);
    expect(statuses(answers).sort()).toEqual([200, ...Array(7).fill(409)]);
  });
});
