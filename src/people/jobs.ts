import { defineJob, type Job } from '../jobs/define-job.ts';
import { wallNow } from '../kernel/clock.ts';

/** Sessions that have ended and codes nobody scanned are of no use to anybody; both live on the wall clock. */
export const clearSessions: Job = defineJob({
  id: 'people.clear-sessions',
  title: '清理过期的登录和二维码',
  at: '10 3 * * *',
  missed: 'last',
  batch: 5000,
  run: async ({ tx }, { limit }) => {
    const now = new Date(wallNow());
    await tx.bindTicket.deleteMany({ where: { expiresAt: { lt: now } } });
    return tx.$executeRaw`
      DELETE FROM "Session" WHERE id IN (SELECT id FROM "Session" WHERE "expiresAt" < ${now} LIMIT ${limit})`;
  },
});
