import { timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import { describeStatus } from '../describe-error.ts';
import type { WebContext, WebMiddleware } from '../state.ts';

/** Answers /healthz (alive), /readyz (503 with what is missing) and /metrics, before sessions and logs. */
export function health({
  ready,
  without = () => [],
  metrics,
  metricsToken,
}: {
  /** What is still missing; empty when everything is there. */
  ready: () => readonly string[] | Promise<readonly string[]>;
  /** What the service goes on without. */
  without?: (() => readonly string[]) | undefined;
  metrics: Registry;
  /** What reads /metrics; without it only a program on this machine that asks directly. */
  metricsToken?: string | undefined;
}): WebMiddleware {
  return async (ctx, next) => {
    if (!['/healthz', '/readyz', '/metrics'].includes(ctx.path)) return next();
    ctx.set('Cache-Control', 'no-store');
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'alive' };
      return;
    }
    if (ctx.path === '/readyz') {
      const missing = await ready();
      const lacking = without();
      const rest = lacking.length > 0 ? { without: lacking } : {};
      ctx.status = missing.length > 0 ? 503 : 200;
      ctx.body = missing.length > 0 ? { status: 'waiting', missing, ...rest } : { status: 'ready', ...rest };
      return;
    }
    if (!mayReadMetrics(ctx, metricsToken)) {
      ctx.status = metricsToken ? 401 : 403;
      if (metricsToken) ctx.set('WWW-Authenticate', 'Bearer');
      ctx.body = { error: describeStatus(ctx.status) };
      return;
    }
    ctx.type = metrics.contentType;
    ctx.body = await metrics.metrics();
  };
}

/** A request that a proxy passed on comes from elsewhere, whatever socket it comes by. */
function mayReadMetrics(ctx: WebContext, token: string | undefined): boolean {
  if (token === undefined) return isLoopback(ctx.req.socket.remoteAddress) && !ctx.get('X-Forwarded-For');
  const said = /^bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1] ?? '';
  const [given, expected] = [Buffer.from(said), Buffer.from(token)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '');
}
