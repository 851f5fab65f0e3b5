import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import type { Client } from '../setup/json-client.ts';
import { startTestService, type TestService, useTestService } from '../setup/service.ts';
import { postgresOnly, redisOnly, testRedisUrl } from '../setup/services.ts';

/** Nobody is slower without Redis than this, on a busy machine too. */
const SOON_MS = 4_000;

async function soon<T>(work: () => Promise<T>): Promise<T> {
  const begun = wallNow();
  const answer = await work();
  expect(wallNow() - begun).toBeLessThan(SOON_MS);
  return answer;
}

describe('a service whose Redis was never there', () => {
  // Port 1 takes no connection.
  const service = useTestService({ engine: 'embedded', env: { REDIS_URL: 'redis://127.0.0.1:1' } });

  it('lets people in, counts their wrong passwords, and enters customers by turns; /readyz tells', async () => {
    const head = await soon(() => service().signIn('head'));
    const [first, second] = await soon(async () => [
      await head.post('/customers', { name: '没有一', qq: '60000001' }),
      await head.post('/customers', { name: '没有二', qq: '60000002' }),
    ]);
    expect([first?.status, second?.status]).toEqual([201, 201]);
    const [one, two] = [first?.json.row.consultant, second?.json.row.consultant];
    expect([one?.id, two?.id]).toEqual([expect.any(Number), expect.any(Number)]);

    const wrong = () => service().stranger().post('/login', { username: 'tutor1', password: 'not-the-one' });
    const tries = [];
    for (let n = 0; n < 11; n += 1) tries.push((await wrong()).status);
    expect(tries).toEqual([...Array(10).fill(401), 429]);

    const ready = await head.get('/readyz');
    expect([ready.status, ready.json]).toEqual([200, { status: 'ready', without: ['redis'] }]);
  });
});

/** Stands before Redis and can be taken away and put back. */
async function startGate(url: string) {
  const to = new URL(url);
  const redisPort = Number(to.port || 6379);
  const redisHost = to.hostname;
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const redis = connect(redisPort, redisHost);
    for (const one of [socket, redis]) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => sockets.delete(one));
    }
    socket.pipe(redis).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const set = (open: boolean) => {
    isOpen = open;
    if (!open) for (const socket of sockets) socket.destroy();
  };
  to.port = String((server.address() as { port: number }).port);
  to.hostname = '127.0.0.1';
  const close = async () => {
    set(false);
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: to.href, set, close };
}

postgresOnly('two nodes', () => {
  redisOnly('whose Redis goes away and comes back', () => {
    let gate: Awaited<ReturnType<typeof startGate>>;
    let nodes: [TestService, TestService];
    let heads: Client[];
    let entered = 0;

    beforeAll(async () => {
      gate = await startGate(testRedisUrl ?? '');
      const first = await startTestService({ env: { REDIS_URL: `${gate.url}?keyPrefix=gone:${process.pid}:` } });
      nodes = [first, await first.addNode()];
      heads = await Promise.all(nodes.map((node) => node.signIn('head')));
    });
    afterAll(async () => {
      await nodes?.[0].close();
      await gate?.close();
    });

    const enter = async (count: number) => {
      const answers = await Promise.all(
        Array.from({ length: count }, (_, n) => {
          entered += 1;
          const qq = String(61_000_000 + entered);
          return (heads[n % 2] as Client).post('/customers', { name: `来回${entered}`, qq });
        }),
      );
      return answers.map(({ status, json }) => [status, json.row?.consultant?.id ?? json.error]);
    };

    it('go on entering customers, each with a turn of its own, and know it', async () => {
      for (const isOpen of [true, false, true, false, true]) {
        gate.set(isOpen);
        const answers = await enter(12);
        expect(answers.filter(([status]) => status !== 201)).toEqual([]);
        expect(answers.filter(([, consultant]) => typeof consultant !== 'number')).toEqual([]);
        const without = isOpen ? undefined : ['redis'];
        // Somebody's wrong password asks for Redis; a busy machine needs a while until it is asked and back.
        const ask = async () => {
          await (nodes[0] as TestService).stranger().post('/login', { username: 'nobody', password: 'nope' });
          return (await heads[0]?.get('/readyz'))?.json.without;
        };
        await expect.poll(ask, { timeout: 60_000 }).toEqual(without);
      }
      const rows = (await heads[0]?.get('/customers?q=来回&size=200'))?.json.rows as { consultant: { id: number } }[];
      expect(rows).toHaveLength(entered);
    });

    it('let people sign in meanwhile', async () => {
      gate.set(false);
      await soon(() => (nodes[0] as TestService).signIn('lecturer1'));
    });
  });
});
