import type { AnyCommand } from '../chat/define-command.ts';
import { book } from './commands/book.ts';
import { cancel, cancelSoon } from './commands/give-up.ts';
import { listMine } from './commands/my-bookings.ts';
import { showRooms } from './commands/show-rooms.ts';
import { wait } from './commands/wait.ts';

/** What rooms understand in chat. */
export const roomCommands: readonly AnyCommand[] = [showRooms, book, wait, listMine, cancel, cancelSoon];
