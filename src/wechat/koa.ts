import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import type { createCallback } from './callback.ts';
import { MAX_XML_BYTES } from './xml.ts';

const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/**
 * Hangs the platform's callback into Koa. Mount it before body parser, session and CSRF check: it reads the raw body
 * itself and nothing else sees these requests. A body over 64 KiB is drained and answered 413.
 */
export function wechatCallbackRoute(
  callback: ReturnType<typeof createCallback>,
  path = '/wechat/callback',
): Middleware {
  return async (ctx, next) => {
    if (ctx.path.replace(/\/$/, '') !== path) return next(); // consoles take an address with a slash at its end
    const rawBody = await readBody(ctx.req);
    if (!rawBody) return ctx.throw(413);
    const { status, type, body } = await callback({ method: ctx.method, query: ctx.query, rawBody });
    ctx.status = status;
    ctx.type = type;
    ctx.body = body;
  };
}

// Draining lets the sender read our answer; a connection cut in the middle of its upload would lose it.
async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_XML_BYTES) chunks.push(chunk);
    else if (bytes > MAX_DRAINED_BYTES) break; // leaving the loop destroys the connection
  }
  return bytes <= MAX_XML_BYTES ? Buffer.concat(chunks) : undefined;
}
