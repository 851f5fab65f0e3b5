import { defineJob, type Job } from './define-job.ts';

const KEEP_MS = 14 * 24 * 3_600_000;

/** Run slots are kept two weeks, the newest of each job for good: it says what was done last. */
export const clearSlots: Job = defineJob({
  id: 'jobs.clear-slots',
  title: '清理定时任务的旧记录',
  at: '20 3 * * *',
  missed: 'last',
  batch: 5000,
  run: ({ tx, now }, { limit }) => tx.$executeRaw`
    DELETE FROM "JobSlot" WHERE id IN (
      SELECT s.id FROM "JobSlot" s
      WHERE s."dueAt" < ${new Date(now.getTime() - KEEP_MS)} AND s.state <> 'running'
        AND EXISTS (SELECT 1 FROM "JobSlot" n WHERE n.job = s.job AND n."dueAt" > s."dueAt")
      LIMIT ${limit})`,
});
