import { defineJob, type Job } from '../jobs/define-job.ts';
import { wallNow } from '../kernel/clock.ts';
import type { Scope } from '../kernel/scope.ts';

/** The platform repeats a push within minutes; its ids are kept a day at least. */
const RECEIPT_KEPT_MS = 48 * 60 * 60 * 1000;
/** Past their time lists and codes are still worded (「编号过期了」) for a day. */
const EXPIRED_KEPT_MS = 24 * 60 * 60 * 1000;

/** Clears what conversations no longer need: receipts after 48 hours, lists and undo codes a day after they expired. */
export const clearConversations: Job = defineJob({
  id: 'chat.clear-conversations',
  title: '清理过期的聊天记录',
  at: '20 4 * * *',
  missed: 'last',
  batch: 1000,
  run: clear,
});

async function clear({ tx, now }: Scope, { limit }: { limit: number }): Promise<number> {
  const receiptsBefore = new Date(wallNow() - RECEIPT_KEPT_MS);
  const expiredBefore = new Date(now.getTime() - EXPIRED_KEPT_MS);
  const receipts = await tx.$executeRaw`
    DELETE FROM "MessageReceipt" WHERE "key" IN (
      SELECT "key" FROM "MessageReceipt" WHERE "createdAt" < ${receiptsBefore} ORDER BY "createdAt" LIMIT ${limit})`;
  const lists = await tx.$executeRaw`
    DELETE FROM "NumberedList" WHERE "id" IN (
      SELECT "id" FROM "NumberedList" WHERE "expiresAt" < ${expiredBefore} LIMIT ${limit})`;
  const codes = await tx.$executeRaw`
    DELETE FROM "UndoCode" WHERE "id" IN (
      SELECT "id" FROM "UndoCode" WHERE "expiresAt" < ${expiredBefore} LIMIT ${limit})`;
  return receipts + lists + codes;
}
