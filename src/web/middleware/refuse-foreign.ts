import { Refusal } from '../../kernel/refusal.ts';
import type { WebContext, WebMiddleware } from '../state.ts';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses writes that another site's page makes a browser send: whose `Origin` is neither where people reach us nor the
 * host that was asked. Programs send none; `null` is a page that hides where it is from.
 * @throws Refusal `foreign_origin`
 */
export function refuseForeign(baseUrl: string): WebMiddleware {
  const own = new URL(baseUrl).origin;
  return (ctx, next) => {
    const origin = ctx.get('Origin');
    if (READS.includes(ctx.method) || origin === '' || origin === own || hostOf(origin) === ctx.host.toLowerCase())
      return next();
    throw foreign();
  };
}

/**
 * Refuses what a browser says comes from elsewhere, another name of the same site as well: for writes without a session,
 * which no token guards (signing in, for one).
 * @throws Refusal `foreign_origin`
 */
export function demandOwnPage(ctx: Pick<WebContext, 'get'>): void {
  if (['cross-site', 'same-site'].includes(ctx.get('Sec-Fetch-Site'))) throw foreign();
}

function foreign(): Refusal {
  return new Refusal('foreign_origin', 403, '请在校信自己的页面上操作');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
