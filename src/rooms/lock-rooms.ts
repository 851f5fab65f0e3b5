import { personOf } from '../kernel/actor.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { refuse, type Taken } from './phrases.ts';
import { hasBegun } from './rules.ts';
import type { Cell } from './schema.ts';

export type LockedRooms = ReadonlyMap<number, { name: string; active: boolean }>;

/**
 * Takes these rooms for the rest of the transaction, in one order for everybody: changes of a room's bookings and of
 * its waiting list come one after the other, so that a wait is never written past the cancel it waited for and nobody
 * locks another out. The unique index still decides who has a slot.
 * @throws Refusal `no_such_room`
 */
export async function lockRooms(tx: Tx, cells: readonly Pick<Cell, 'roomId'>[]): Promise<LockedRooms> {
  const ids = [...new Set(cells.map(({ roomId }) => roomId))];
  const found = await tx.$queryRaw<{ id: number; name: string; active: boolean }[]>`
    SELECT id, name, active FROM "Room" WHERE id = ANY(${ids}::int[]) ORDER BY id FOR NO KEY UPDATE`;
  const rooms = new Map(found.map(({ id, name, active }) => [id, { name, active }]));
  const unknown = ids.find((id) => !rooms.has(id));
  if (unknown !== undefined) throw refuse.no_such_room({ roomId: unknown });
  return rooms;
}

/**
 * Lets pass slots that can still be booked or waited for.
 * @throws Refusal `slot_begun`, `room_closed`
 */
export function demandBookable(
  { today, now, time }: Scope,
  date: SchoolDay,
  cells: readonly Cell[],
  rooms: LockedRooms,
): void {
  const begun = cells.find(({ slot }) => hasBegun(date, slot, today, time.minuteOf(now)));
  if (begun) throw refuse.slot_begun({ date, today, slot: begun.slot });
  for (const { roomId } of cells)
    if (!rooms.get(roomId)?.active) throw refuse.room_closed({ room: nameIn(rooms, roomId) });
}

/** A locked room's name. */
export function nameIn(rooms: LockedRooms, id: number): string {
  return rooms.get(id)?.name ?? '';
}

/** Who holds these slots, with department, in order. */
export function holdersOf(tx: Tx, date: SchoolDay, cells: readonly Cell[]): Promise<Taken[]> {
  return tx.$queryRaw<Taken[]>`
    SELECT r.name AS room, b."roomId", b.slot, b."personId", p.name AS holder, d.title AS department
    FROM "Booking" b JOIN "Room" r ON r.id = b."roomId" JOIN "Person" p ON p.id = b."personId"
    LEFT JOIN "Staff" s ON s."personId" = p.id LEFT JOIN "Department" d ON d.id = s."departmentId"
    JOIN jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
      ON c."roomId" = b."roomId" AND c.slot = b.slot
    WHERE b.date = ${date}::date ORDER BY b."roomId", b.slot`;
}

/** Who reads what is taken, and when. */
export function seenBy({ actor, today }: Scope, date: SchoolDay) {
  return { date, today, me: personOf(actor) };
}
