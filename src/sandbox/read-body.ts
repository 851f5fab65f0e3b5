import type { IncomingMessage } from 'node:http';
import { refuseUnstorable } from '../kernel/refuse-unstorable.ts';
import { refuse } from './phrases.ts';

const MAX_BYTES = 12 * 1024 * 1024;

/** A request's body as the bytes that came; null when there are more than 12 MiB. */
export async function readRaw(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BYTES ? Buffer.concat(chunks) : null;
}

/**
 * The fields of a sandbox call's body, JSON or a form; none for an empty one.
 * @throws Refusal `bad_body`, `bad_request`
 */
export async function readFields(req: IncomingMessage): Promise<Record<string, unknown>> {
  const raw = await readRaw(req);
  if (!raw) throw refuse.bad_body();
  const fields = fieldsOf(raw.toString('utf8').trim(), req.headers['content-type'] ?? '');
  refuseUnstorable(fields);
  return fields;
}

function fieldsOf(text: string, contentType: string): Record<string, unknown> {
  if (text === '') return {};
  if (/x-www-form-urlencoded/.test(contentType) && !text.startsWith('{')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse.bad_body();
  return { ...body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse.bad_body();
  }
}
