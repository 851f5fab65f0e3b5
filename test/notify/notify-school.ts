import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import * as drops from '../../src/before-it-drops/notices.ts';
import * as customers from '../../src/customers/notices.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock, wallNow } from '../../src/kernel/clock.ts';
import type { Notice } from '../../src/kernel/notice.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { createLinks } from '../../src/links/index.ts';
import { noticeCatalogue as catalogue } from '../../src/notice-catalogue.ts';
import type { Channel } from '../../src/notify/channels/channel.ts';
import {
  createOutbox,
  createWechatChannel,
  type Outbox,
  seedNoticeTemplates,
  writeNotices,
} from '../../src/notify/index.ts';
import { sandboxNoticeTemplates } from '../../src/sandbox/index.ts';
import { createInProcessState, type SharedState } from '../../src/shared-state/index.ts';
import { createWechatApi, type WechatApi } from '../../src/wechat/index.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { TEST_DAY } from '../setup/now.ts';
import { startPlatform } from '../wechat/platform.ts';

export const TEMPLATE_SEND = '/cgi-bin/message/template/send';
export const CUSTOM_SEND = '/cgi-bin/message/custom/send';
export const TEMPLATES = '/cgi-bin/template/get_all_private_template';
export const NOON = `${TEST_DAY}T12:00:00+08:00`;

export const time = createSchoolTime('Asia/Shanghai');

/**
 * A school with an outbox over this file's database, and a platform of the test's own in WeChat's place, which takes
 * everything unless told otherwise. The clock stands still; `wall` moves leases. API repeats do not wait.
 */
export function useNotify() {
  const database = useDatabase();
  const clock = createFixedClock(NOON);
  const wall = { offset: 0, now: () => wallNow() + wall.offset };
  const links = createLinks({
    sessionSecret: 'a secret of the tests',
    baseUrl: () => 'https://school.test',
    catalogue,
  });
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let shared: SharedState;
  let api: WechatApi;
  let outboxes: Outbox[] = [];
  let people = 0;

  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  beforeEach(async () => {
    const { prisma } = database();
    await prisma.$executeRaw`TRUNCATE "Notification", "Follower", "NoticeTemplate", "WechatTemplate", "Person", "MessageReceipt", "Setting" CASCADE`;
    await seedNoticeTemplates(prisma, 'wx1', sandboxNoticeTemplates(catalogue));
    clock.moveTo(NOON);
    wall.offset = 0;
    platform.asked.length = 0;
    let msgId = 3_487_542_469_355_000_000n;
    platform.answer('/cgi-bin/stable_token', { access_token: 'T1', expires_in: 7200 });
    platform.answer(TEMPLATE_SEND, (res) => {
      msgId += 1n;
      res.setHeader('content-type', 'application/json');
      res.end(`{"errcode":0,"errmsg":"ok","msgid":${msgId}}`);
    });
    platform.answer(CUSTOM_SEND, { errcode: 0, errmsg: 'ok' });
    platform.answer(TEMPLATES, { template_list: [] });
    shared = createInProcessState({ wallNow });
    api = createWechatApi({
      config: { appId: 'wx1', secret: 's', apiBase: platform.base, openBase: platform.base, mpBase: platform.base },
      state: shared,
      log: quietLog,
      sleep: async () => {},
      timeoutMs: 600,
    });
  });

  afterEach(async () => {
    await Promise.all(outboxes.map((outbox) => outbox.stop()));
    outboxes = [];
  });

  const transactions = () =>
    createTransactions({ database: database(), clock, time, log: quietLog, tell: writeNotices });
  const inTransaction: ReturnType<typeof createTransactions>['inTransaction'] = (...args) =>
    transactions().inTransaction(...args);

  function wechat(): Channel {
    const { prisma } = database();
    const random = () => 0;
    return createWechatChannel({
      prisma,
      api,
      clock,
      time,
      shared,
      log: quietLog,
      catalogue,
      linkFor: links.linkFor,
      random,
      // Mappings are read anew for each test's changes.
      wallNow: () => (readings += 10_000),
    });
  }
  let readings = 0;

  return {
    clock,
    wall,
    links,
    inTransaction,
    get prisma() {
      return database().prisma;
    },
    get platform() {
      return platform;
    },
    get api() {
      return api;
    },
    get shared() {
      return shared;
    },
    wechat,
    /** A node's outbox over WeChat, or over the channels given. */
    outbox(channels: readonly Channel[] = [wechat()], owner = `node ${outboxes.length + 1}`): Outbox {
      const { prisma } = database();
      const parts = {
        prisma,
        inTransaction,
        clock,
        time,
        channels,
        catalogue,
        log: quietLog,
        owner,
        wallNow: wall.now,
      };
      const outbox = createOutbox({ ...parts, random: () => 0.5 });
      outboxes.push(outbox);
      return outbox;
    },
    /** Somebody to tell: bound unless said otherwise. */
    async person(
      given: { openid?: string | null; email?: string; phone?: string; notifyPrefs?: object; active?: boolean } = {},
    ) {
      people += 1;
      const name = `李娜${people}`;
      const openid = given.openid === undefined ? `oXx_person_${people}_aaaaaaaaaaaaaaa` : given.openid;
      const at = clock.now();
      return database().prisma.person.create({
        data: { name, username: `person${people}`, passwordHash: '-', createdAt: at, updatedAt: at, ...given, openid },
      });
    },
    /** A message from somebody just now: the customer-service window is open. */
    async says(openid: string | null, at = clock.now()) {
      const row = { following: true, changedAt: at, messageAt: at, messageUsed: 0 };
      await database().prisma.follower.upsert({
        where: { openid: openid ?? '' },
        create: { openid: openid ?? '', ...row },
        update: row,
      });
    },
    /** Writes notices as a use case does. */
    tell: (...notices: Notice[]) => inTransaction(systemActor, 'system', (scope) => scope.tell(...notices)),
    notices: () => database().prisma.notification.findMany({ orderBy: { id: 'asc' } }),
    async notice() {
      const [row, ...more] = await database().prisma.notification.findMany();
      if (!row || more.length > 0) throw new Error(`there are ${more.length + (row ? 1 : 0)} notices`);
      return row;
    },
    /** The bodies sent to a call of the platform. */
    sent: (path: string) =>
      platform
        .to(path)
        .map(({ body }) => JSON.parse(body.toString()) as Record<string, never> & { client_msg_id: string }),
  };
}

export function assigned(to: number, once = 'assigned:1'): Notice {
  const data = { customer: '王小雨', course: 'Python全栈', source: '百度推广', at: '11-21 12:00', noContactDays: 3 };
  return customers.assigned.to(to, data, { once, about: customers.customerSubject.of(7) });
}

export const pooled = (to: number, once = 'pooled:1'): Notice => drops.pooled.to(to, { count: 5 }, { once });

/** A text-message gateway: remembers what it was asked, answers in turn. */
export async function startGateway(...statuses: number[]) {
  const asked: { to: string; text: string; id: string }[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    asked.push(JSON.parse(Buffer.concat(chunks).toString()));
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
    res.writeHead(status, status === 429 ? { 'retry-after': '120' } : {});
    res.end(status === 200 ? 'ok' : 'no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    asked,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
