import { dayFromDb, dayToDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { changeBookings } from './change-bookings.ts';
import { lockRooms } from './lock-rooms.ts';
import { refuse } from './phrases.ts';
import { hasBegun } from './rules.ts';

/** What was given up of a series: the room and the days, the first one first. */
export type EndedSeries = { room: string; days: SchoolDay[] };

/**
 * Ends a weekly series from the day of one of its bookings on; hours that have begun stay. Whoever waits for one gets it,
 * and an owner who loses them to an administrator is told.
 * @throws Refusal `no_series`, `booking_gone`, `not_yours`
 */
export async function endSeries(scope: Scope, bookingId: number): Promise<EndedSeries> {
  const { tx, today, now, time } = scope;
  const from = await tx.booking.findUnique({ where: { id: bookingId }, include: { room: { select: { name: true } } } });
  if (!from) throw refuse.booking_gone();
  if (from.series === null) throw refuse.no_series();
  await lockRooms(tx, [{ roomId: from.roomId }]);
  const rest = await tx.booking.findMany({
    where: { series: from.series, date: { gte: from.date > dayToDb(today) ? from.date : dayToDb(today) } },
    orderBy: [{ date: 'asc' }, { slot: 'asc' }],
  });
  const ahead = rest
    .map(({ date, roomId, slot }) => ({ date: dayFromDb(date), roomId, slot }))
    .filter(({ date, slot }) => !hasBegun(date, slot, today, time.minuteOf(now)));
  const days = [...new Set(ahead.map(({ date }) => date))];
  if (days.length === 0) throw refuse.booking_gone();
  for (const date of days)
    await changeBookings(scope, { date, add: [], cancel: ahead.filter((cell) => cell.date === date) });
  return { room: from.room.name, days };
}
