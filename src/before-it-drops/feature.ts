import type { Feature } from '../feature.ts';
import { reminderCommands } from './reminders/commands.ts';
import { laterReminders, nextContactReminder } from './reminders/job.ts';
import { rescueCommands } from './rescue/commands.ts';
import { eveningDigest } from './rescue/job.ts';
import { rescuePages } from './rescue/pages.ts';
import { customersToday } from './today.ts';

/** Before a customer drops: whom one meant to contact today, what the coming sweep takes, and the answers that save it. */
export function createBeforeItDrops(): Feature {
  return {
    id: 'before-it-drops',
    commands: [...reminderCommands, ...rescueCommands],
    pages: rescuePages,
    jobs: [eveningDigest, nextContactReminder, laterReminders],
    today: customersToday,
  };
}
