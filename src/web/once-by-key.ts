import { z } from 'zod';
import { Refusal, refuse } from '../kernel/refusal.ts';
import { FLASH_COOKIE } from './cookies.ts';
import { describeError } from './describe-error.ts';
import type { Attempt, KeyedWrites } from './keyed-writes.ts';
import type { Body } from './read-body.ts';
import type { WebContext } from './state.ts';

/** The hidden field of our own forms; every showing of a form has another. */
export const KEY_FIELD = '_key';
const MOST_SIGNS = 64;
const MOST_ROUTE = 300;
/** Longer answers are pages, and nobody's programs wait for them. */
const MOST_KEPT = 1024 * 1024;
const KEPT_HEADERS = ['Location', 'Content-Type', 'Content-Disposition'] as const;

const Kept = z.union([
  z.object({
    refusal: z.object({
      code: z.string(),
      status: z.number(),
      message: z.string(),
      fields: z.record(z.string(), z.string()).optional(),
    }),
  }),
  z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    flash: z.array(z.string()),
    text: z.string().optional(),
    json: z.unknown().optional(),
  }),
]);
type Kept = z.output<typeof Kept>;

/**
 * Makes a write once where it came with an `Idempotency-Key`, or from a form of ours: sent again, a double tap for one,
 * it gets the first one's answer. Without either nothing is merged. A form sent again with other contents is another
 * write; what a form was refused is not kept, for it is mended and sent again.
 * @param work makes the write; with an attempt, its transactions are marked
 * @throws Refusal `key_reused`, `already_done`, `in_flight`, `bad_request`
 */
export async function onceByKey(
  ctx: WebContext,
  body: Body,
  keyedWrites: KeyedWrites,
  work: (attempt: Attempt | null) => Promise<void>,
): Promise<void> {
  const personId = ctx.state.signedIn?.actor.id;
  const header = ctx.get('Idempotency-Key');
  const own = body.fields[KEY_FIELD];
  const isForm = header === '' && typeof own === 'string' && own !== '';
  if (!personId || (header === '' && !isForm)) return work(null);
  const given = isForm ? own : header;
  if (given.length > MOST_SIGNS) throw refuse.bad_request({ why: `Idempotency-Key 最多 ${MOST_SIGNS} 个字符` });

  const { [KEY_FIELD]: _key, _csrf, ...fields } = body.fields;
  const digest = keyedWrites.digest({ fields, files: body.files }, ctx.querystring);
  const begun = await keyedWrites.begin({
    personId,
    route: `${ctx.method} ${ctx.path}`.slice(0, MOST_ROUTE),
    key: isForm ? `${given}.${digest}` : given,
    body: digest,
  });
  if ('answer' in begun) return answerAgain(ctx, Kept.parse(begun.answer));

  const { attempt } = begun;
  let kept: Kept | null = null;
  try {
    await work(attempt);
    kept = isForm && ctx.status >= 400 ? null : answerOf(ctx);
  } catch (error) {
    const { unexpected, status, code, message, fields } = describeError(error);
    if (!isForm && !unexpected && status !== 429)
      kept = { refusal: { status, code, message, ...(fields && { fields }) } };
    throw error;
  } finally {
    // The write stands, whatever becomes of its answer; who asks again is told so.
    await (kept ? attempt.keep(kept) : attempt.letGo()).catch(() => undefined);
  }
}

/** The answer as it can be given again; null for streams and what is too long. */
function answerOf(ctx: WebContext): Kept | null {
  const { body } = ctx;
  const isText = typeof body === 'string';
  if (!isText && (Buffer.isBuffer(body) || (body !== null && typeof body === 'object' && 'pipe' in body))) return null;
  const cookies = ctx.res.getHeader('Set-Cookie');
  const headers = KEPT_HEADERS.map((name) => [name, ctx.response.get(name)] as const).filter(([, value]) => value);
  const kept = {
    status: ctx.status,
    headers: Object.fromEntries(headers),
    flash: (Array.isArray(cookies) ? cookies : []).filter((line) => line.startsWith(FLASH_COOKIE)),
    ...(isText ? { text: body } : { json: body ?? null }),
  };
  return JSON.stringify(kept).length > MOST_KEPT ? null : kept;
}

function answerAgain(ctx: WebContext, kept: Kept): void {
  ctx.set('Idempotency-Replayed', 'true');
  ctx.set('Cache-Control', 'no-store');
  if ('refusal' in kept) {
    const { code, status, message, fields } = kept.refusal;
    throw new Refusal(code, status, message, fields);
  }
  ctx.body = kept.text ?? kept.json;
  for (const [name, value] of Object.entries(kept.headers)) ctx.set(name, value);
  for (const line of kept.flash) ctx.res.appendHeader('Set-Cookie', line);
  ctx.status = kept.status;
}
