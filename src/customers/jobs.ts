import { defineJob, type Job } from '../jobs/define-job.ts';
import { moveDueToPool } from './move-due-to-pool.ts';
import { remindNextContacts } from './remind-next-contacts.ts';

/** 每日筛选: at 02:00, once however many nodes run, and at start where it was missed. */
export const dailySweep: Job = defineJob({
  id: 'customers.daily-sweep',
  title: '每日筛选：该回公海的客户回公海',
  at: { setting: 'sweepCron' },
  missed: 'last',
  batch: 1000,
  run: moveDueToPool,
});

/** The reminder a follow-up promises: 下次联系 周五，到时提醒你. */
export const nextContactReminder: Job = defineJob({
  id: 'customers.next-contacts',
  title: '提醒今天约好要联系的客户',
  at: '30 8 * * *',
  missed: 'last',
  batch: 200,
  run: remindNextContacts,
});

export const customerJobs: readonly Job[] = [dailySweep, nextContactReminder];
