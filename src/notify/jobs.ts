import { defineJob, type Job } from '../jobs/define-job.ts';

const KEPT_MS = 90 * 24 * 3_600_000;

/** Clears notices that went out 90 days ago; those nobody got stay until somebody has looked. */
export const clearSentNotices: Job = defineJob({
  id: 'notify.clear-sent',
  title: '清理 90 天前发出的通知',
  at: '30 4 * * *',
  missed: 'last',
  batch: 1000,
  run: ({ tx, now }, { limit }) =>
    tx.$executeRaw`
      DELETE FROM "Notification" WHERE id IN (
        SELECT id FROM "Notification" WHERE state = 'sent' AND "dueAt" < ${new Date(now.getTime() - KEPT_MS)}
        ORDER BY "dueAt" LIMIT ${limit})`,
});
