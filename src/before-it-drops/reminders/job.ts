import { defineJob, type Job } from '../../jobs/define-job.ts';
import { remindAgain } from './remind-later.ts';
import { remindNextContacts } from './remind-next-contacts.ts';

/** What was answered with 稍后, two hours later. */
export const laterReminders: Job = defineJob({
  id: 'customers.later-reminders',
  title: '再提醒说过「稍后」的客户',
  at: '*/10 * * * *',
  missed: 'last',
  batch: 200,
  run: remindAgain,
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
