import { SESSION_COOKIE } from '../cookies.ts';
import type { LoadSession } from '../define-page.ts';
import type { WebMiddleware } from '../state.ts';

/** Finds out who is asking, by the signed session cookie. */
export function session(loadSession: LoadSession): WebMiddleware {
  return async (ctx, next) => {
    const token = ctx.cookies.get(SESSION_COOKIE, { signed: true });
    if (token) ctx.state.signedIn = await loadSession(token);
    return next();
  };
}
