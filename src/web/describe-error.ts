import { z } from 'zod';
import { Prisma } from '../generated/prisma/client.ts';
import { explainProblems } from '../kernel/explain-problems.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type StorageTrouble, storageTroubleOf } from '../kernel/storage-trouble.ts';

/** An error as a door may show it; `unexpected` ones are logged whole and shown with a reference only. */
export type Described = {
  status: number;
  code: string;
  message: string;
  fields?: Readonly<Record<string, string>>;
  unexpected: boolean;
};

const BY_STATUS: Record<number, { code: string; message: string }> = {
  400: { code: 'bad_request', message: '这个请求看不懂，回到上一页再试一次' },
  401: { code: 'not_signed_in', message: '请先登录' },
  403: { code: 'forbidden', message: '你没有这个权限，需要的话请找管理员开通' },
  404: { code: 'not_found', message: '没有找到这个页面，可能已被删除，或者网址不完整' },
  405: { code: 'method_not_allowed', message: '这里不能这样操作' },
  413: { code: 'too_large', message: '内容太大，减小一些再传' },
  415: { code: 'unsupported_type', message: '这种格式读不了，换成表单或 JSON' },
  429: { code: 'too_many', message: '操作太频繁，过一会儿再来' },
  501: { code: 'method_not_allowed', message: '这里不能这样操作' },
};

// What the database itself refused and no use case worded before: the record is in use, doubled or gone.
const BY_PRISMA: Record<string, { status: number; code: string; message: string }> = {
  P2002: { status: 409, code: 'duplicate', message: '已经有一条同样的记录' },
  P2003: { status: 409, code: 'in_use', message: '还有别的记录用着它，先处理那些再来' },
  P2025: { status: 404, code: 'not_found', message: '没有找到这条记录，可能已被删除' },
};

// The database's own troubles pass: the same request may do a moment later.
const BY_TROUBLE: Record<StorageTrouble, { status: number; code: string; message: string }> = {
  away: { status: 503, code: 'unavailable', message: '系统暂时连不上数据库，什么都没有改动，请稍后再试' },
  busy: { status: 503, code: 'busy', message: '这会儿有人占着要改的内容，什么都没有改动，请稍后再试' },
  full: { status: 507, code: 'storage_full', message: '服务器的磁盘满了，什么都没有改动，请告诉管理员' },
};

/** Says what an error means to whoever asked: one place for pages and JSON. */
export function describeError(error: unknown): Described {
  if (error instanceof Refusal)
    return { status: error.status, code: error.code, message: error.message, fields: error.fields, unexpected: false };
  if (error instanceof z.ZodError) {
    const fields = explainProblems(error);
    const [first] = Object.values(fields);
    return { status: 422, code: 'invalid_fields', message: first ?? '有内容没填对', fields, unexpected: false };
  }
  const refused = error instanceof Prisma.PrismaClientKnownRequestError ? BY_PRISMA[error.code] : undefined;
  if (refused) return { ...refused, unexpected: false };
  const trouble = storageTroubleOf(error);
  if (trouble) return { ...BY_TROUBLE[trouble], unexpected: true };
  const status = statusOf(error);
  if (status < 500) return { status, ...describeStatus(status), unexpected: false };
  return { status: 500, code: 'internal', message: '出了点问题，我们已经记下，请稍后再试', unexpected: true };
}

/** The code and sentence of a plain status. */
export function describeStatus(status: number): { code: string; message: string } {
  return BY_STATUS[status] ?? { code: 'bad_request', message: '这个请求没有成功，回到上一页再试一次' };
}

/** The status an HTTP library put on its error; anything else is ours to answer for. */
function statusOf(error: unknown): number {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return 500;
}
