import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../setup/json-client.ts';
import { useTestService } from '../setup/service.ts';

const service = useTestService();
let consultant: Client;
let admin: Client;

beforeAll(async () => {
  consultant = await service().signIn('consultant1');
  admin = await service().signIn('admin');
});

describe('a request', () => {
  it('without a session gets 401 as JSON and the sign-in page in a browser', async () => {
    const stranger = service().stranger();
    const answer = await stranger.get('/customers');
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error: { code: 'not_signed_in', message: expect.any(String) } });
    const page = await stranger.page('/customers?q=张');
    expect([page.status, page.headers.get('location')]).toEqual([
      302,
      '/login?next=%2Fcustomers%3Fq%3D%25E5%25BC%25A0',
    ]);
    expect((await stranger.page('/login')).text).toContain('xiaoxin-demo');
  });

  it('with a wrong password or an unknown name is refused alike', async () => {
    const stranger = service().stranger();
    const wrong = await stranger.post('/login', { username: 'admin', password: 'nope' });
    const unknown = await stranger.post('/login', { username: 'nobody', password: 'nope' });
    expect([wrong.status, wrong.json]).toEqual([401, unknown.json]);
    expect(unknown.status).toBe(401);
  });

  it('that writes without the session’s CSRF token gets 403, also with another session’s', async () => {
    const body = JSON.stringify({ name: '没有令牌', qq: '88880001' });
    const headers = { 'content-type': 'application/json', cookie: admin.cookie };
    const none = await service().stranger().post('/customers', body, headers);
    const others = await service()
      .stranger()
      .post('/customers', body, { ...headers, 'x-csrf-token': consultant.csrf });
    expect([none.status, none.json.error.code]).toEqual([403, 'bad_csrf']);
    expect([others.status, others.json.error.code]).toEqual([403, 'bad_csrf']);
    expect((await admin.get('/customers?q=88880001')).json.total).toBe(0);
  });

  it('for what one may not gets 403, for what is not there 404, with a wrong method 405', async () => {
    expect((await consultant.get('/audit')).status).toBe(403);
    expect((await consultant.get('/nowhere')).status).toBe(404);
    expect((await consultant.get('/customers/999999')).status).toBe(404);
    expect((await consultant.ask('PUT', '/customers')).status).toBe(405);
    expect((await admin.remove('/customers')).status).toBe(405);
  });

  it('that cannot be read gets 400, of a foreign type 415, oversize 413, with wrong fields 422', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await admin.post('/customers', '{"name":', json)).status).toBe(400);
    expect((await admin.post('/customers', '<a/>', { 'content-type': 'application/xml' })).status).toBe(415);
    expect((await admin.post('/customers', { name: 'x'.repeat(4 * 1024 * 1024) })).status).toBe(413);
    const wrong = await admin.post('/customers', { name: '', qq: 'abc' });
    expect([wrong.status, wrong.json.error.code]).toEqual([422, 'invalid_fields']);
    expect(Object.keys(wrong.json.error.fields).sort()).toEqual(['name', 'qq']);
  });

  it('that adds is answered 201 with the row, choices taken by id or by label', async () => {
    const courses = (await admin.get('/customers/options/courses')).json.rows;
    const added = await admin.post('/customers', {
      name: '标签客户',
      qq: '88880002',
      gender: '男',
      source: 'baidu',
      courseIds: [courses[0].id],
    });
    expect(added.status).toBe(201);
    expect(added.json.row).toMatchObject({
      name: '标签客户',
      gender: 'male',
      source: 'baidu',
      courses: [courses[0]],
      consultant: { id: expect.any(Number), name: expect.any(String) },
      status: 'notEnrolled',
    });
    const again = await admin.post('/customers', { name: '又来了', qq: '88880002' });
    expect([again.status, again.json.error.code]).toEqual([409, 'duplicate']);
    expect(again.json.error.message).toContain(added.json.row.consultant.name);
    const changed = await admin.patch(`/customers/${added.json.row.id}`, { company: '小公司' });
    expect([changed.status, changed.json.row.company]).toEqual([200, '小公司']);
  });

  it('for the metrics, the health and the readiness needs no session', async () => {
    const stranger = service().stranger();
    expect((await stranger.get('/healthz')).status).toBe(200);
    expect((await stranger.get('/readyz')).status).toBe(200);
    const metrics = await stranger.get('/metrics');
    expect([metrics.status, metrics.text]).toEqual([
      200,
      expect.stringContaining('# TYPE xiaoxin_http_request_seconds'),
    ]);
  });
});
