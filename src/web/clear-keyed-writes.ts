import { defineJob, type Job } from '../jobs/define-job.ts';
import { wallNow } from '../kernel/clock.ts';
import { REMEMBERED_MS } from './keyed-writes.ts';

/** Keyed writes are remembered for a day of the wall clock. */
export const clearKeyedWrites: Job = defineJob({
  id: 'web.clear-keyed-writes',
  title: '清理重复提交的记录',
  at: '30 3 * * *',
  missed: 'last',
  batch: 5000,
  run: ({ tx }, { limit }) => tx.$executeRaw`
    DELETE FROM "KeyedWrite" WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM "KeyedWrite" WHERE "createdAt" < ${new Date(wallNow() - REMEMBERED_MS)} LIMIT ${limit}))`,
});
