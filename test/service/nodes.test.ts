import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { keyOf, readTries } from '../../src/notify/tries.ts';
import { quietLog } from '../setup/database.ts';
import type { Client } from '../setup/json-client.ts';
import { startTestService, type TestService } from '../setup/service.ts';
import { postgresOnly, redisOnly } from '../setup/services.ts';

const ENTRIES = 44;
/** How many are entered at the same time, half of them at each node. */
const LANES = 8;

postgresOnly('two nodes on one PostgreSQL', () => {
  redisOnly('and Redis', () => {
    let nodes: [TestService, TestService];
    let clients: [Client, Client];
    let database: Database;

    beforeAll(async () => {
      const first = await startTestService();
      nodes = [first, await first.addNode()];
      database = await openDatabase({ databaseUrl: first.school.databaseUrl ?? '', log: quietLog });
      clients = [await nodes[0].signIn('head'), await nodes[1].signIn('head')];
    });
    afterAll(async () => {
      await database?.close();
      await nodes?.[0].close();
    });

    it('share their sessions: who signed in at one is known at the other', async () => {
      const answer = await nodes[1].stranger().get('/me', { cookie: clients[0].cookie });
      expect(answer.json.person.name).toBe('周敏');
    });

    it('share entering and sending: each customer, turn and message once, whichever node does it', async () => {
      const begun = new Date(await nodes[0].now());
      const ofDemo = await database.prisma.turn.count();
      const enterInLane = async (lane: number) => {
        for (let n = lane; n < ENTRIES; n += LANES) {
          const client = clients[n % 2] as Client;
          const answer = await client.post('/customers', { name: `客户${n}`, qq: `7000${String(n).padStart(5, '0')}` });
          expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
        }
      };
      await Promise.all(Array.from({ length: LANES }, (_, lane) => enterInLane(lane)));
      await nodes[0].clock(await nodes[0].now());

      const turns = await database.prisma.turn.findMany({ orderBy: [{ cycle: 'asc' }, { position: 'asc' }] });
      const cycles = await database.prisma.rotaCycle.findMany({ orderBy: { cycle: 'asc' } });
      const sequence = cycles.flatMap(({ cycle, original }) =>
        (original as number[]).map((consultantId, position) => ({ cycle, position, consultantId })),
      );
      expect(turns.map(({ cycle, position, consultantId }) => ({ cycle, position, consultantId }))).toEqual(
        sequence.slice(0, ofDemo + ENTRIES),
      );

      // Consultant 1 has no WeChat in the demo school; everybody else's alert arrived once under its key.
      const alerts = await database.prisma.notification.findMany({
        where: { kind: 'assigned', person: { openid: { not: null } }, dueAt: { gte: begun } },
      });
      const messages = await database.prisma.sandboxMessage.groupBy({ by: ['clientMsgId'], _count: true });
      const times = new Map(messages.map(({ clientMsgId, _count }) => [clientMsgId, _count]));
      expect(alerts.length).toBeGreaterThan(ENTRIES / 2);
      expect(alerts.map(({ once, tries }) => [once, times.get(keyOf(once, readTries(tries)))])).toEqual(
        alerts.map(({ once }) => [once, 1]),
      );
    });

    it('refuse the same customer entered at both at once, but for one', async () => {
      const answers = await Promise.all(
        [0, 1, 0, 1, 0, 1].map((n) =>
          (clients[n] as Client).post('/customers', { name: '同一位', phone: '13700007777' }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      const [row] = (await clients[0].get('/customers?q=13700007777')).json.rows;
      expect(row.name).toBe('同一位');
      const turns = await database.prisma.assignment.count({ where: { customerId: row.id, turnId: { not: null } } });
      expect(turns).toBe(1);
    });

    it('fetch the platform’s token once for both when both want one', async () => {
      const tokens = { direction: 'call', name: { contains: 'stable_token' } };
      const before = await database.prisma.sandboxTraffic.count({ where: tokens });
      const redis = new Redis(nodes[0].redisUrl ?? '');
      const { appId } = nodes[0].school.account;
      expect(await redis.del(`value:wechat:token:${appId}`)).toBe(1);
      await redis.quit();
      const codes = await Promise.all([0, 1, 0, 1].map((n) => (clients[n] as Client).post('/bind/ticket')));
      expect(codes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await database.prisma.sandboxTraffic.count({ where: tokens })).toBe(before + 1);
    });

    it('run what falls due once', async () => {
      const before = await database.prisma.customer.count({ where: { consultantId: null } });
      const begun = new Date(await nodes[0].now());
      const tomorrow = new Date(begun.getTime() + 24 * 3_600_000);
      await Promise.all(nodes.map((node) => node.clock(tomorrow.toISOString())));
      const slots = await database.prisma.jobSlot.findMany({
        where: { job: 'customers.daily-sweep', dueAt: { gt: begun } },
      });
      const runs = slots.filter(({ processed }) => processed > 0);
      expect(runs).toHaveLength(1);
      const after = await database.prisma.customer.count({ where: { consultantId: null } });
      expect(after - before).toBe(runs[0]?.processed);
    });
  });
});
