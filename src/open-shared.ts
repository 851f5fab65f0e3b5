import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Closing } from './closing.ts';
import type { Config } from './config.ts';
import { createTransactions } from './database/in-transaction.ts';
import { openDatabase } from './database/open.ts';
import { type Addresses, apiConfig } from './doors/account.ts';
import { takeAccount } from './doors/take-account.ts';
import { writeFirstRows } from './first-rows.ts';
import { createHealth } from './health.ts';
import { systemActor } from './kernel/actor.ts';
import { createClock, wallNow } from './kernel/clock.ts';
import { createSchoolTime } from './kernel/school-time.ts';
import { createLinks } from './links/index.ts';
import { noticeCatalogue as catalogue } from './notice-catalogue.ts';
import { createChannels, createOutbox, writeNotices } from './notify/index.ts';
import { createPasswords } from './people/index.ts';
import { pretendNow, sandboxAccount } from './sandbox/index.ts';
import { createInProcessState, createRedisState, createSteadyState } from './shared-state/index.ts';
import { createWechatApi } from './wechat/index.ts';

/** What a service is opened with; tests and the operator's commands leave the rest to its defaults. */
export type Given = {
  config: Config;
  log: Logger;
  addresses?: Addresses;
  /** What links carry. */
  baseUrl?: string;
  sessionSecret?: string;
  /** When the embedded database breaks or its folder is lost while in use: only a new start helps. */
  onBroken?: (error: Error) => void;
};

/** A start may take its time on a slow or busy machine; nothing waits for it. */
const START_MS = 60_000;

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

  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    onFailure: given.onBroken,
  });
  closing.push(database.close);
  await database.migrate();
  const { prisma } = database;

  if (config.pretendedNow) await pretendNow(prisma, clock, config.pretendedNow);
  const { shared, isDegraded } = openSharedState(config, log);
  closing.push(shared.close);
  const health = createHealth({ database, isDegraded, wallNow });

  const { inTransaction } = createTransactions({
    database,
    clock,
    time,
    log,
    tell: writeNotices,
    afterTold: () => outbox.kick(),
    noteFailure: health.note,
  });

  const account = config.wechat ? null : await sandboxAccount(prisma);
  const ownAccount = apiConfig(config, account, addresses);
  const accountChange = await inTransaction(
    systemActor,
    'system',
    async (scope) => {
      const change = await takeAccount(scope, ownAccount.appId);
      await writeFirstRows(scope, config, ownAccount.appId);
      return change;
    },
    { timeoutMs: START_MS },
  );
  if (accountChange.released + accountChange.restored > 0)
    log.warn({ appId: ownAccount.appId, ...accountChange }, 'another account: bindings belong to one appid');
  const stopping = new AbortController();
  const api = createWechatApi({
    config: ownAccount,
    state: shared,
    log,
    stopping: stopping.signal,
  });
  const links = createLinks({ sessionSecret, baseUrl: () => baseUrl, catalogue });
  const { linkFor } = links;
  const { channels, close: closeChannels } = createChannels(config, {
    prisma,
    api,
    clock,
    time,
    shared,
    log,
    catalogue,
    linkFor,
  });
  closing.push(closeChannels);
  const outbox = createOutbox({ prisma, inTransaction, clock, time, channels, catalogue, log, owner });
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
    accountChange,
    health,
    stopping: stopping.signal,
    api,
    links,
    catalogue,
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

/** What nodes share beside the database: in Redis where there is one, and in the process while it does not answer. */
function openSharedState({ redisUrl }: Config, log: Logger) {
  const makeLocal = () => createInProcessState({ wallNow });
  if (!redisUrl) return { shared: makeLocal(), isDegraded: () => false };
  const steady = createSteadyState({
    server: createRedisState({
      url: redisUrl,
      onError: (error) => log.debug({ err: error }, 'Redis does not answer'),
    }),
    makeLocal,
    wallNow,
    onChange: (degraded, why) =>
      degraded
        ? log.warn({ err: why }, 'Redis does not answer: limits and the rota are kept in this process')
        : log.info('Redis is back'),
  });
  return { shared: steady, isDegraded: steady.isDegraded };
}
