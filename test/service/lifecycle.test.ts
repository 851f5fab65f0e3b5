import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../setup/demo-school.ts';
import { runProgram, runService } from '../setup/node-process.ts';
import { useTestService } from '../setup/service.ts';
import { testDatabaseUrl } from '../setup/services.ts';

const service = useTestService();
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A database server that takes the connection and never says a word. */
async function startSilentServer(): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}

async function untilAnswered(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer) return answer;
    await sleep(20);
  }
}

describe('a service that starts', () => {
  it('is alive before it is ready, and says what it still waits for', async () => {
    const [port, silent, folder] = [await freePort(), await startSilentServer(), await makeFolder()];
    const starting = await runService({
      PORT: String(port),
      DATA_DIR: folder,
      DATABASE_URL: `postgresql://nobody@127.0.0.1:${silent}/nothing`,
    });
    cleanups.push(() => rm(folder, { recursive: true }));
    cleanups.push(() => starting.end('SIGKILL'));
    const alive = await untilAnswered(`http://127.0.0.1:${port}/healthz`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    const page = await fetch(`http://127.0.0.1:${port}/login`);
    expect([alive.status, ready.status, page.status]).toEqual([200, 503, 503]);
    expect(await ready.json()).toMatchObject({ missing: expect.arrayContaining(['database']) });
  });

  it('is ready and tells where to look and whom to sign in as', () => {
    const { url, running } = service();
    expect(running.said()).toContain(`http://localhost:${new URL(url).port}/sandbox`);
    expect(running.said()).toContain('xiaoxin-demo');
    expect(running.said()).toContain('consultant1…6');
  });

  it('with a wrong environment says every fault on a line of its own and exits 1', async () => {
    const ended = await runProgram('main.js', [], {
      PORT: 'eighty',
      TIME_ZONE: 'Mars/Olympus',
      DATABASE_URL: 'mysql://x',
      WECHAT_APP_ID: 'wx1',
      NOTIFY_CHANNELS: 'pigeon',
    });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    const lines = ended.stderr.trim().split('\n');
    for (const name of ['PORT', 'TIME_ZONE', 'DATABASE_URL', 'NOTIFY_CHANNELS'])
      expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
    expect(lines.every((line) => /^[A-Z_]+(\.\d+)?: /.test(line))).toBe(true);
  });

  it('where the database or the folder cannot be had, names the variable in one line and exits 1', async () => {
    const [folder, port] = [await makeFolder(), await freePort()];
    cleanups.push(() => rm(folder, { recursive: true }));
    const nowhere = await runProgram('main.js', [], {
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: `postgresql://nobody@127.0.0.1:${port}/nothing`,
    });
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr.trim()).toBe(`DATABASE_URL: connect ECONNREFUSED 127.0.0.1:${port}`);

    const noFolder = await runProgram('main.js', [], { PORT: '0', DATA_DIR: '/dev/null/data' });
    expect(noFolder).toMatchObject({ code: 1, stdout: '' });
    expect(noFolder.stderr.trim()).toMatch(/^DATA_DIR: .*$/);
  });

  it('in production without an Official Account refuses, naming what is missing', async () => {
    const ended = await runProgram('main.js', [], { NODE_ENV: 'production' });
    expect(ended.code).toBe(1);
    expect(
      ended.stderr
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['SESSION_SECRET', 'WECHAT_APP_ID']);
  });

  it('on a port that is taken says so in one line', async () => {
    const folder = await makeFolder();
    cleanups.push(() => rm(folder, { recursive: true }));
    const { port } = new URL(service().url);
    const ended = await runProgram('main.js', [], { DATA_DIR: folder, PORT: port });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.trim()).toMatch(new RegExp(`^PORT: .*EADDRINUSE.*${port}$`));
  });

  it.each(['999.999.1.1', '192.0.2.7'])(
    'on a HOST that is not this machine’s (%s) says so in one line',
    async (host) => {
      const folder = await makeFolder();
      cleanups.push(() => rm(folder, { recursive: true }));
      const ended = await runProgram('main.js', [], { DATA_DIR: folder, PORT: '0', HOST: host });
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: `HOST: ${host} is no address of this machine\n` });
    },
  );

  it.skipIf(testDatabaseUrl)(
    'on an embedded database that another one has says who has it and exits 1, harming nothing',
    async () => {
      const { running, url, school } = service();
      const second = await runProgram('main.js', [], { DATA_DIR: school.dataDir, PORT: '0' });
      expect(second).toMatchObject({ code: 1, stdout: '' });
      expect(second.stderr).toContain(`process ${running.child.pid}`);
      expect(second.stderr.trim().split('\n')).toHaveLength(1);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    },
  );
});

describe('a service told to stop', () => {
  it('lets a request under way end, takes no other, ignores repeats and exits 0', async () => {
    const { running, url } = service();
    const admin = await service().signIn('admin');
    await fetch(`${url}/healthz`); // a kept connection that nobody uses any more
    const body = JSON.stringify({ name: '最后一位', qq: '88881111' });
    const outgoing = request(`${url}/customers`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        cookie: admin.cookie,
        'x-csrf-token': admin.csrf,
      },
    });
    const answered = new Promise<{ status: number; connection: string }>((resolve, reject) => {
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, connection: String(response.headers.connection) });
      });
    });
    outgoing.write(body.slice(0, 10));
    await sleep(100);
    for (let repeat = 0; repeat < 3; repeat += 1) running.child.kill('SIGTERM');
    await untilRefused(url);
    running.child.kill('SIGINT');
    outgoing.end(body.slice(10));
    expect(await answered).toEqual({ status: 201, connection: 'close' });
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });

  it('cuts a request that never ends in time to exit 0', async () => {
    await service().restart();
    const hanging = request(`${service().url}/login`, { method: 'POST', headers: { 'content-length': 100 } });
    hanging.on('error', () => undefined);
    hanging.write('{');
    await sleep(100);
    expect(await service().running.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
  });

  it('and started again keeps sessions, numbered lists and undo codes', async () => {
    await service().restart();
    const admin = await service().signIn('admin');
    const phone = service().phone('consultant3');
    const [, name] = /^1 (\S+)/m.exec(await phone.say('公海')) ?? [];
    await service().restart();

    const claimed = await phone.say('抢 1');
    expect(claimed).toContain(`抢到了：${name}`);
    const [code] = /撤销 [A-Z0-9]{4}/.exec(claimed) ?? [];
    await service().restart();
    expect((await admin.get('/me')).json.person.name).toBe('林峰');
    expect(await phone.say(String(code))).toContain(`已撤销：${name}`);
    expect(await phone.say(String(code))).toContain('撤销过');
  });
});

async function untilRefused(url: string): Promise<void> {
  while (
    await fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    )
  )
    await sleep(20);
}
