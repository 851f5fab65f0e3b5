import pino from 'pino';
import { createAssignment } from '../../src/assignment/feature.ts';
import { EnterCustomer } from '../../src/customers/index.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock, wallNow } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import { createInProcessState, createRedisState } from '../../src/shared-state/index.ts';

// A child process of killed.test.ts: enters one customer, then stands with the next one's turn in hand and everything
// written, just before its commit, until it is killed.

const { dataDir, databaseUrl, redisUrl, keyPrefix } = JSON.parse(process.argv[2] ?? '{}');
const log = pino({ level: 'silent' });
const database = await openDatabase({ dataDir, databaseUrl, log });
const fail = (error: Error) => {
  throw error;
};
const { rota } = redisUrl
  ? createRedisState({ url: redisUrl, keyPrefix, onError: fail })
  : createInProcessState({ wallNow });
const { inTransaction } = createTransactions({
  database,
  clock: createFixedClock('2026-11-21T06:30:00Z'),
  time: createSchoolTime('Asia/Shanghai'),
  log,
  tell: writeNotices,
});
const { enter } = createAssignment({ rota, prisma: database.prisma });
const entry = (qq: string) => EnterCustomer.parse({ name: `客户${qq}`, qq });

await inTransaction(systemActor, 'web', (scope) => enter(scope, entry('10001')));
await inTransaction(systemActor, 'web', async (scope) => {
  await enter(scope, entry('10002'));
  process.stdout.write('before the commit\n');
  await new Promise(() => setInterval(() => undefined, 1000));
});
