import type { Context } from 'koa';
import type { Faults } from './faults.ts';
import type { SandboxParts } from './parts.ts';
import { errorAnswer, PlatformError, platformJson } from './platform/answer.ts';
import { type ApiCall, type ApiRequest, FileAnswer } from './platform/call.ts';
import type { createOauth } from './platform/oauth.ts';
import { choosePhonePage, refusalPage } from './platform/oauth-page.ts';
import type { createQrCodes } from './platform/qr.ts';
import type { createTokens } from './platform/tokens.ts';
import { readRaw } from './read-body.ts';
import { type createTraffic, maskSecrets } from './traffic.ts';

/** Where the simulated platform lives; it is the API's, the OAuth page's and the QR pictures' base alike. */
export const PLATFORM_PATH = '/sandbox/platform';

/** A call that is never answered is let go after this long: longer than any client waits. */
const HANG_MS = 20_000;

type Parts = SandboxParts & {
  calls: readonly ApiCall[];
  tokens: ReturnType<typeof createTokens>;
  qrCodes: ReturnType<typeof createQrCodes>;
  oauth: ReturnType<typeof createOauth>;
  faults: Faults;
  traffic: ReturnType<typeof createTraffic>;
  /** Hosts that are ours: where OAuth may send people back to. */
  ownHosts: (ctx: Context) => readonly string[];
  /** Ends calls that hang when the service stops. */
  signal: AbortSignal;
};

/**
 * The platform's server: its API below /sandbox/platform, always HTTP 200 with an errcode, the OAuth page and the QR
 * pictures. Answers requests whose path (without the base) is given.
 */
export function createPlatform({
  prisma,
  calls,
  tokens,
  qrCodes,
  oauth,
  faults,
  traffic,
  ownHosts,
  signal,
  log,
}: Parts) {
  const byPath = new Map(calls.map((call) => [call.path, call]));

  return async function answer(ctx: Context, path: string): Promise<void> {
    if (path === '/connect/oauth2/authorize') return authorize(ctx);
    if (path === '/cgi-bin/showqrcode') return showQrCode(ctx);
    await answerCall(ctx, path);
  };

  async function answerCall(ctx: Context, path: string): Promise<void> {
    const query = queryOf(ctx);
    const raw = await readRaw(ctx.req);
    const contentType = ctx.get('content-type');
    const fault = await faults.takeCall(path);
    const request = { method: ctx.method, query: maskSecrets(query), body: bodyForPage(raw, contentType) };
    const openid = openidIn(query, request.body);
    const note = (response: Record<string, unknown>, status: string) =>
      traffic.note({ direction: 'call', name: path, openid, request, response: forPage(response), status });

    if (fault?.timeout) {
      await note({ 故障: '不回答' }, 'timeout');
      return hang(ctx);
    }
    if (fault?.status) {
      await note({ 故障: `HTTP ${fault.status}` }, `HTTP ${fault.status}`);
      ctx.status = fault.status;
      ctx.type = 'text/html';
      ctx.body = '<html><body>Service Unavailable</body></html>';
      return;
    }
    if (fault?.errcode !== undefined && fault.errcode !== 0) {
      const refused = errorAnswer(fault.errcode, fault.errmsg ?? 'fault of the sandbox');
      await note(refused, String(fault.errcode));
      return send(ctx, refused);
    }
    const answered = new Promise<void>((done) => ctx.res.once('close', () => done()));
    const result = await run(
      path,
      { query, body: undefined, raw: raw ?? Buffer.alloc(0), contentType, answered },
      ctx,
      raw,
    );
    const isRefused = !(result instanceof FileAnswer) && typeof result.errcode === 'number' && result.errcode !== 0;
    const shown = result instanceof FileAnswer ? { 文件: result.fileName, bytes: result.bytes.length } : result;
    if (fault?.loseAnswer) {
      await note(shown, 'answer lost');
      return cut(ctx);
    }
    await note(shown, isRefused ? String(result.errcode) : 'ok');
    if (result instanceof FileAnswer) {
      ctx.type = result.contentType;
      ctx.attachment(result.fileName);
      ctx.body = result.bytes;
      return;
    }
    send(ctx, result);
  }

  async function run(path: string, request: ApiRequest, ctx: Context, raw: Buffer | null) {
    try {
      const call = byPath.get(path);
      if (!call) throw new PlatformError(40066, 'invalid url');
      if (call.method === 'POST' && ctx.method !== 'POST') throw new PlatformError(43002, 'require POST method');
      if (call.method === 'GET' && ctx.method !== 'GET') throw new PlatformError(43001, 'require GET method');
      if (!raw) throw new PlatformError(45002, 'content size out of limit');
      if (call.needsToken) await tokens.check(request.query.access_token);
      const body = ctx.method === 'POST' && !isForm(request.contentType) ? parseBody(raw) : undefined;
      return await call.run({ ...request, body });
    } catch (error) {
      if (error instanceof PlatformError) return errorAnswer(error.errcode, error.errmsg);
      log.error({ err: error, path }, 'the sandbox platform failed');
      return errorAnswer(-1, 'system error');
    }
  }

  async function authorize(ctx: Context): Promise<void> {
    const query = queryOf(ctx);
    const refusal = oauth.refuse(query, ownHosts(ctx));
    ctx.set('Cache-Control', 'no-store');
    if (refusal) {
      ctx.body = refusalPage(refusal.code, refusal.why);
      return;
    }
    const openid = String(ctx.state.sandboxPhone ?? query.openid ?? '');
    const phones = await prisma.sandboxPhone.findMany({ orderBy: { position: 'asc' } });
    if (phones.some((phone) => phone.openid === openid)) return ctx.redirect(await oauth.authorize(openid, query));
    const here = (phone: string) =>
      `${PLATFORM_PATH}/connect/oauth2/authorize?${new URLSearchParams({ ...query, openid: phone })}`;
    ctx.body = choosePhonePage(phones.map((phone) => ({ label: phone.label, href: here(phone.openid) })));
  }

  async function showQrCode(ctx: Context): Promise<void> {
    const picture = await qrCodes.draw(queryOf(ctx).ticket ?? '');
    if (!picture) {
      ctx.status = 404;
      ctx.body = 'no such ticket';
      return;
    }
    ctx.set({ 'Content-Type': 'image/jpg', 'Cache-Control': 'private, max-age=600' });
    ctx.body = picture;
  }

  /** Keeps the caller waiting; a stop or the caller's own patience ends it. */
  function hang(ctx: Context): void {
    ctx.respond = false;
    const { socket } = ctx.req;
    const end = () => socket.destroy();
    const timer = setTimeout(end, HANG_MS).unref();
    signal.addEventListener('abort', end, { once: true });
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    });
  }
}

