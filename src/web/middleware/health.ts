import type { Registry } from 'prom-client';
import type { WebMiddleware } from '../state.ts';

/** Answers /healthz (alive), /readyz (503 with what is missing) and /metrics, before sessions and logs. */
export function health({
  ready,
  metrics,
}: {
  /** What is still missing; empty when everything is there. */
  ready: () => readonly string[] | Promise<readonly string[]>;
  metrics: Registry;
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
      ctx.status = missing.length ? 503 : 200;
      ctx.body = missing.length ? { status: 'waiting', missing } : { status: 'ready' };
      return;
    }
    ctx.type = metrics.contentType;
    ctx.body = await metrics.metrics();
  };
}
