import { defineJob, type Job } from '../jobs/define-job.ts';
import { wallNow } from '../kernel/clock.ts';

const KEPT_MS = 24 * 3_600_000;

/** Clears authorizations that ended a day ago. */
export const clearOauthStates: Job = defineJob({
  id: 'links.clear-oauth-states',
  title: '清理过期的微信授权',
  at: '25 4 * * *',
  missed: 'last',
  batch: 1000,
  run: ({ tx }, { limit }) =>
    tx.$executeRaw`
      DELETE FROM "OauthState" WHERE state IN (
        SELECT state FROM "OauthState" WHERE "expiresAt" < ${new Date(wallNow() - KEPT_MS)} LIMIT ${limit})`,
});
