import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Closing } from './closing.ts';
import type { Config } from './config.ts';
import { createTransactions } from './database/in-transaction.ts';
import { openDatabase } from './database/open.ts';
import { type Addresses, apiConfig } from './doors/account.ts';
import { writeFirstRows } from './first-rows.ts';
import { systemActor } from './kernel/actor.ts';
import { createClock, wallNow } from './kernel/clock.ts';
import { createSchoolTime } from './kernel/school-time.ts';
import { createLinks } from './links/index.ts';
import { createChannels, createOutbox, writeNotices } from './notify/index.ts';
import { createPasswords } from './people/index.ts';
import { sandboxAccount } from './sandbox/index.ts';
import { createInProcessState, createRedisState } from './shared-state/index.ts';
import { createWechatApi } from './wechat/index.ts';

/** What a service is opened with; tests and the operator's commands leave the rest to its defaults. */
export type Given = {
  config: Config;
  log: Logger;
  addresses?: Addresses;
  /** What links carry. */
  baseUrl?: string;
  sessionSecret?: string;
};

/** What every feature may be made from. */
export type Shared = Awaited<ReturnType<typeof openShared>>;

/**
 * Opens what the features share, over a migrated database with its first rows: database, shared state, the platform's
 * API, links, the outbox. Each says on the way how it is closed. Nothing listens, ticks or sends yet.
 */
export async function openShared({ config, log, addresses = { platformUrl: '' }, ...given }: Given, closing: Closing) {
  const owner = randomUUID();
  const baseUrl = given.baseUrl ?? config.baseUrl ?? `http://localhost:${config.port}`;
  const sessionSecret = given.sessionSecret ?? config.sessionSecret ?? owner;
  const clock = createClock();
  const time = createSchoolTime(config.timeZone);

  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  closing.push(database.close);
  await database.migrate();
  const { prisma } = database;

  const shared = config.redisUrl
    ? createRedisState({
        url: config.redisUrl,
        onError: (error) => log.warn({ err: error }, 'Redis does not answer'),
      })
    : createInProcessState({ wallNow });
  closing.push(shared.close);

  const { inTransaction } = createTransactions({
    database,
    clock,
    time,
    log,
    tell: writeNotices,
    afterTold: () => outbox.kick(),
  });
  await inTransaction(systemActor, 'system', (scope) => writeFirstRows(scope, config));

  const account = config.wechat ? null : await sandboxAccount(prisma);
  const stopping = new AbortController();
  const api = createWechatApi({
    config: apiConfig(config, account, addresses),
    state: shared,
    log,
    stopping: stopping.signal,
  });
  const links = createLinks({ sessionSecret, baseUrl: () => baseUrl });
  const { linkFor } = links;
  const { channels, close: closeChannels } = createChannels(config, {
    prisma,
    api,
    clock,
    time,
    shared,
    log,
    linkFor,
  });
  closing.push(closeChannels);
  const outbox = createOutbox({ prisma, inTransaction, clock, time, channels, log, owner });
  closing.push(outbox.stop);

  return {
    owner,
    config,
    log,
    baseUrl: () => baseUrl,
    sessionSecret,
    clock,
    time,
    database,
    prisma,
    shared,
    inTransaction,
    account,
    api,
    links,
    channels,
    outbox,
    passwords: createPasswords(),
    /** Begins nothing more of its own, while requests under way still end: notices, repeats of calls. */
    drain: async () => {
      stopping.abort();
      await outbox.stop();
    },
  };
}
