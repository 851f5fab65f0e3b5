import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '../kernel/refusal.ts';
import { demandOwnPage } from './middleware/refuse-foreign.ts';
import type { WebContext } from './state.ts';

/**
 * Lets a write pass that its own session's page made: the token comes as `x-csrf-token` or as the form's `_csrf`.
 * Without a session there is nothing to borrow; then only browsers that say they come from elsewhere are refused.
 * @throws Refusal `bad_csrf`, `foreign_origin`
 */
export function demandCsrf(ctx: WebContext, fields: Readonly<Record<string, unknown>>): void {
  const { signedIn } = ctx.state;
  if (!signedIn) {
    demandOwnPage(ctx);
    return;
  }
  const given = ctx.get('x-csrf-token') || fields._csrf;
  if (typeof given !== 'string' || !equal(given, signedIn.csrf)) throw badCsrf();
}

function badCsrf(): Refusal {
  return new Refusal('bad_csrf', 403, '页面放得太久了，刷新后再试一次');
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
