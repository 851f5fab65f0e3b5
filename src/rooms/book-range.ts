import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { type Changed, changeBookings } from './change-bookings.ts';
import { demandBookable, holdersOf, lockRooms, nameIn } from './lock-rooms.ts';
import type { Taken } from './phrases.ts';
import { readGrid } from './queries.ts';
import { type BookRange, slotsBetween } from './schema.ts';

type Asked = { room: string; roomId: number; date: SchoolDay; from: number; to: number };
export type BookedRange = Asked & {
  added: Changed[];
  /** Who has it; where this is not empty nothing was booked. */
  taken: Taken[];
  /** Other rooms that are free for all of it. */
  elsewhere: string[];
};

/**
 * Books a run of hours of one room, all of them or none. Taken hours are an answer here, not a refusal, so that what
 * was asked for can be kept and waited for.
 * @throws Refusal `slot_begun`, `no_such_room`, `room_closed`
 */
export async function bookRange(scope: Scope, { roomId, date, from, to }: BookRange): Promise<BookedRange> {
  const { tx } = scope;
  const cells = slotsBetween(from, to).map((slot) => ({ roomId, slot }));
  const rooms = await lockRooms(tx, cells);
  demandBookable(scope, date, cells, rooms);
  const asked = { room: nameIn(rooms, roomId), roomId, date, from, to };
  const taken = await holdersOf(tx, date, cells);
  if (taken.length > 0) return { ...asked, added: [], taken, elsewhere: await roomsFree(scope, asked) };
  const { added } = await changeBookings(scope, { date, add: cells, cancel: [] });
  return { ...asked, added, taken: [], elsewhere: [] };
}

/** The rooms that are free for all of these hours. */
export async function roomsFree(scope: Scope, { date, from, to }: Omit<Asked, 'room' | 'roomId'>): Promise<string[]> {
  const { rooms } = await readGrid(scope, date);
  const isWanted = (slot: number) => slot >= from && slot <= to;
  return rooms
    .filter(({ slots }) => slots.every(({ slot, state }) => !isWanted(slot) || state === 'free'))
    .map(({ name }) => name);
}
