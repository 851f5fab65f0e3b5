import bodyParser from '@koa/bodyparser';
import multer from '@koa/multer';
import { Refusal, refuse } from '../kernel/refusal.ts';
import { refuseUnstorable } from '../kernel/refuse-unstorable.ts';
import type { Upload } from './define-page.ts';
import { hasBody } from './middleware/drain-body.ts';
import type { WebContext } from './state.ts';

export type Body = { fields: Record<string, unknown>; files: Upload[] };
export type BodyLimits = { maxBodyBytes?: number; upload?: { maxBytes: number; maxFiles: number } };

const MOST_BYTES = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

type MulterFile = { fieldname: string; originalname: string; mimetype: string; size: number; buffer: Buffer };

/**
 * Reads a request's body as JSON, form or multipart. Repeated form fields become a list.
 * @throws Refusal 400 for what cannot be read, 413 for what is too large, 415 for other types
 */
export async function readBody(ctx: WebContext, { maxBodyBytes = MOST_BYTES, upload }: BodyLimits): Promise<Body> {
  if (!hasBody(ctx.req)) return { fields: {}, files: [] };
  const declared = Number(ctx.get('Content-Length') || 0);
  const most = upload ? maxBodyBytes + upload.maxBytes * upload.maxFiles : maxBodyBytes;
  if (declared > most) throw tooLarge(upload?.maxBytes ?? maxBodyBytes);

  const body = ctx.is('multipart/form-data')
    ? await readMultipart(ctx, maxBodyBytes, upload)
    : { fields: await readText(ctx, maxBodyBytes), files: [] };
  refuseUnstorable(body.fields);
  return body;
}

async function readText(ctx: WebContext, limit: number): Promise<Record<string, unknown>> {
  if (!ctx.is('application/json', '+json', FORM))
    throw new Refusal('unsupported_type', 415, '这种格式读不了，换成表单或 JSON');
  // Forms are taken as text: the parser's own reading turns more than twenty equal names into an object.
  const parse = bodyParser({
    enableTypes: ['json', 'text'],
    extendTypes: { text: [FORM] },
    parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    jsonLimit: limit,
    textLimit: limit,
  });
  try {
    await parse(ctx as never, async () => {});
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 413) throw tooLarge(limit);
    if (error instanceof Error && 'status' in error && error.status === 415) throw error;
    throw refuse.bad_request({ why: '内容不完整或格式不对，没能读懂' });
  }
  const parsed = ctx.request.body;
  if (typeof parsed === 'string') return fromPairs(new URLSearchParams(parsed));
  if (Array.isArray(parsed)) throw refuse.bad_request({ why: '内容要是一个对象，不是列表' });
  return (parsed ?? {}) as Record<string, unknown>;
}

function fromPairs(pairs: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(pairs.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = pairs.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}

async function readMultipart(
  ctx: WebContext,
  limit: number,
  upload: BodyLimits['upload'],
): Promise<{ fields: Record<string, unknown>; files: Upload[] }> {
  const reader = multer({
    storage: multer.memoryStorage(),
    defParamCharset: 'utf8',
    limits: { fieldSize: limit, fields: 500, files: upload?.maxFiles ?? 0, fileSize: upload?.maxBytes ?? 1 },
  });
  try {
    await (upload ? reader.any() : reader.none())(ctx as never, async () => {});
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'LIMIT_FILE_SIZE' || code === 'LIMIT_FIELD_VALUE') throw tooLarge(upload?.maxBytes ?? limit);
    if (code === 'LIMIT_FILE_COUNT') throw refuse.bad_request({ why: `一次最多传 ${upload?.maxFiles ?? 0} 个文件` });
    throw refuse.bad_request({ why: '上传的内容不完整，再传一次' });
  }
  const files = ((ctx as { files?: MulterFile[] }).files ?? []).map((file) => ({
    field: file.fieldname,
    name: file.originalname,
    mime: file.mimetype,
    size: file.size,
    bytes: file.buffer,
  }));
  return { fields: { ...(ctx.request.body as Record<string, unknown> | undefined) }, files };
}

function tooLarge(bytes: number): Refusal {
  return refuse.too_large({
    limit: bytes >= MOST_BYTES ? `${Math.floor(bytes / MOST_BYTES)} MB` : `${Math.floor(bytes / 1024)} KB`,
  });
}
