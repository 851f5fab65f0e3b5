import type { IncomingMessage } from 'node:http';
import type { WebMiddleware } from '../state.ts';

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 30_000;

/**
 * Reads what is left of a request's body before answering, up to 64 MiB: a sender who is cut off in the middle of an
 * upload would lose the answer that says why. Beyond that the connection is closed with the answer.
 */
export function drainBody(): WebMiddleware {
  return async (ctx, next) => {
    await next();
    if (hasBody(ctx.req) && !ctx.req.complete && !(await drained(ctx.req))) ctx.set('Connection', 'close');
  };
}

/** Whether a request came with a body at all. */
export function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

function drained(req: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const finish = (whole: boolean) => {
      clearTimeout(timer);
      req.off('data', count).off('end', ended).off('close', ended);
      if (!whole) req.pause();
      resolve(whole);
    };
    const ended = () => finish(req.complete);
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) finish(false);
    };
    const timer = setTimeout(() => finish(false), MOST_MS);
    req.on('data', count).on('end', ended).on('close', ended);
    req.resume();
    if (req.destroyed || req.readableEnded) finish(req.complete);
  });
}
