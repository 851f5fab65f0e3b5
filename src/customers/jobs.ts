import { defineJob, type Job } from '../jobs/define-job.ts';
import { moveDueToPool } from './move-due-to-pool.ts';

/** 每日筛选: at 02:00, once however many nodes run, and at start where it was missed. */
export const dailySweep: Job = defineJob({
  id: 'customers.daily-sweep',
  title: '每日筛选：该回公海的客户回公海',
  at: { setting: 'sweepCron' },
  missed: 'last',
  batch: 1000,
  run: moveDueToPool,
});

export const customerJobs: readonly Job[] = [dailySweep];
