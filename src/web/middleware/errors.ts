import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Shell } from '../define-page.ts';
import { describeError, describeStatus } from '../describe-error.ts';
import type { WebContext, WebMiddleware } from '../state.ts';

type Answer = {
  status: number;
  code: string;
  message: string;
  fields?: Readonly<Record<string, string>>;
  ref?: string;
};

/**
 * The one place that answers what went wrong: JSON `{"error":{code,message,fields?,ref?}}`, a page, or the way to the
 * sign-in. Unexpected errors are logged whole under a reference; only the reference is shown.
 */
export function errors({
  log,
  showPage,
}: {
  log: Logger;
  showPage: (ctx: WebContext, template: string, model: Record<string, unknown>, shell: Shell) => void;
}): WebMiddleware {
  const answer = (ctx: WebContext, problem: Answer) => {
    ctx.status = problem.status;
    if (ctx.state.wantsJson) {
      const { code, message, fields, ref } = problem;
      ctx.body = { error: { code, message, ...(fields && { fields }), ...(ref && { ref }) } };
      return;
    }
    if (problem.status === 401) return ctx.redirect(signInPath(ctx));
    showPage(ctx, 'error', { ...problem }, { title: titleOf(problem.status), status: problem.status });
  };
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null) answer(ctx, { status: ctx.status, ...describeStatus(ctx.status) });
    } catch (error) {
      // Who went away in the middle of sending gets no answer, and it is nobody's error.
      if (ctx.req.destroyed && !ctx.req.complete) {
        ctx.status = 400;
        return;
      }
      const { unexpected, ...problem } = describeError(error);
      const ref = unexpected ? randomBytes(4).toString('hex').toUpperCase() : undefined;
      if (ref) log.error({ err: error, ref, requestId: ctx.state.requestId }, 'a request failed');
      answer(ctx, { ...problem, ref });
    }
  };
}

/** Brings the person back to where they were going; a form that was sent cannot be sent again that way. */
function signInPath(ctx: WebContext): string {
  return ctx.method === 'GET' || ctx.method === 'HEAD' ? `/login?next=${encodeURIComponent(ctx.url)}` : '/login';
}

function titleOf(status: number): string {
  if (status === 403) return '没有权限';
  if (status === 404) return '没有找到';
  return status >= 500 ? '出了点问题' : '没有成功';
}
