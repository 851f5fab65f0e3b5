import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { returnOrphans } from '../../src/assignment/return-orphans.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { writeNotices } from '../../src/notify/index.ts';
import { keyOf, readTries } from '../../src/notify/tries.ts';
import { createRedisState } from '../../src/shared-state/index.ts';
import { quietLog } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';
import { startTestService, type TestService } from '../setup/service.ts';

/** Five in CI; twenty by hand: KILL_ROUNDS=20 npx vitest run test/service/kill.test.ts */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 5);
/** How many enter at the same time. */
const DOORS = 4;
/** A round's node lives so long from the first customer on, in ms. */
const LIFE = { least: 200, most: 1_200 };

/** Customers whose entry was answered 201, by QQ, with the consultant the answer named. */
type Acknowledged = Map<string, { id: number; consultantId: number }>;

/** Enters customers until the node is gone. An answer that does not come tells nothing. */
async function enterUntilKilled(service: TestService, round: number, acknowledged: Acknowledged): Promise<void> {
  const head = await service.signIn('head');
  const enter = async (door: number) => {
    for (let n = 0; ; n += 1) {
      const qq = `9${String(round).padStart(2, '0')}${door}${String(n).padStart(5, '0')}`;
      const answer = await head.post('/customers', { name: `客户${qq}`, qq }).catch(() => null);
      if (!answer) return;
      expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
      acknowledged.set(qq, { id: answer.json.row.id, consultantId: answer.json.row.consultant.id });
    }
  };
  const life = LIFE.least + Math.random() * (LIFE.most - LIFE.least);
  const entering = Promise.all(Array.from({ length: DOORS }, (_, door) => enter(door)));
  await sleep(life);
  await service.kill('SIGKILL');
  await entering;
}

/** The database while no service runs. */
async function withDatabase<T>({ school }: TestService, work: (database: Database) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl } = school;
  const database = await openDatabase({ ...(databaseUrl ? { databaseUrl } : { dataDir }), log: quietLog });
  return work(database).finally(() => database.close());
}

/** Lets the dead nodes' leases run out and their turns go back, as a minute without them would. */
async function passAMinute(service: TestService): Promise<void> {
  await withDatabase(service, async (database) => {
    await database.prisma.$executeRaw`UPDATE "Notification" SET "leaseUntil" = "leaseUntil" - interval '1 minute'`;
    if (!service.redisUrl) return;
    const state = createRedisState({ url: service.redisUrl, onError: () => undefined });
    const { inTransaction } = createTransactions({
      ...{
        database,
        clock: createFixedClock(TEST_NOW),
        time: createSchoolTime('Asia/Shanghai'),
        log: quietLog,
        tell: writeNotices,
      },
    });
    await inTransaction(systemActor, 'job', (scope) => returnOrphans(scope, state.rota, 0));
    await state.close();
  });
}

/** Enters on, one by one, until the cycle under way is used up: then every turn of it must have been somebody's. */
async function finishCycle(service: TestService, acknowledged: Acknowledged): Promise<void> {
  const head = await service.signIn('head');
  for (let n = 0; ; n += 1) {
    const picture = (await head.get('/sales-ranks/cycle')).json;
    if (picture.present.left + picture.returned.length === 0) return;
    const qq = `8${String(n).padStart(8, '0')}`;
    const { status, json } = await head.post('/customers', { name: `客户${qq}`, qq });
    expect(status).toBe(201);
    acknowledged.set(qq, { id: json.row.id, consultantId: json.row.consultant.id });
  }
}

/** Every consultant can be reached: the demo school leaves the first one's WeChat unbound. */
async function bindFirstConsultant(service: TestService): Promise<void> {
  const consultant = await service.signIn('consultant1');
  const { id } = (await consultant.post('/bind/ticket')).json;
  await service.phone('consultant1').scan(id);
}

describe('a service killed (-9) while customers are entered and notices sent', () => {
  it(`${ROUNDS} times over, loses and doubles no customer, no turn and no notice`, async ({ annotate }) => {
    const service = await startTestService();
    try {
      await bindFirstConsultant(service);
      const acknowledged: Acknowledged = new Map();
      for (let round = 0; round < ROUNDS; round += 1) {
        await enterUntilKilled(service, round, acknowledged);
        if (round < ROUNDS - 1) await service.restart();
      }
      await passAMinute(service);
      await service.restart();
      await finishCycle(service, acknowledged);
      await service.clock(await service.now()); // answers when nothing is due any more
      await service.kill('SIGTERM');
      await withDatabase(service, ({ prisma }) => check(prisma, acknowledged));
      await annotate(`${acknowledged.size} customers acknowledged`);
    } finally {
      await service.close();
    }
  }, 600_000);
});

async function check(prisma: Database['prisma'], acknowledged: Acknowledged): Promise<void> {
  const customers = await prisma.customer.findMany({
    where: { qq: { gte: '800000000', lte: '999999999' }, name: { startsWith: '客户' } },
    include: { assignments: { include: { turn: true } } },
  });
  const byQq = new Map(customers.map((customer) => [customer.qq, customer]));
  expect(acknowledged.size).toBeGreaterThan(0);
  expect(byQq.size).toBe(customers.length);
  for (const [qq, { id, consultantId }] of acknowledged) expect(byQq.get(qq)).toMatchObject({ id, consultantId });

  // Whether acknowledged or not: who is there is there whole, with one assignment by one turn.
  for (const { id, consultantId, assignments } of customers) {
    expect(assignments).toEqual([
      expect.objectContaining({ customerId: id, consultantId, state: 'following', turnId: expect.any(String) }),
    ]);
    expect(assignments[0]?.turn?.consultantId).toBe(consultantId);
  }

  // The committed turns are the rota's sequence: every place of every cycle once, each by whom the list names.
  const turns = await prisma.turn.findMany({ orderBy: [{ cycle: 'asc' }, { position: 'asc' }] });
  const cycles = await prisma.rotaCycle.findMany({ orderBy: { cycle: 'asc' } });
  const ofDemo = await prisma.assignment.count({
    where: { turnId: { not: null }, customerId: { notIn: customers.map(({ id }) => id) } },
  });
  expect(turns).toHaveLength(ofDemo + customers.length);
  expect(cycles.map(({ lapsed }) => lapsed)).toEqual(cycles.map(() => []));
  expect(turns.map(({ cycle, position, consultantId }) => ({ cycle, position, consultantId }))).toEqual(
    cycles.flatMap(({ cycle, original }) =>
      (original as number[]).map((consultantId, position) => ({ cycle, position, consultantId })),
    ),
  );

  // Each alert was sent, and arrived once under its key, on the phone of whom it concerns.
  const alerts = await prisma.notification.findMany({ where: { kind: 'assigned', entity: 'customer' } });
  const ids = new Set(customers.map(({ id }) => id));
  const own = alerts.filter(({ entityId }) => ids.has(entityId ?? 0));
  expect(new Set(own.map(({ entityId }) => entityId))).toEqual(ids);
  expect(own).toHaveLength(customers.length);
  expect(own.filter(({ state }) => state !== 'sent').map(({ once, state }) => `${once} ${state}`)).toEqual([]);
  const arrived = await prisma.sandboxMessage.groupBy({ by: ['openid', 'clientMsgId'], _count: true });
  const times = new Map(arrived.map(({ clientMsgId, _count }) => [clientMsgId, _count]));
  expect(own.map(({ once, tries }) => [once, times.get(keyOf(once, readTries(tries)))])).toEqual(
    own.map(({ once }) => [once, 1]),
  );
}
