import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterAll, beforeAll } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { createClock } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { createSandbox, sandboxAccount, sandboxOpenid, seedSandbox } from '../../src/sandbox/index.ts';
import { loadAssets } from '../../src/web/assets.ts';
import { serveAssets } from '../../src/web/middleware/serve-assets.ts';
import { createCallback, type PassiveReply, type Push, wechatCallbackRoute } from '../../src/wechat/index.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';

const LI_NA = sandboxOpenid('consultant2');
const WANG_QIANG = sandboxOpenid('consultant1');

/** A sandbox over real HTTP with a small school behind it that keeps what was pushed and answers as told. */
export function useDesk() {
  const database = useDatabase();
  const pushes: { push: Push; key: string }[] = [];
  const jobs: string[] = [];
  const pageCodes: { title: string; url: string; secondsLeft: number }[] = [];
  let answer: (push: Push) => PassiveReply | Promise<PassiveReply> = () => ({ type: 'ack' });
  let server: Server;
  let base = '';
  let sandbox: ReturnType<typeof createSandbox>;
  const clock = createClock();
  const time = createSchoolTime('Asia/Shanghai');

  beforeAll(async () => {
    const { prisma } = database();
    await prisma.$transaction((tx) =>
      seedSandbox(tx, [
        { username: 'consultant1', name: '王强' },
        { username: 'consultant2', name: '李娜' },
      ]),
    );
    const account = await sandboxAccount(prisma);
    sandbox = createSandbox({
      prisma,
      account,
      clock,
      time,
      catalogue: noticeCatalogue,
      log: quietLog,
      baseUrl: 'http://school.test',
      callbackUrl: () => `${base}/wechat/callback`,
      botDispatch: async ({ text }): Promise<Reply> => ({ lines: [`机器人听到 ${text}`] }),
      runDueJobs: async () => void jobs.push(time.iso(clock.now())),
      settle: async () => undefined,
      pageCodes: async () => pageCodes,
      templates: new URL('../../templates/sandbox', import.meta.url).pathname,
      words: ['帮助', '公海'],
    });
    await sandbox.start();
    const callback = createCallback({
      config: { appId: account.appId, token: account.token, mode: 'safe', aesKey: account.aesKey },
      clock,
      log: quietLog,
      handle: async (push, key) => {
        pushes.push({ push, key });
        return answer(push);
      },
    });
    const app = new Koa();
    app.keys = ['desk'];
    app.silent = true;
    app.use(sandbox.routes());
    // The desk's modules and colours stand on the pages' own.
    app.use(serveAssets(loadAssets('templates/assets')) as unknown as Koa.Middleware);
    app.use(wechatCallbackRoute(callback));
    app.use(schoolPages);
    server = createServer(app.callback());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await sandbox.stop();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into.
    return { status: response.status, headers: response.headers, text, json: parse(text) as any };
  }

  return {
    LI_NA,
    WANG_QIANG,
    clock,
    pushes,
    jobs,
    pageCodes,
    get account() {
      return sandbox.account;
    },
    get sandbox() {
      return sandbox;
    },
    get base() {
      return base;
    },
    database,
    get: (path: string, headers?: Record<string, string>) => request('GET', path, undefined, headers),
    post: (path: string, body: unknown = {}, headers?: Record<string, string>) => request('POST', path, body, headers),
    /** A call of the platform's API with a good token. */
    async api(path: string, body?: unknown, query = '') {
      const token = await this.token();
      const address = `/sandbox/platform${path}?access_token=${token}${query}`;
      return (await request(body === undefined ? 'GET' : 'POST', address, body)).json;
    },
    async token(): Promise<string> {
      const { appId, appSecret } = sandbox.account;
      const body = { grant_type: 'client_credential', appid: appId, secret: appSecret };
      return (await request('POST', '/sandbox/platform/cgi-bin/stable_token', body)).json.access_token;
    },
    /** What the school answers to pushes from now on. */
    schoolAnswers(next: typeof answer) {
      answer = next;
    },
    async reset() {
      pushes.length = 0;
      jobs.length = 0;
      pageCodes.length = 0;
      answer = () => ({ type: 'ack' });
      await request('POST', '/sandbox/faults', { reset: true });
      await request('POST', '/sandbox/clock', { now: TEST_NOW });
      jobs.length = 0;
    },
  };
}

/** A few pages of a school: who is signed in, signing in, and a link that asks WeChat who is there. */
async function schoolPages(ctx: Koa.Context): Promise<void> {
  if (ctx.path === '/who')
    ctx.body = { name: ctx.cookies.get('name', { signed: true }) ?? null, agent: ctx.get('user-agent') };
  if (ctx.path === '/sign-in') {
    ctx.cookies.set('name', String(ctx.query.name), { signed: true, path: '/who' });
    ctx.redirect('/who');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
