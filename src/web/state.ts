import type Koa from 'koa';
import type { SignedIn } from './define-page.ts';

/** What the middleware leaves on `ctx.state` for those after it. */
export type WebState = {
  requestId: string;
  signedIn: SignedIn | null;
  wantsJson: boolean;
  /** Whether WeChat's own browser is asking: it has a title bar and a back arrow of its own. */
  inWechat: boolean;
};

export type WebApp = Koa<WebState>;
export type WebContext = Koa.ParameterizedContext<WebState> & { params?: Record<string, string> };
export type WebMiddleware = (ctx: WebContext, next: Koa.Next) => Promise<unknown> | unknown;
