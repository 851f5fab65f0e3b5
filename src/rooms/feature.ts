import type { Feature } from '../feature.ts';
import { roomCommands } from './commands.ts';
import { remindBookings } from './jobs.ts';
import { roomPages } from './pages.ts';
import { bookingsTable, roomsTable } from './table.ts';
import { roomsToday } from './today.ts';

/** Meeting rooms and their bookings. */
export function createRooms(): Feature {
  return {
    id: 'rooms',
    commands: roomCommands,
    tables: [roomsTable, bookingsTable],
    pages: roomPages,
    jobs: [remindBookings],
    today: roomsToday,
  };
}
