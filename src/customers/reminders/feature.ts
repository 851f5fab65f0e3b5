import type { Feature } from '../../feature.ts';
import { reminderCommands } from './commands.ts';
import { laterReminders } from './job.ts';

/** Whom one meant to contact today, and putting it off. */
export function createReminders(): Feature {
  return { id: 'reminders', commands: reminderCommands, jobs: [laterReminders] };
}
