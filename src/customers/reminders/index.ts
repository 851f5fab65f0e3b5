export { reminderCommands } from './commands.ts';
export { laterReminders } from './job.ts';
