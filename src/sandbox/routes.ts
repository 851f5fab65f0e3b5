import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { Refusal } from '../kernel/refusal.ts';
import type { Assets } from '../web/assets.ts';
import type { Faults } from './faults.ts';
import { inPhonePath } from './in-phone.ts';
import type { createInbox } from './inbox.ts';
import type { createSandboxClock } from './move-clock.ts';
import type { SandboxParts } from './parts.ts';
import type { createPhones } from './phones.ts';
import { refuse } from './phrases.ts';
import type { createConditionalMenus } from './platform/conditional-menus.ts';
import { browserPage } from './platform/oauth-page.ts';
import type { createPushSettings } from './push-settings.ts';
import { readFields } from './read-body.ts';
import type { createTraffic } from './traffic.ts';

type Parts = SandboxParts & {
  phones: ReturnType<typeof createPhones>;
  inbox: ReturnType<typeof createInbox>;
  faults: Faults;
  traffic: ReturnType<typeof createTraffic>;
  menus: ReturnType<typeof createConditionalMenus>;
  pushSettings: ReturnType<typeof createPushSettings>;
  sandboxClock: ReturnType<typeof createSandboxClock>;
  assets: Assets;
  ownHosts: (ctx: Context) => readonly string[];
  /** Words worth trying, for the buttons above the keyboard. */
  words: readonly string[];
  hasBot: boolean;
};

