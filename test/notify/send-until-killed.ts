import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { openDatabase } from '../../src/database/open.ts';
import { createFixedClock, wallNow } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { noticeCatalogue as catalogue } from '../../src/notice-catalogue.ts';
import { createOutbox, createWechatChannel, writeNotices } from '../../src/notify/index.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { createWechatApi } from '../../src/wechat/index.ts';

// A child process of kill.test.ts: a node that sends what is due until it is killed. `wallOffset` moves its leases.

const [database = '', platform = '', wallOffset = '0'] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const isServer = database.startsWith('postgres');
const opened = await openDatabase({ ...(isServer ? { databaseUrl: database } : { dataDir: database }), log });
const clock = createFixedClock('2026-11-21T12:00:00+08:00');
const time = createSchoolTime('Asia/Shanghai');
const shared = createInProcessState({ wallNow });
const { inTransaction } = createTransactions({ database: opened, clock, time, log, tell: writeNotices });
const api = createWechatApi({
  config: { appId: 'wx1', secret: 's', apiBase: platform, openBase: platform, mpBase: platform },
  state: shared,
  log,
});
const { prisma } = opened;
const channel = createWechatChannel({ prisma, api, clock, time, shared, log, catalogue, linkFor: () => undefined });
const outbox = createOutbox({
  prisma,
  inTransaction,
  clock,
  time,
  channels: [channel],
  catalogue,
  log,
  owner: randomUUID(),
  wallNow: () => wallNow() + Number(wallOffset),
});
await outbox.settle();
process.stdout.write('settled\n');
await opened.close();
process.exit(0);
