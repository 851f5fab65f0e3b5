import type Router from '@koa/router';
import { demand } from '../access/access.ts';
import { refuse } from '../kernel/refusal.ts';
import { demandCsrf } from './csrf.ts';
import type { Page, PageContext } from './define-page.ts';
import { describeError } from './describe-error.ts';
import type { Attempt, KeyedWrites } from './keyed-writes.ts';
import { KEY_FIELD, onceByKey } from './once-by-key.ts';
import type { MakePageContext } from './page-context.ts';
import { readBody } from './read-body.ts';
import type { WebContext, WebState } from './state.ts';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * What every route asks before its handler: session, permission, body, CSRF token; in this order. A write that comes with
 * a key is made once.
 */
export function guard(page: Page, makeContext: MakePageContext, keyedWrites: KeyedWrites) {
  return async (ctx: WebContext): Promise<void> => {
    demandEntry(page, ctx);
    const writes = WRITES.includes(page.method);
    const body = writes ? await readBody(ctx, page) : { fields: {}, files: [] };
    const { _csrf, [KEY_FIELD]: _key, ...fields } = body.fields;
    const work = (attempt: Attempt | null) => handle(page, makeContext(ctx, { fields, files: body.files }, attempt));
    if (!writes || page.csrf === false) return work(null);
    demandCsrf(ctx, body.fields);
    await onceByKey(ctx, body, keyedWrites, work);
  };
}

function demandEntry(page: Page, ctx: WebContext): void {
  if (page.permission === 'public') return;
  if (!ctx.state.signedIn) throw refuse.not_signed_in();
  if (page.permission !== 'signedIn') demand(ctx.state.signedIn.actor, page.permission);
}

/** A browser's refused form is shown again where the page says how; programs and other pages get the plain refusal. */
async function handle(page: Page, context: PageContext): Promise<void> {
  try {
    await page.handler(context);
  } catch (error) {
    const described = describeError(error);
    if (!page.invalid || context.wantsJson || described.unexpected) throw error;
    const { status, message, fields = {} } = described;
    await page.invalid(context, { status, message, fields, values: context.body });
  }
}

/** Hangs pages into the router in their order; the first that fits an address answers. */
export function mountPages(
  router: Router<WebState>,
  pages: readonly Page[],
  makeContext: MakePageContext,
  keyedWrites: KeyedWrites,
): void {
  for (const page of pages) router.register(page.path, [page.method], guard(page, makeContext, keyedWrites));
}
