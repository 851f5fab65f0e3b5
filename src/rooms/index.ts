export { changeBookings } from './change-bookings.ts';
export { roomCommands } from './commands.ts';
export { addRoom } from './edit-rooms.ts';
export { remindBookings } from './jobs.ts';
export { roomPages } from './pages.ts';
export { bookingsTable, roomsTable } from './table.ts';
