import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWeb } from './web-school.ts';

const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
const web = useWeb({ log });
const guarded = useWeb({ metricsToken: 'a-token-of-sixteen-signs' });
const proxied = useWeb({
  behindProxy: 2,
  pages: [
    {
      method: 'GET',
      path: '/who',
      permission: 'public',
      handler: (c) => c.json({ ip: c.ctx.ip }),
    },
  ],
});

beforeAll(async () => {
  await web.buildPerson(1, '管理员');
});

const room = (name: string) => JSON.stringify({ name, seats: 4 });

describe('a write that a browser sends', () => {
  const send = async (headers: Record<string, string>) => {
    const admin = await web.client('admin');
    const answer = await admin.fetch('/rooms', {
      method: 'POST',
      body: room(`从 ${JSON.stringify(headers)}`.slice(0, 40)),
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'x-csrf-token': admin.csrf,
        ...headers,
      },
    });
    const said = (await answer.json()) as { error?: unknown };
    return said.error ?? answer.status;
  };

  it.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'http://127.0.0.1:1'])(
    'from a page of %s is refused, though it has the token',
    async (Origin) => {
      expect(await send({ Origin })).toMatchObject({ code: 'foreign_origin' });
    },
  );

  it('from the address people reach us at, from the host that was asked, or from a program, is taken', async () => {
    expect(await send({ Origin: 'http://localhost' })).toBe(201);
    expect(await send({ Origin: web.base() })).toBe(201);
    expect(await send({})).toBe(201);
  });

  it('is refused in every way of writing, and reading is not', async () => {
    const admin = await web.client('admin');
    const from = { Origin: 'https://evil.example', Accept: 'application/json', 'x-csrf-token': admin.csrf };
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await admin.fetch('/rooms/1', { method, headers: from })).status).toBe(403);
    expect((await admin.fetch('/rooms', { headers: from })).status).toBe(200);
  });
});

describe('a body', () => {
  it.each([`${'{"name":'.repeat(60_000)}1${'}'.repeat(60_000)}`, `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`])(
    'that is nested as deep as its length allows is 400',
    async (body) => {
      const admin = await web.client('admin');
      const answer = await admin.fetch('/rooms', {
        method: 'POST',
        body,
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'x-csrf-token': admin.csrf,
        },
      });
      expect(answer.status).toBe(400);
    },
  );

  it('that is broken off half-way is no error of ours', async () => {
    const admin = await web.client('admin');
    for (const type of ['multipart/form-data; boundary=x', 'application/json', 'application/x-www-form-urlencoded']) {
      const half = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf';
      const goingAway = new AbortController();
      const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(half)) });
      const init = { method: 'POST', body, duplex: 'half', signal: goingAway.signal } as RequestInit;
      const sent = admin.fetch('/upload', { ...init, headers: { 'Content-Type': type, 'x-csrf-token': admin.csrf } });
      await sleep(150);
      goingAway.abort();
      await expect(sent).rejects.toThrow();
    }
    await sleep(300);
    expect(logged).toEqual([]);
    expect((await admin.json('GET', '/rooms')).status).toBe(200);
  });
});

describe('/metrics', () => {
  it('is read by a program on this machine that asks directly, and by nobody a proxy passes on', async () => {
    const stranger = await web.client();
    expect((await stranger.fetch('/metrics')).status).toBe(200);
    expect((await stranger.fetch('/metrics', { headers: { 'X-Forwarded-For': '127.0.0.1' } })).status).toBe(403);
  });

  it('with a METRICS_TOKEN is read by whoever shows it, from wherever', async () => {
    const stranger = await guarded.client();
    const ask = async (headers: Record<string, string>) => (await stranger.fetch('/metrics', { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ Authorization: 'Bearer another-token-of-signs' })).toBe(401);
    const Authorization = 'Bearer a-token-of-sixteen-signs';
    expect(await ask({ Authorization, 'X-Forwarded-For': '10.0.0.1' })).toBe(200);
  });
});

describe('behind two proxies', () => {
  it.each([
    ['203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['6.6.6.6,7.7.7.7,  203.0.113.7 , 10.0.0.1', '203.0.113.7'],
  ])('%s was sent by %s, whatever else somebody claims', async (forwarded, ip) => {
    const stranger = await proxied.client();
    const answer = await stranger.fetch('/who', { headers: { 'X-Forwarded-For': forwarded } });
    expect(await answer.json()).toEqual({ ip });
  });

  it('and without any, believes nobody', async () => {
    const stranger = await web.client();
    expect((await stranger.fetch('/metrics', { headers: { 'X-Real-IP': '8.8.8.8' } })).status).toBe(200);
  });
});
