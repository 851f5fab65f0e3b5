import type Koa from 'koa';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { explainProblems } from '../kernel/explain-problems.ts';
import { Refusal, refuse } from '../kernel/refusal.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { Cookies } from './cookies.ts';
import type { PageContext, Shell } from './define-page.ts';
import type { Attempt } from './keyed-writes.ts';
import type { Body } from './read-body.ts';
import type { Render } from './render.ts';
import type { WebContext } from './state.ts';

const MOST_ID = 2_147_483_647;

export type ContextParts = {
  log: Logger;
  clock: Clock;
  time: SchoolTime;
  inTransaction: InTransaction;
  cookies: Cookies;
  render: Render;
};

/** Makes what handlers work with, for one request whose body is read; with `attempt`, its transactions are marked. */
export function createPageContexts(parts: ContextParts) {
  const { log, clock, time, inTransaction, cookies } = parts;
  const showPage = createShowPage(parts);

  return (ctx: WebContext, { fields, files }: Body, attempt: Attempt | null): PageContext => {
    const { signedIn, wantsJson, inWechat, requestId } = ctx.state;
    const now = clock.now();
    const today = time.dayOf(now);
    const params = ctx.params ?? {};
    const actor = (): Actor => {
      if (!signedIn) throw refuse.not_signed_in();
      return signedIn.actor;
    };
    return {
      ctx: ctx as unknown as Koa.Context,
      params,
      id: (name = 'id') => readId(params[name]),
      signedIn,
      get actor() {
        return actor();
      },
      get reader() {
        return { actor: actor(), now, today };
      },
      now,
      today,
      time,
      log: log.child({ requestId }),
      wantsJson,
      inWechat,
      body: fields,
      files,
      input: (schema) => schema.parse(fields),
      query: (schema) => parseQuery(schema, ctx.query),
      inTransaction: (work, limits) =>
        inTransaction(
          actor(),
          'web',
          async (scope) => {
            await attempt?.mark(scope.tx);
            return work(scope);
          },
          limits,
        ),
      inTransactionAs: inTransaction,
      render: (template, model, shell) => showPage(ctx, template, model, shell),
      json: (body, status = 200) => {
        ctx.status = status;
        ctx.set('Cache-Control', 'no-store');
        ctx.body = body;
      },
      redirect: (path, flash, tone = 'good') => {
        if (flash) cookies.flash(ctx, { message: flash, tone });
        ctx.redirect(path);
        ctx.status = 303;
      },
      flash: (message, tone = 'good') => cookies.flash(ctx, { message, tone }),
      download: (name, mime, body) => {
        ctx.attachment(name);
        ctx.type = mime;
        ctx.set('Cache-Control', 'no-store');
        ctx.body = body;
      },
      inline: (mime, body) => {
        ctx.type = mime;
        ctx.body = body;
      },
      startSession: (token, { remember }) => cookies.startSession(ctx, token, remember),
      endSession: () => cookies.endSession(ctx),
    };
  };
}

export type MakePageContext = ReturnType<typeof createPageContexts>;

/** Answers a page of a template inside the shell; pages show people's data, so nothing keeps them. */
export function createShowPage({ clock, time, cookies, render }: Omit<ContextParts, 'log' | 'inTransaction'>) {
  return (ctx: WebContext, template: string, model: Record<string, unknown>, shell: Shell): void => {
    const { signedIn, inWechat } = ctx.state;
    const around = {
      path: ctx.path,
      today: time.dayOf(clock.now()),
      signedIn,
      inWechat,
      flash: cookies.takeFlash(ctx),
    };
    ctx.body = render(template, model, shell, around);
    ctx.status = shell.status ?? 200;
    ctx.type = 'html';
    ctx.set('Cache-Control', 'no-store');
  };
}

/** An id out of an address: what cannot be one cannot be found. */
export function readId(text: string | undefined): number {
  const id = /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : 0;
  if (id < 1 || id > MOST_ID) throw refuse.not_found({});
  return id;
}

function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const fields = explainProblems(parsed.error);
  const [name, problem] = Object.entries(fields)[0] ?? ['', '看不懂'];
  throw new Refusal('bad_request', 400, `网址里的 ${name} 不对：${problem}`, fields);
}
