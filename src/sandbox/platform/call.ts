import type { z } from 'zod';
import { PlatformError } from './answer.ts';

/** One call as it came in. `body` is the parsed JSON (undefined for GET and uploads), `raw` the bytes. */
export type ApiRequest = {
  query: Readonly<Record<string, string>>;
  body: unknown;
  raw: Buffer;
  contentType: string;
  /** Settles when the answer has left: what the platform does afterwards waits for it. */
  answered: Promise<void>;
};

/** A file as answer (media/get). */
export class FileAnswer {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string,
    readonly fileName: string,
  ) {}
}

/** One call of the platform, declared: where it is, how it may be called and what it does. */
export type ApiCall = {
  path: string;
  method: 'GET' | 'POST' | 'any';
  /** All but the token and OAuth calls carry `access_token`. */
  needsToken: boolean;
  run(request: ApiRequest): Promise<Record<string, unknown> | FileAnswer>;
};

/** A call with the account's token. */
export function withToken(method: ApiCall['method'], path: string, run: ApiCall['run']): ApiCall {
  return { path, method, needsToken: true, run };
}

/** A call without one. */
export function withoutToken(method: ApiCall['method'], path: string, run: ApiCall['run']): ApiCall {
  return { path, method, needsToken: false, run };
}

/** The body in the shape a call needs, else the platform's own error for it. */
export function readBody<T>(
  request: ApiRequest,
  shape: z.ZodType<T>,
  errcode = 47001,
  errmsg = 'data format error',
): T {
  const read = shape.safeParse(request.body);
  if (!read.success) throw new PlatformError(errcode, errmsg);
  return read.data;
}
