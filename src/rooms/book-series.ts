import { randomUUID } from 'node:crypto';
import { addDays, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { changeBookings } from './change-bookings.ts';
import { demandBookable, holdersOf, lockRooms, nameIn, seenBy } from './lock-rooms.ts';
import { refuse, sayTaken, type Taken } from './phrases.ts';
import { hasBegun } from './rules.ts';
import { type BookRange, slotsBetween } from './schema.ts';

export type SeriesWeek = { date: SchoolDay; booked: boolean; taken: Taken[] };
export type Series = { room: string; from: number; to: number; weeks: SeriesWeek[]; bookingIds: number[] };

/**
 * Books the same hours of a room week after week; weeks in which something is taken are skipped and told. Where today's
 * hour has begun the series begins next week.
 * @throws Refusal `nothing_free` where every week is taken; otherwise as changeBookings
 */
export async function bookSeries(scope: Scope, { roomId, date, from, to, weeks }: BookRange): Promise<Series> {
  const { tx, today, now, time } = scope;
  const cells = slotsBetween(from, to).map((slot) => ({ roomId, slot }));
  const isLate = date === today && hasBegun(date, from, today, time.minuteOf(now));
  const first = isLate ? addDays(date, 7) : date;
  const rooms = await lockRooms(tx, cells);
  demandBookable(scope, first, cells, rooms);
  const result: Series = { room: nameIn(rooms, roomId), from, to, weeks: [], bookingIds: [] };
  const series = randomUUID();
  for (let week = 0; week < weeks; week += 1) {
    const day = addDays(first, week * 7);
    const taken = await holdersOf(tx, day, cells);
    if (taken.length === 0) {
      const { added } = await changeBookings(scope, { date: day, add: cells, cancel: [] }, series);
      result.bookingIds.push(...added.map(({ id }) => id));
    }
    result.weeks.push({ date: day, booked: taken.length === 0, taken });
  }
  if (result.bookingIds.length > 0) return result;
  const said = sayTaken(result.weeks[0]?.taken ?? [], seenBy(scope, first));
  throw refuse.nothing_free({ room: result.room, weeks, first: said });
}
