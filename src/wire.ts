import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createAssignment, replayTurns } from './assignment/index.ts';
import { auditTable } from './audit/table.ts';
import { createDispatch } from './chat/dispatch.ts';
import { clearConversations } from './chat/jobs.ts';
import { createReceipts } from './chat/receipts.ts';
import { createRegistry } from './chat/registry.ts';
import { createSeal } from './chat/seal.ts';
import type { Config } from './config.ts';
import { createControls } from './control/create-controls.ts';
import { createHandOver, deactivateAction, handOverPages } from './customers/hand-over/index.ts';
import { createCustomerImport } from './customers/import/index.ts';
import {
  createCustomerFigures,
  customerCommands,
  customerJobs,
  customerPages,
  customerTables,
} from './customers/index.ts';
import { laterReminders, reminderCommands } from './customers/reminders/index.ts';
import { eveningDigest, rescueCommands, rescuePages } from './customers/rescue/index.ts';
import { rulePreviewPages } from './customers/rule-preview/index.ts';
import { createTransactions } from './database/in-transaction.ts';
import { openDatabase } from './database/open.ts';
import { findPrismaFolder } from './database/read-migrations.ts';
import { type Addresses, apiConfig, callbackConfig } from './doors/account.ts';
import { createAccountMenu } from './doors/account-menu.ts';
import { createOfficialAccount } from './doors/official-account.ts';
import { createEnrolCustomer, enrolmentCommands, enrolmentPages, paymentsTable } from './enrolment/index.ts';
import { writeFirstRows } from './first-rows.ts';
import { clearSlots } from './jobs/clear-slots.ts';
import { createScheduler } from './jobs/scheduler.ts';
import { systemActor } from './kernel/actor.ts';
import { createClock, wallNow } from './kernel/clock.ts';
import { createSchoolTime } from './kernel/school-time.ts';
import { clearOauthStates, createLinks, createWechatEntry, linkPages } from './links/index.ts';
import {
  clearSentNotices,
  createChannels,
  createNoticeFigures,
  createOutbox,
  notificationsTable,
  notifyPages,
  openWindow,
  templateFinished,
  writeNotices,
} from './notify/index.ts';
import {
  beginSession,
  bindPages,
  clearSessions,
  createCheckCredentials,
  createCheckGuess,
  createLoadSession,
  createManagePeople,
  createPasswords,
  departmentsTable,
  followEvents,
  identify,
  rolesTable,
  signInPages,
  staffTable,
} from './people/index.ts';
import { bookingsTable, remindBookings, roomCommands, roomPages, roomsTable } from './rooms/index.ts';
import { sandboxAccount } from './sandbox/index.ts';
import { readCronRule, settingsPages } from './settings/index.ts';
import { createInProcessState, createRedisState } from './shared-state/index.ts';
import { teachingCommands, teachingJobs, teachingPages, teachingTables } from './teaching/index.ts';
import { clashesTable, clearClashes, createClashFigures } from './upgrade/index.ts';
import type { PageContext } from './web/define-page.ts';
import { createCallback, createWechatApi } from './wechat/index.ts';

/** The project's folder, from the sources as well as from what was built of them. */
export const projectFolder = join(findPrismaFolder(), '..');

export type Parts = Awaited<ReturnType<typeof openParts>>;

/**
 * Puts every part together over an opened, migrated database: the one place that knows them all. Nothing listens, ticks
 * or sends yet.
 */
