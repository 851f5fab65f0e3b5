import type { Logger } from 'pino';
import type { z } from 'zod';
import { type Next, WechatError, wechatError } from './errors.ts';
import { parseJson, writeJson } from './json.ts';

/**
 * How often a call may be made again on its own: `always` where a second time changes nothing; `busy` where it would,
 * so only after the platform said it did nothing (-1); `busyOnce` the same, once; `never`.
 */
export type Repeat = 'always' | 'busy' | 'busyOnce' | 'never';

export type Call<T> = {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  /** Sent as raw UTF-8 JSON; a form as multipart. */
  body?: object;
  form?: FormData;
  repeat: Repeat;
  /** Whether somebody gets a message by it: then a lost answer is 'outcomeUnknown'. */
  isSend?: boolean;
  answer: z.ZodType<T>;
  /** What comes instead of JSON (media/get); absent, anything but JSON counts as lost. */
  binary?: (bytes: Buffer, type: string) => T;
};

type Parts = {
  base: () => string;
  timeoutMs: number;
  /** Waits so long, or until the signal comes. */
  sleep: (ms: number, until?: AbortSignal) => Promise<void>;
  log: Logger;
  /** The machine's clock, in milliseconds. */
  wallNow: () => number;
  /** Once it is given, failed calls are not repeated: the service stops. */
  stopping?: AbortSignal | undefined;
};

const PAUSES_MS = [1000, 2000, 4000];
/** A call that has taken so long is not repeated here: its caller has other work, and repeats it later. */
const REPEAT_WITHIN_MS = 8000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Makes calls to the platform over HTTP, repeats what may be repeated, and turns every failure into a WechatError. */
export function createCaller({ base, timeoutMs, sleep, log, wallNow, stopping }: Parts) {
  return async function call<T>(request: Call<T>): Promise<T> {
    const began = wallNow();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(request);
      } catch (error) {
        if (!(error instanceof WechatError)) throw error;
        const { path, code, rid, errmsg, next } = error;
        log[next.do === 'alarm' ? 'error' : 'warn'](
          { path, code, rid, errmsg, next: next.do, attempt },
          'wechat call failed',
        );
        const pause = mayRepeat(request.repeat, error, attempt) ? PAUSES_MS[attempt] : undefined;
        if (pause === undefined || wallNow() - began + pause > REPEAT_WITHIN_MS) throw error;
        await sleep(pause, stopping);
        if (stopping?.aborted) throw error;
      }
    }
  };

  async function once<T>(request: Call<T>): Promise<T> {
    const { path } = request;
    const lost = (why: string) => new WechatError('lost', why, undefined, whenLost(request), path);

    const response = await fetch(addressOf(request), {
      method: request.method,
      redirect: 'error', // the address carries the token
      signal: AbortSignal.timeout(timeoutMs),
      ...contentOf(request),
    }).catch((error: Error) => {
      throw lost(error.name === 'TimeoutError' ? 'no answer in time' : 'no connection');
    });
    const bytes = await bytesOf(response).catch(() => {
      throw lost('answer broke off');
    });
    if (response.status >= 500) throw lost(`HTTP ${response.status}`);

    const type = response.headers.get('content-type') ?? '';
    const isText = bytes.length === 0 || /json|text/.test(type) || type === '';
    if (request.binary && response.ok && !isText) return request.binary(bytes, type);
    const json = jsonOf(bytes);
    if (!json) throw lost(`HTTP ${response.status} without JSON`);
    const { errcode, errmsg } = json;
    if (errcode !== undefined && Number(errcode) !== 0) throw wechatError(path, Number(errcode), String(errmsg ?? ''));
    if (!response.ok) throw lost(`HTTP ${response.status}`);

    const answer = request.answer.safeParse(json);
    if (answer.success) return answer.data;
    const fields = answer.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new WechatError(
      'shape',
      `answer without ${fields}`,
      undefined,
      request.isSend ? whenLost(request) : { do: 'bug' },
      path,
    );
  }

  function addressOf({ path, query = {} }: Call<unknown>): URL {
    const url = new URL(base().replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }
}

function mayRepeat(repeat: Repeat, error: WechatError, attempt: number): boolean {
  if (error.code === -1) return repeat === 'always' || repeat === 'busy' || (repeat === 'busyOnce' && attempt === 0);
  return error.code === 'lost' && repeat === 'always';
}

function whenLost({ repeat, isSend }: Call<unknown>): Next {
  return repeat === 'always' && !isSend ? { do: 'retry' } : { do: 'outcomeUnknown' };
}

function contentOf({ body, form }: Call<unknown>): { body?: string | FormData; headers?: Record<string, string> } {
  if (form) return { body: form };
  return body ? { body: writeJson(body), headers: { 'content-type': 'application/json; charset=utf-8' } } : {};
}

async function bytesOf(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('answer too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function jsonOf(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const json = parseJson(bytes.toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
