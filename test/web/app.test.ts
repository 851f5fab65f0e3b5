import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useWeb } from './web-school.ts';

const web = useWeb();

describe('the doors of the web view', () => {
  it('says it is alive and ready and gives metrics to anybody', async () => {
    const anybody = await web.client();
    expect((await anybody.fetch('/healthz')).status).toBe(200);
    expect((await anybody.fetch('/readyz')).status).toBe(200);
    await anybody.fetch('/rooms');
    expect(await (await anybody.fetch('/metrics')).text()).toContain('xiaoxin_http_request_seconds');
  });

  it('sends a browser without a session to the sign-in and back to where it was going', async () => {
    const answer = await (await web.client()).fetch('/rooms?q=a&page=2', { headers: { Accept: 'text/html' } });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/login?next=%2Frooms%3Fq%3Da%26page%3D2');
  });

  it('answers a program without a session 401', async () => {
    const anybody = await web.client();
    expect(await anybody.json('GET', '/rooms')).toMatchObject({
      status: 401,
      body: { error: { code: 'not_signed_in' } },
    });
    expect(await anybody.json('POST', '/rooms', {})).toMatchObject({ status: 401 });
  });

  it('takes no session cookie that was not signed by the service', async () => {
    const answer = await fetch(`${web.base()}/rooms`, {
      headers: { Accept: 'application/json', Cookie: 'xiaoxin_session=admin; xiaoxin_session.sig=forged' },
    });
    expect(answer.status).toBe(401);
  });

  it('keeps a session in an HttpOnly, SameSite cookie, for a week only where asked', async () => {
    const enter = (body: unknown) =>
      fetch(`${web.base()}/enter/admin`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      });
    const [brief] = (await enter({})).headers.getSetCookie();
    const [week] = (await enter({ remember: true })).headers.getSetCookie();
    expect(brief).toMatch(/httponly/i);
    expect(brief).toMatch(/samesite=lax/i);
    expect(brief).not.toMatch(/expires=/i);
    expect(week).toMatch(/expires=/i);
  });

  it('refuses what the person may not do with 403', async () => {
    const reader = await web.client('reader');
    const answer = await reader.json('POST', '/rooms', { name: '夏威夷', seats: 8 });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('refuses writes without the session’s CSRF token, JSON and forms alike', async () => {
    const admin = await web.client('admin');
    admin.csrf = 'csrf-of-somebody-else';
    const json = await admin.json('POST', '/rooms', { name: '夏威夷', seats: 8 });
    expect(json).toMatchObject({ status: 403, body: { error: { code: 'bad_csrf' } } });
    expect((await admin.form('/rooms', { name: '夏威夷', seats: '8' })).status).toBe(403);
    expect(await web.prisma().room.count({ where: { name: '夏威夷' } })).toBe(0);
  });

  it('answers unknown addresses 404, as page and as JSON', async () => {
    const admin = await web.client('admin');
    expect(await admin.json('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    const page = await admin.fetch('/nowhere', { headers: { Accept: 'text/html' } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('没有找到这个页面');
    expect((await admin.json('GET', '/rooms/99999999999')).status).toBe(404);
    expect((await admin.json('GET', '/rooms/abc')).status).toBe(404);
  });

  it('answers methods an address does not take 405 and says which it takes', async () => {
    const admin = await web.client('admin');
    const answer = await admin.json('POST', '/customers', {});
    expect(answer).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
    expect(answer.headers.get('allow')).toContain('GET');
    expect((await admin.json('DELETE', '/customers/1')).status).toBe(405);
    expect((await admin.fetch('/rooms', { method: 'OPTIONS' })).headers.get('allow')).toContain('POST');
    expect((await admin.fetch('/rooms', { method: 'HEAD' })).status).toBe(200);
    expect((await admin.fetch('/rooms.xlsx', { method: 'HEAD' })).status).toBe(200);
  });

  it('answers JSON that cannot be read 400 and other types 415', async () => {
    const admin = await web.client('admin');
    const send = (type: string, body: string) =>
      admin.fetch('/rooms', {
        method: 'POST',
        body,
        headers: { Accept: 'application/json', 'Content-Type': type, 'x-csrf-token': admin.csrf },
      });
    expect((await send('application/json', '{"name":')).status).toBe(400);
    expect((await send('application/json', '"夏威夷"')).status).toBe(400);
    expect((await send('application/json', '[1]')).status).toBe(400);
    expect((await send('application/json', '{"name":"a\\u0000b","seats":8}')).status).toBe(400);
    expect((await send('application/json', '{"name":"a\\ud800b","seats":8}')).status).toBe(400);
    expect((await send('text/plain', 'name=a')).status).toBe(415);
    expect((await send('multipart/form-data; boundary=x', 'nothing of the kind')).status).toBe(400);
  });

  it('reads an oversized body to its end and answers 413', async () => {
    const admin = await web.client('admin');
    for (const megabytes of [2, 20]) {
      const answer = await admin.json('POST', '/rooms', { name: 'x'.repeat(megabytes * 1024 * 1024), seats: 8 });
      expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
    }
    expect((await admin.json('GET', '/rooms')).status).toBe(200);
  });

  it('takes uploads up to their cap, with Chinese names', async () => {
    const admin = await web.client('admin');
    const upload = async (bytes: number, count = 1) => {
      const body = new FormData();
      for (let n = 0; n < count; n += 1) body.append('file', new Blob([new Uint8Array(bytes)]), `客户名单${n}.xlsx`);
      body.append('note', '第一批');
      const answer = await admin.fetch('/upload', {
        method: 'POST',
        body,
        headers: { Accept: 'application/json', 'x-csrf-token': admin.csrf },
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await upload(1000)).toEqual({
      status: 200,
      body: { files: [{ name: '客户名单0.xlsx', size: 1000 }], note: '第一批' },
    });
    expect((await upload(150 * 1024)).status).toBe(413);
    expect((await upload(8 * 1024 * 1024)).status).toBe(413);
    expect((await upload(10, 3)).status).toBe(400);
  });

  it('shows a refusal’s sentence as page and as JSON with its status', async () => {
    const admin = await web.client('admin');
    expect(await admin.json('GET', '/late')).toMatchObject({
      status: 409,
      body: { error: { code: 'already_claimed', message: '晚了一步，王小雨刚被李娜抢到' } },
    });
    const page = await admin.fetch('/late', { headers: { Accept: 'text/html' } });
    expect(page.status).toBe(409);
    expect(await page.text()).toContain('晚了一步，王小雨刚被李娜抢到');
  });

  it('shows nothing of an unexpected error but a reference', async () => {
    const admin = await web.client('admin');
    const answer = await admin.json('GET', '/broken');
    expect(answer).toMatchObject({
      status: 500,
      body: { error: { code: 'internal', ref: expect.stringMatching(/^[0-9A-F]{8}$/) } },
    });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('lets scripts and styles come from itself only, and never inline', async () => {
    const admin = await web.client('admin');
    const page = await admin.fetch('/rooms', { headers: { Accept: 'text/html' } });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    expect(await page.text()).not.toMatch(/<script>|style="|onclick=/);
  });

  it('serves its files with a hash that is kept, and again only when they changed', async () => {
    const admin = await web.client('admin');
    const page = await (await admin.fetch('/', { headers: { Accept: 'text/html' } })).text();
    const href = page.match(/\/assets\/base\.css\?v=\w+/)?.[0] ?? '';
    const first = await admin.fetch(href);
    expect(first.headers.get('cache-control')).toContain('immutable');
    const etag = first.headers.get('etag') ?? '';
    // fetch would ask past every cache as soon as it is given this header
    const again = await new Promise((resolve) =>
      get(`${web.base()}/assets/base.css`, { headers: { 'If-None-Match': etag } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }),
    );
    expect(again).toBe(304);
    expect((await admin.fetch('/assets/..%2Flayout.html')).status).toBe(404);
  });

  it('greets on the first page with the menu of one’s roles, and reminds who is not bound', async () => {
    const reader = await web.client('reader');
    const page = await (await reader.fetch('/', { headers: { Accept: 'text/html' } })).text();
    expect(page).toContain('李娜，下午好');
    expect(page).toContain('还没绑定微信');
    expect(page).toContain('href="/cohorts"');
    const stranger = await (await web.client()).fetch('/', { headers: { Accept: 'text/html' } });
    expect(stranger.headers.get('location')).toBe('/login');
  });
});

describe('while the service drains', () => {
  const draining = useWeb({ draining: () => true, ready: () => ['demo school'] });

  it('answers, closes each connection and says it is not ready', async () => {
    const anybody = await draining.client();
    const answer = await anybody.fetch('/rooms', { headers: { Accept: 'application/json' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('connection')).toBe('close');
    const ready = await anybody.fetch('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'waiting', missing: ['demo school'] });
  });
});
