import { dayFromDb, dayToDb, type SchoolDay, sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { changeBookings } from './change-bookings.ts';
import { lockRooms } from './lock-rooms.ts';
import { refuse } from './phrases.ts';
import { readMyBookings } from './queries.ts';
import type { SlotRange } from './range-number.ts';
import { saySlots } from './schema.ts';

/** A run of hours somebody gave up; `series` where it was one of a series. */
export type GivenUp = { room: string; roomId: number; date: SchoolDay; slots: number[]; series: string | null };

/**
 * Gives up what is still one's own of a room's hours (退订), neighbours left alone; hours already begun stay.
 * @throws Refusal `booking_gone` where nothing of it is left
 */
export async function giveUpRange(scope: Scope, { date, roomId, from, to }: SlotRange): Promise<GivenUp> {
  await lockRooms(scope.tx, [{ roomId }]);
  const mine = (await readMyBookings(scope)).filter((range) => range.date === date && range.roomId === roomId);
  const slots = mine.flatMap((range) => range.slots).filter((slot) => slot >= from && slot <= to);
  if (slots.length === 0) throw refuse.booking_gone();
  const { cancelled } = await changeBookings(scope, { date, add: [], cancel: slots.map((slot) => ({ roomId, slot })) });
  const series = mine.find((range) => slots.some((slot) => range.slots.includes(slot)))?.series ?? null;
  return { room: cancelled[0]?.room ?? '', roomId, date, slots, series };
}

/** Gives up bookings of one's own that were made together; says what that was, or null where one of them is gone. */
export async function giveUpBookings(scope: Scope, ids: readonly number[]): Promise<string | null> {
  const { tx, today, actor } = scope;
  const left = await tx.booking.findMany({
    where: { id: { in: [...ids] }, personId: actor.id ?? 0, date: { gte: dayToDb(today) } },
    include: { room: true },
    orderBy: [{ date: 'asc' }, { slot: 'asc' }],
  });
  const [first] = left;
  if (!first || left.length < ids.length) return null;
  const days = [...new Set(left.map(({ date }) => dayFromDb(date)))];
  for (const date of days) {
    const cells = left.filter((row) => dayFromDb(row.date) === date).map(({ roomId, slot }) => ({ roomId, slot }));
    await changeBookings(scope, { date, add: [], cancel: cells });
  }
  const when = days.length > 1 ? `${days.length} 周` : sayDay(days[0] ?? today, today);
  return `${first.room.name} · ${when} · ${saySlots([...new Set(left.map(({ slot }) => slot))])}`;
}