function cut(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

function send(ctx: Context, answer: Record<string, unknown>): void {
  ctx.status = 200;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = platformJson(answer);
}

function parseBody(raw: Buffer): unknown {
  const text = raw.toString('utf8');
  // Anything above ASCII has to come as it is; escaped it would be shown escaped.
  if (/\\u(?!00[0-7])[0-9a-fA-F]{4}/.test(text))
    throw new PlatformError(40033, 'invalid charset, \\uxxxx is not taken');
  try {
    return JSON.parse(text);
  } catch {
    throw new PlatformError(47001, 'data format error');
  }
}

function queryOf(ctx: Context): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(ctx.querystring));
}

function isForm(contentType: string): boolean {
  return contentType.startsWith('multipart/form-data');
}

function bodyForPage(raw: Buffer | null, contentType: string) {
  if (!raw || raw.length === 0) return null;
  if (isForm(contentType)) return `(${raw.length} bytes)`;
  try {
    const body = JSON.parse(raw.toString('utf8'));
    const hidden = ['secret', 'appsecret'].filter((name) => typeof body?.[name] === 'string');
    return hidden.length > 0
      ? { ...body, ...maskSecrets(Object.fromEntries(hidden.map((name) => [name, body[name]]))) }
      : body;
  } catch {
    return raw.toString('utf8').slice(0, 2000);
  }
}

/** Whom a call is about, where it names somebody. */
function openidIn(query: Record<string, string>, body: unknown): string | undefined {
  const to = typeof body === 'object' && body !== null && 'touser' in body ? body.touser : query.openid;
  return typeof to === 'string' && to !== '' ? to.slice(0, 64) : undefined;
}

/** An answer as the page may keep it: ids as text, secrets cut. */
function forPage(answer: Record<string, unknown>) {
  const plain = JSON.parse(
    JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
  const texts = Object.entries(plain).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { ...plain, ...maskSecrets(Object.fromEntries(texts)) };
}
