import { type Cookies, SESSION_COOKIE } from '../cookies.ts';
import type { LoadSession } from '../define-page.ts';
import type { WebMiddleware } from '../state.ts';

/** Finds out who is asking, by the signed session cookie, which is given anew where it would end before its session. */
export function session(loadSession: LoadSession, cookies: Cookies): WebMiddleware {
  return async (ctx, next) => {
    const token = ctx.cookies.get(SESSION_COOKIE, { signed: true });
    if (token) {
      const signedIn = await loadSession(token);
      ctx.state.signedIn = signedIn;
      if (signedIn?.renewsCookie) cookies.startSession(ctx, token, true);
    }
    return next();
  };
}
