import { defineJob, type Job } from '../../jobs/define-job.ts';
import { remindAgain } from './remind-later.ts';

/** What was answered with 稍后, two hours later. */
export const laterReminders: Job = defineJob({
  id: 'customers.later-reminders',
  title: '再提醒说过「稍后」的客户',
  at: '*/10 * * * *',
  missed: 'last',
  batch: 200,
  run: remindAgain,
});