const CSP = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-src 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** The desk's page and the calls scripts train with (contract.md, Sandbox). They know neither session nor CSRF. */
export function sandboxRoutes(parts: Parts): Middleware {
  const { phones, inbox, faults, traffic, menus, pushSettings, sandboxClock, ownHosts, words, hasBot } = parts;
  const { account, prisma, clock, log } = parts;
  const router = new Router({ prefix: '/sandbox' });
  const openidOf = (ctx: { params: Record<string, string> }) => String(ctx.params.openid);

  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'a call of the sandbox failed');
      const { code, status, message, fields } = error instanceof Refusal ? error : INTERNAL;
      ctx.status = status;
      ctx.body = { error: { code, message, ...(fields && { fields }) } };
    }
  });

  router.get('/', (ctx) => page(ctx, 'index.html'));
  router.get('/assets/:name', (ctx) => page(ctx, String(ctx.params.name)));

  router.get('/phones', async (ctx) => {
    ctx.body = await phones.list();
  });
  router.post('/phones', async (ctx) => {
    ctx.body = await phones.add(await readFields(ctx.req));
    ctx.status = 201;
  });
  const doings = {
    say: phones.say,
    scan: phones.scan,
    click: phones.click,
    view: phones.view,
    subscribe: phones.subscribe,
  };
  for (const [name, work] of Object.entries(doings)) {
    router.post(`/phones/:openid/${name}`, async (ctx) => {
      ctx.body = await work(openidOf(ctx), await readFields(ctx.req));
    });
  }
  for (const [name, work] of Object.entries({ follow: phones.follow, unfollow: phones.unfollow })) {
    router.post(`/phones/:openid/${name}`, async (ctx) => {
      ctx.body = await work(openidOf(ctx));
    });
  }
  router.get('/phones/:openid/inbox', async (ctx) => {
    const { openid } = await phones.mustFind(openidOf(ctx));
    const after = Number(ctx.query.after ?? 0) || 0;
    ctx.body = { messages: await inbox.arrived(openid, { after }) };
  });
  router.get('/phones/:openid/open', async (ctx) => {
    const { openid } = await phones.mustFind(openidOf(ctx));
    const path = ownPath(ctx, String(ctx.query.url ?? ''));
    if (path) return ctx.redirect(inPhonePath(openid, path));
    ctx.status = 422;
    ctx.type = 'html';
    ctx.body = browserPage('微信', `<h1>${refuse.not_ours().message}</h1>`);
  });
  router.post('/bot/:openid/say', async (ctx) => {
    ctx.body = await phones.sayToBot(openidOf(ctx), await readFields(ctx.req));
  });

  const showAccount = (settings: Awaited<ReturnType<typeof pushSettings.read>>) => {
    const { appId: appid, appSecret: secret, token, aesKey: key, ghId } = account;
    return { appid, secret, token, key, ghId, ...settings };
  };
  router.get('/account', async (ctx) => {
    ctx.body = showAccount(await pushSettings.read());
  });
  router.post('/account', async (ctx) => {
    ctx.body = showAccount(await pushSettings.change(await readFields(ctx.req)));
  });

  router.get('/clock', (ctx) => {
    ctx.body = sandboxClock.read();
  });
  router.post('/clock', async (ctx) => {
    ctx.body = await sandboxClock.move(await readFields(ctx.req));
  });
  router.get('/faults', async (ctx) => {
    ctx.body = await faults.current();
  });
  router.post('/faults', async (ctx) => {
    ctx.body = await faults.change(await readFields(ctx.req));
  });
  router.delete('/faults', async (ctx) => {
    ctx.body = await faults.change({ reset: true });
  });
  router.get('/traffic/:id', async (ctx) => {
    const id = Number(ctx.params.id);
    const row = Number.isSafeInteger(id) && id < 2 ** 31 ? await traffic.find(id) : null;
    ctx.status = row ? 200 : 404;
    ctx.body = row ?? { error: { code: 'not_found', message: '这条记录已经清掉了，只留最近几百条' } };
  });

  /** All that changes on the desk, asked for every second while the page is looked at; `after` is of each openid. */
  router.get('/feed', async (ctx) => {
    const list = (name: string) => String(ctx.query[name] ?? '').split(',');
    const number = (text: string | undefined) => Math.max(0, Number(text ?? 0) || 0);
    const after = list('after');
    const shown = list('openids')
      .slice(0, 4)
      .map((openid, n) => ({ openid, after: number(after[n]) }));
    const [desk, codes, menusNow, faultsNow, messages, exchanges, typing] = await Promise.all([
      phones.list(),
      phones.codesOnScreens(),
      Promise.all(shown.map(async ({ openid }) => [openid, await menus.menuOf(openid)] as const)),
      faults.current(),
      inbox.conversations(shown),
      traffic.list(number(String(ctx.query.traffic))),
      prisma.sandboxItem.findMany({ where: { kind: 'typing', expiresAt: { gt: clock.now() } }, select: { key: true } }),
    ]);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      clock: sandboxClock.read(),
      phones: desk,
      codes,
      menus: Object.fromEntries(menusNow),
      faults: faultsNow,
      messages,
      traffic: exchanges,
      typing: typing.map(({ key }) => key.slice('typing:'.length)),
      words,
      hasBot,
    };
  });

  return router.routes() as unknown as Middleware;

  function page(ctx: Context, name: string): void {
    const file = parts.assets.find(name);
    if (!file) {
      ctx.status = 404;
      ctx.body = { error: { code: 'not_found', message: '没有这个文件' } };
      return;
    }
    ctx.set({ 'Content-Security-Policy': CSP, 'Referrer-Policy': 'same-origin', 'Cache-Control': 'no-cache' });
    ctx.etag = file.hash;
    ctx.type = file.type;
    ctx.body = file.bytes;
    if (ctx.fresh) ctx.status = 304;
  }

  /** The path of a link into the school; null for one that leads elsewhere. */
  function ownPath(ctx: Context, link: string): string | null {
    if (link.startsWith('/') && !link.startsWith('//')) return link;
    if (!URL.canParse(link)) return null;
    const { protocol, host, pathname, search } = new URL(link);
    return /^https?:$/.test(protocol) && ownHosts(ctx).includes(host) ? pathname + search : null;
  }
}

const INTERNAL = { code: 'internal', status: 500, message: '沙盒出了点问题，日志里有详情', fields: undefined };