export async function openParts(given: {
  config: Config;
  log: Logger;
  addresses?: Addresses;
  /** What links carry. */
  baseUrl?: string;
  sessionSecret?: string;
}) {
  const owner = randomUUID();
  const { config, log, addresses = { platformUrl: '' } } = given;
  const {
    baseUrl = config.baseUrl ?? `http://localhost:${config.port}`,
    sessionSecret = config.sessionSecret ?? owner,
  } = given;
  const clock = createClock();
  const time = createSchoolTime(config.timeZone);
  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  await database.migrate();
  const { prisma } = database;
  const shared = config.redisUrl
    ? createRedisState({
        url: config.redisUrl,
        onError: (error) => log.warn({ err: error }, 'Redis does not answer'),
      })
    : createInProcessState({ wallNow });
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
  const ways = createChannels(config, { prisma, api, clock, time, shared, log, linkFor });
  const outbox = createOutbox({ prisma, inTransaction, clock, time, channels: ways.channels, log, owner });
  const assignment = createAssignment({ rota: shared.rota, prisma });
  const imports = createCustomerImport({ prisma, inTransaction, enterMany: assignment.enterMany, log });
  const passwords = createPasswords();
  const checkGuess = createCheckGuess({ passwords, shared });
  const people = createManagePeople({ passwords, checkGuess, whenStaffChange: assignment.markReset });

  const handOver = createHandOver(assignment.handOut);
  const enrol = createEnrolCustomer(people);

  const registry = createRegistry([
    ...customerCommands,
    ...reminderCommands,
    ...rescueCommands,
    ...assignment.commands,
    ...roomCommands,
    ...teachingCommands({ links }),
    ...enrolmentCommands({ enrol }),
  ]);
  const receipts = createReceipts(createSeal(sessionSecret));
  const dispatch = createDispatch({ inTransaction, registry, identify, receipts, log });
  const handle = createOfficialAccount({
    dispatch,
    inTransaction,
    receipts,
    events: {
      ...followEvents,
      templateFinished: async (scope, finished) => {
        if (await templateFinished(scope, finished)) scope.afterCommit(() => outbox.kick());
      },
    },
    noteContact: (openid, kind, at) => openWindow(prisma, openid, kind, at),
    log,
  });
  const callback = createCallback({ config: callbackConfig(config, account), clock, log, handle });

  const jobs = [
    ...customerJobs,
    eveningDigest,
    laterReminders,
    ...assignment.jobs,
    ...imports.jobs,
    remindBookings,
    ...teachingJobs,
    clearConversations,
    clearSessions,
    clearSlots,
    clearOauthStates,
    clearSentNotices,
    clearClashes,
  ];
  const scheduler = createScheduler({
    jobs,
    prisma,
    inTransaction,
    clock,
    time,
    owner,
    log,
    ruleOf: (setting) => readCronRule(prisma, setting),
  });

  const declared = [
    ...customerTables({ enter: assignment.enter }),
    ...assignment.tables,
    staffTable(people, {
      deactivate: deactivateAction({ setActive: people.setActive, handOver }),
      recordLinks: ({ id }) => [
        { title: '交接客户', href: `/staff/${id}/hand-over`, permission: 'customers.transfer' },
      ],
    }),
    departmentsTable,
    rolesTable,
    roomsTable,
    bookingsTable,
    ...teachingTables({ people }),
    paymentsTable,
    notificationsTable({ time, kick: outbox.kick }),
    clashesTable,
  ];
  const tables = [...declared, auditTable(declared)];
  const pages = [
    ...signInPages({
      checkCredentials: createCheckCredentials({ prisma, checkGuess }),
      people,
      demo: () => (config.demo && !config.production ? { accounts: DEMO_ACCOUNTS, password: DEMO_PASSWORD } : null),
    }),
    ...bindPages({ createCode: (scene, expireSeconds) => api.createQrCode({ scene, expireSeconds }) }),
    ...customerPages,
    ...rescuePages,
    ...handOverPages({ handOver, turns: assignment.handOut, inTransaction, setActive: people.setActive }),
    ...assignment.pages,
    ...roomPages,
    ...teachingPages({ prisma, baseUrl: () => baseUrl, enterByWechat: createWechatEntry({ links, api }) }),
    ...enrolmentPages({ enrol }),
    ...rulePreviewPages({ replayTurns }),
    ...settingsPages,
    ...notifyPages({ prisma, api, clock, shared, configured: ways.channels.map(({ name }) => name) }),
    ...linkPages({ links, api, beginSession }),
    ...imports.pages,
  ];

  const figures = [createCustomerFigures({ prisma }), createNoticeFigures({ prisma }), createClashFigures({ prisma })];
  const menu = createAccountMenu({ prisma, api, clock, entries: registry.menu, log });
  const controls = createControls({
    scheduler,
    inTransaction,
    people,
    database,
    dataDir: config.dataDir,
    clock,
    time,
    menu,
  });

  return {
    owner,
    clock,
    time,
    database,
    shared,
    inTransaction,
    account,
    api,
    assignment,
    people,
    registry,
    dispatch,
    callback,
    scheduler,
    outbox,
    menu,
    tables,
    pages,
    figures: async (c: PageContext) => (await Promise.all(figures.map((read) => read(c)))).flat(),
    controls,
    passwords,
    loadSession: createLoadSession(prisma),
    metrics: new Registry(),
    /** Begins nothing more of its own, while requests under way still end: notices, repeats of calls. */
    drain: async () => {
      stopping.abort();
      await outbox.stop();
    },
    close: async () => {
      await scheduler.stop();
      await imports.stop();
      await outbox.stop();
      ways.close();
      await shared.close();
      await database.close();
    },
  };
}

export const DEMO_PASSWORD = 'xiaoxin-demo';
export const DEMO_ACCOUNTS: readonly string[] = [
  'admin',
  'head',
  'consultant1…6',
  'lecturer1…2',
  'tutor1',
  'student1…8',
];
