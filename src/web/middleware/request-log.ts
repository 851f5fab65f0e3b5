import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import { wallNow } from '../../kernel/clock.ts';
import type { WebMiddleware } from '../state.ts';

/**
 * Names every request, measures it and logs it by its route: addresses hold tokens and openids, so they are not logged.
 * While the service drains, each answer closes its connection.
 */
export function requestLog({
  log,
  metrics,
  draining,
}: {
  log: Logger;
  metrics: Registry;
  draining: () => boolean;
}): WebMiddleware {
  const seconds = new Histogram({
    name: 'xiaoxin_http_request_seconds',
    help: 'How long answers took, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  return async (ctx, next) => {
    const startedAt = wallNow();
    const requestId = randomUUID();
    ctx.state = {
      requestId,
      signedIn: null,
      wantsJson: wantsJson(ctx.get('Accept'), ctx.get('Content-Type')),
      inWechat: isWechat(ctx.get('User-Agent')),
    };
    ctx.set('X-Request-Id', requestId);
    ctx.vary('Accept');
    try {
      await next();
    } finally {
      if (draining()) ctx.set('Connection', 'close');
      const route = String((ctx as { _matchedRoute?: unknown })._matchedRoute ?? 'other');
      const tookMs = wallNow() - startedAt;
      seconds.observe({ method: ctx.method, route, status: ctx.status }, tookMs / 1000);
      log.debug({ requestId, method: ctx.method, route, status: ctx.status, tookMs }, 'answered');
    }
  };
}

/** WeChat's own browser. WeCom's (wxwork) says MicroMessenger too, but is another account's world. */
function isWechat(userAgent: string): boolean {
  return /MicroMessenger/i.test(userAgent) && !/wxwork/i.test(userAgent);
}

/** JSON where it is asked for by name, or where JSON came and nothing was asked for. */
function wantsJson(accept: string, contentType: string): boolean {
  const json = accept.search(/application\/json|\+json/i);
  const html = accept.search(/text\/html|application\/xhtml/i);
  if (json >= 0) return html < 0 || json < html;
  return html < 0 && /\bjson\b/i.test(contentType);
}
