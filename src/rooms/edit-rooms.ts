import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { type SchoolDay, sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { giveToWaiters } from './give-to-waiters.ts';
import { lockRooms } from './lock-rooms.ts';
import { bookingCancelled, bookingSubject } from './notices.ts';
import { refuse } from './phrases.ts';
import { hasBegun } from './rules.ts';
import { type RoomChange, type RoomInput, saySlots } from './schema.ts';

/** Adds a meeting room. @throws Refusal `room_known` where the name is taken */
export async function addRoom({ tx }: Scope, { name, seats, active }: RoomInput): Promise<{ id: number }> {
  const [room] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Room" (name, seats, active) VALUES (${name}, ${seats}, ${active}) ON CONFLICT (name) DO NOTHING RETURNING id`;
  if (!room) throw refuse.room_known({ name });
  return room;
}

/**
 * Changes a room's name, seats, or whether it can be booked. Closing it leaves what is booked and tells who had booked
 * it; opened again, what was given back meanwhile goes to those who wait.
 * @throws Refusal `room_known`, `not_found`
 */
export async function editRoom(scope: Scope, id: number, change: RoomChange): Promise<void> {
  const { tx } = scope;
  if (change.name && (await tx.room.findFirst({ where: { name: change.name, id: { not: id } } })))
    throw refuse.room_known({ name: change.name });
  const before = await tx.room.findUnique({ where: { id } });
  if (!before) throw refuseAnybody.not_found({ what: '间会议室' });
  // Locked, so that nobody books between the closing and the telling.
  const was = (await lockRooms(tx, [{ roomId: id }])).get(id);
  await tx.room.updateMany({ where: { id }, data: change });
  if (change.active) await serveWaiters(scope, id);
  if (change.active === false && was?.active) await tellBooked(scope, { id, name: was.name });
}

/** Tells everybody who has a booking still to come in a room that is closed; once each, naming the first. */
async function tellBooked(scope: Scope, room: { id: number; name: string }): Promise<void> {
  const { tx, today, now, time, actor, tell } = scope;
  const rows = await tx.$queryRaw<{ id: number; personId: number; date: SchoolDay; slot: number }[]>`
    SELECT id, "personId", to_char(date, 'YYYY-MM-DD') AS date, slot FROM "Booking"
    WHERE "roomId" = ${room.id} AND date >= ${today}::date ORDER BY "personId", date, slot`;
  const ahead = rows.filter(
    ({ date, slot, personId }) => !hasBegun(date, slot, today, time.minuteOf(now)) && personId !== actor.id,
  );
  for (const personId of new Set(ahead.map((row) => row.personId))) {
    const theirs = ahead.filter((row) => row.personId === personId);
    const [first] = theirs;
    if (!first) continue;
    const days = new Set(theirs.map(({ date }) => date)).size;
    const slots = theirs.filter(({ date }) => date === first.date).map(({ slot }) => slot);
    const day = `${sayDay(first.date, today)}${days > 1 ? ` 等 ${days} 天` : ''}`;
    await tell(
      bookingCancelled.to(
        personId,
        { room: room.name, day, time: saySlots(slots), by: actor.name, closed: true },
        { once: `roomClosed:${room.id}:${personId}:${now.toISOString()}`, about: bookingSubject.of(first.id) },
      ),
    );
  }
}

async function serveWaiters(scope: Scope, roomId: number): Promise<void> {
  const { tx, today, now, time } = scope;
  const waited = await tx.$queryRaw<{ date: string; slot: number }[]>`
    SELECT DISTINCT to_char(w.date, 'YYYY-MM-DD') AS date, w.slot FROM "RoomWaiter" w
    WHERE w."roomId" = ${roomId} AND w.date >= ${today}::date
      AND NOT EXISTS (SELECT 1 FROM "Booking" b WHERE b."roomId" = w."roomId" AND b.date = w.date AND b.slot = w.slot)
    ORDER BY date, slot`;
  const minute = time.minuteOf(now);
  const open = waited.filter(({ date, slot }) => !hasBegun(date, slot, today, minute));
  for (const date of new Set(open.map((row) => row.date)))
    await giveToWaiters(
      scope,
      date,
      open.filter((row) => row.date === date).map(({ slot }) => ({ roomId, slot })),
    );
}

/** Deletes a room that was never booked. @throws Refusal `room_in_use` */
export async function deleteRoom({ tx }: Scope, id: number): Promise<void> {
  await lockRooms(tx, [{ roomId: id }]);
  const count = await tx.booking.count({ where: { roomId: id } });
  if (count > 0) throw refuse.room_in_use({ count });
  await tx.roomWaiter.deleteMany({ where: { roomId: id } });
  await tx.room.deleteMany({ where: { id } });
}
