import type { Context, Middleware } from 'koa';
import type { Dispatch } from '../chat/incoming.ts';
import { loadAssets } from '../web/assets.ts';
import { createFaults } from './faults.ts';
import { inPhoneBrowser } from './in-phone.ts';
import { createInbox } from './inbox.ts';
import { createSandboxClock } from './move-clock.ts';
import type { SandboxParts } from './parts.ts';
import { createPhones, type PageCode } from './phones.ts';
import { createConditionalMenus } from './platform/conditional-menus.ts';
import { createConsole } from './platform/console.ts';
import { createCustomMessages } from './platform/custom.ts';
import { createMaterials } from './platform/material.ts';
import { createMedia } from './platform/media.ts';
import { createMenu } from './platform/menu.ts';
import { createOauth } from './platform/oauth.ts';
import { createQrCodes } from './platform/qr.ts';
import { createQuotas } from './platform/quota.ts';
import { createSubscriptions } from './platform/subscriptions.ts';
import { createTags } from './platform/tags.ts';
import { createTemplates } from './platform/templates.ts';
import { createTokens } from './platform/tokens.ts';
import { createFollowers } from './platform/users.ts';
import { createPlatform, PLATFORM_PATH } from './platform.ts';
import { createPusher } from './push.ts';
import { createPushSettings } from './push-settings.ts';
import { sandboxRoutes } from './routes.ts';
import { seedSandbox } from './seed.ts';
import { createTraffic } from './traffic.ts';

/** What the sandbox needs from the service it trains people in. */
export type SandboxDeps = SandboxParts & {
  /** What links carry: OAuth may send people back to its host. */
  baseUrl: string;
  /** The callback on the listening loopback address, e.g. http://127.0.0.1:8080/wechat/callback; asked at each push. */
  callbackUrl: () => string;
  /** The bot's door; absent where no bot runs. */
  botDispatch?: Dispatch;
  /** Runs all jobs due by the clock and answers when they have ended. */
  runDueJobs: () => Promise<unknown>;
  /** Answers when the outbox is drained. */
  settle: () => Promise<unknown>;
  /** Codes on screens that open a page of ours instead of telling the platform: a lesson's check-in. */
  pageCodes?: () => Promise<readonly PageCode[]>;
  /** The folder of the page's files (templates/sandbox). */
  templates: string;
  /** Words worth trying, shown above the keyboard: the commands' first words. */
  words?: readonly string[];
  /** Whether other nodes share the database, so that a clock moved there has to be followed. */
  severalNodes?: boolean;
};

export type Sandbox = ReturnType<typeof createSandbox>;

/**
 * Stands in for WeChat where no account is configured: the platform's server, phones to train with, faults and a clock.
 * `routes` goes before body parser, session and CSRF check.
 */
export function createSandbox(deps: SandboxDeps) {
  const { prisma, baseUrl, callbackUrl, botDispatch, severalNodes = false } = deps;
  // What a newcomer is told to try stands first.
  const words = ['帮助', ...(deps.words ?? []).filter((word) => word !== '帮助')];
  const faults = createFaults(deps);
  const traffic = createTraffic(deps);
  const inbox = createInbox(deps);
  const pushSettings = createPushSettings(deps);
  const pusher = createPusher({ ...deps, faults, inbox, traffic, pushSettings });
  const tokens = createTokens(deps);
  const qrCodes = createQrCodes(deps);
  const tags = createTags(deps);
  const followers = createFollowers({ ...deps, tags });
  const menu = createMenu(deps);
  const menus = createConditionalMenus({ ...deps, menu, tags });
  const media = createMedia(deps);
  const materials = createMaterials(deps);
  const oauth = createOauth(deps);
  const templates = createTemplates({ ...deps, inbox, pusher, followers, faults });
  const subscriptions = createSubscriptions({ ...deps, inbox, pusher, followers, templates });
  const customs = createCustomMessages({ ...deps, inbox, followers, media, materials });
  const groups = [
    tokens,
    qrCodes,
    tags,
    followers,
    menu,
    menus,
    media,
    materials,
    oauth,
    templates,
    subscriptions,
    customs,
  ];
  const calls = [...groups, createQuotas(deps), createConsole(deps)].flatMap((part) => part.calls);
  const platform = createPlatform({
    ...deps,
    calls,
    tokens,
    qrCodes,
    oauth,
    faults,
    traffic,
    ownHosts,
    signal: pusher.signal,
  });
  const phones = createPhones({
    ...deps,
    inbox,
    pusher,
    followers,
    customs,
    qrCodes,
    menus,
    media,
    subscriptions,
    botDispatch,
  });
  const settle = async () => {
    await deps.settle();
    await pusher.idle();
    await deps.settle(); // what a finished push may have queued
  };
  const sandboxClock = createSandboxClock({ ...deps, settle });
  const assets = loadAssets(deps.templates);
  const hasBot = botDispatch !== undefined;
  const page = sandboxRoutes({
    ...deps,
    phones,
    inbox,
    faults,
    traffic,
    menus,
    pushSettings,
    sandboxClock,
    assets,
    ownHosts,
    words,
    hasBot,
  });
  const inPhone = inPhoneBrowser(ownHosts);

  return {
    account: deps.account,
    routes: (): Middleware => (ctx, next) => inPhone(ctx, () => answer(ctx, next)),
    /** Makes what a new installation lacks (templates, spare phones) and takes over the kept clock. */
    async start(): Promise<void> {
      await templates.ensure();
      if ((await prisma.sandboxPhone.count()) === 0) await prisma.$transaction((tx) => seedSandbox(tx, []));
      await sandboxClock.start(severalNodes);
    },
    /** Answers when no push is under way. */
    idle: () => pusher.idle(),
    /** Ends delays, repeats and calls that hang, so that nothing of the sandbox holds a shutdown. */
    stop(): Promise<void> {
      sandboxClock.stop();
      return pusher.stop();
    },
  };

  async function answer(ctx: Context, next: () => Promise<unknown>): Promise<unknown> {
    if (ctx.path.startsWith(`${PLATFORM_PATH}/`)) return platform(ctx, ctx.path.slice(PLATFORM_PATH.length));
    if (ctx.path === '/sandbox' || ctx.path.startsWith('/sandbox/')) return page(ctx as never, next as never);
    return next();
  }

  /** Host names under which this service is reached: as configured, as asked, and on its loopback address. */
  function ownHosts(ctx: Context): readonly string[] {
    const loopback = new URL(callbackUrl());
    return [new URL(baseUrl).host, ctx.host, loopback.host, `localhost:${loopback.port}`];
  }
}
