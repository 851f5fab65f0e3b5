import { defineJob, type Job } from '../../jobs/define-job.ts';
import { tellAboutToDrop } from './tell-about-to-drop.ts';

/** The evening's digest at 17:30 of what the sweep will take; missed by more than a gap of minutes, it is sent late. */
export const eveningDigest: Job = defineJob({
  id: 'customers.evening-digest',
  title: '傍晚提醒：下次筛选会回公海的客户',
  at: { setting: 'digestCron' },
  missed: 'last',
  batch: 100,
  run: tellAboutToDrop,
});
