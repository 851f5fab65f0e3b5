import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import { loadAssets } from './assets.ts';
import { createCookies } from './cookies.ts';
import type { LoadSession, Page } from './define-page.ts';
import type { Table } from './define-table.ts';
import { homePages, type ReadFigures } from './home.ts';
import { createKeyedWrites } from './keyed-writes.ts';
import { drainBody } from './middleware/drain-body.ts';
import { errors } from './middleware/errors.ts';
import { health } from './middleware/health.ts';
import { refuseForeign } from './middleware/refuse-foreign.ts';
import { requestLog } from './middleware/request-log.ts';
import { security } from './middleware/security.ts';
import { serveAssets } from './middleware/serve-assets.ts';
import { session } from './middleware/session.ts';
import { createPageContexts, createShowPage } from './page-context.ts';
import { mountPages } from './page-routes.ts';
import { createRender } from './render.ts';
import type { WebApp, WebState } from './state.ts';
import { tablePages } from './table/pages.ts';

export type WebParts = {
  log: Logger;
  clock: Clock;
  time: SchoolTime;
  inTransaction: InTransaction;
  /** Lists and records are read with it outside transactions. */
  prisma: PrismaClient;
  loadSession: LoadSession;
  pages: readonly Page[];
  tables: readonly Table[];
  /** The numbers on everybody's first page. */
  figures?: ReadFigures;
  metrics: Registry;
  /** What is still missing before the service can take requests; empty when nothing is. */
  ready: () => readonly string[] | Promise<readonly string[]>;
  /** What it goes on without: Redis, whose part the process plays meanwhile. */
  without?: () => readonly string[];
  draining?: () => boolean;
  /** Signs cookies. */
  sessionSecret: string;
  /** What links carry; over https cookies are `Secure`. */
  baseUrl: string;
  /** How many proxies of ours stand in front and say who is asking (X-Forwarded-For). */
  behindProxy?: number;
  /** What a scraper of /metrics shows; without it only this machine reads it. */
  metricsToken?: string | undefined;
  /** Read their bodies themselves, and know neither session nor CSRF: the platform's callback, the simulated platform. */
  rawRoutes?: readonly Koa.Middleware[];
  /** Where pictures may come from besides ourselves: the platform's QR codes. */
  imageSources?: readonly string[];
  /** The folder with layout.html and assets/. */
  templates: string;
  /** Keeps compiled templates and assets; off for working on them. */
  cacheTemplates?: boolean;
};

/** Puts the web view together: middleware, pages, and what is made from the declared tables. */
export function createApp(parts: WebParts): WebApp {
  const { log, metrics, pages, tables, templates, cacheTemplates = true } = parts;
  const https = parts.baseUrl.startsWith('https:');
  const assets = loadAssets(`${templates}/assets`, { watch: !cacheTemplates });
  const render = createRender({ folder: templates, assets, cache: cacheTemplates });
  const cookies = createCookies({ https });
  const makeContext = createPageContexts({ ...parts, cookies, render });
  const showPage = createShowPage({ ...parts, cookies, render });

  const router = new Router<WebState>();
  mountPages(
    router,
    [...pages, ...homePages(parts), ...tables.flatMap((table) => tablePages(table, parts))],
    makeContext,
    createKeyedWrites(parts),
  );

  const app: WebApp = new Koa();
  app.keys = [parts.sessionSecret];
  // Each proxy of ours adds whom it heard; what stands further left is only what somebody said.
  app.proxy = (parts.behindProxy ?? 0) > 0;
  app.maxIpsCount = parts.behindProxy ?? 0;
  app.on('error', (error: Error & { code?: string }) => {
    // HPE_: a body that ended before its end.
    const goneAway = /^(ECONNRESET|EPIPE|HPE_\w+)$/.test(error.code ?? '');
    log[goneAway ? 'debug' : 'warn']({ err: error }, 'an answer did not get through');
  });
  app.use(health({ ready: parts.ready, without: parts.without, metrics, metricsToken: parts.metricsToken }));
  app.use(requestLog({ log, metrics, draining: parts.draining ?? (() => false) }));
  app.use(drainBody());
  app.use(errors({ log, showPage }));
  app.use(security({ https, imageSources: parts.imageSources ?? [] }));
  app.use(refuseForeign(parts.baseUrl));
  app.use(serveAssets(assets));
  for (const route of parts.rawRoutes ?? []) app.use(route);
  app.use(session(parts.loadSession, cookies));
  app.use(router.routes() as unknown as Koa.Middleware<WebState>);
  app.use(router.allowedMethods() as unknown as Koa.Middleware<WebState>);
  return app;
}
