import { personOf } from '../kernel/actor.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { type Changed, changeBookings } from './change-bookings.ts';
import { demandBookable, holdersOf, lockRooms, nameIn } from './lock-rooms.ts';
import type { Cell } from './schema.ts';

/** A slot somebody waits for; `ahead` is how many were there before. */
export type Wait = Cell & { ahead: number };
export type Waiting = {
  date: SchoolDay;
  room: string;
  /** What they wait for now, and which of it is new. */
  waiting: Wait[];
  fresh: Cell[];
  /** Booked at once, because all that was asked for is free by now. */
  booked: Changed[];
  /** Free, but left alone: only a part of what was asked for. */
  free: number[];
};

/**
 * Puts somebody on the waiting list of taken slots (候补). Where all of them are free by now they are booked at once;
 * where only some are, these are left as they are and said: nobody gets half a meeting without asking for it.
 * @throws Refusal `slot_begun`, `no_such_room`, `room_closed`
 */
export async function waitForSlots(
  scope: Scope,
  { date, cells }: { date: SchoolDay; cells: readonly Cell[] },
): Promise<Waiting> {
  const { tx, actor } = scope;
  const rooms = await lockRooms(tx, cells);
  demandBookable(scope, date, cells, rooms);
  const room = nameIn(rooms, cells[0]?.roomId ?? 0);
  const held = await holdersOf(tx, date, cells);
  if (held.length === 0) {
    const { added } = await changeBookings(scope, { date, add: cells, cancel: [] });
    return { date, room, waiting: [], fresh: [], booked: added, free: [] };
  }
  const others = held.filter(({ personId }) => personId !== actor.id).map(({ roomId, slot }) => ({ roomId, slot }));
  const isHeld = (cell: Cell) => held.some(({ roomId, slot }) => roomId === cell.roomId && slot === cell.slot);
  const free = cells.filter((cell) => !isHeld(cell)).map(({ slot }) => slot);
  const fresh = await joinLists(scope, date, others);
  return { date, room, waiting: await placesOf(scope, date, others), fresh, booked: [], free };
}

function joinLists({ tx, actor, now }: Scope, date: SchoolDay, cells: readonly Cell[]): Promise<Cell[]> {
  return tx.$queryRaw<Cell[]>`
    INSERT INTO "RoomWaiter" ("roomId", date, slot, "personId", "createdAt")
    SELECT c."roomId", ${date}::date, c.slot, ${personOf(actor)}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
    ON CONFLICT DO NOTHING RETURNING "roomId", slot`;
}

function placesOf({ tx, actor }: Scope, date: SchoolDay, cells: readonly Cell[]): Promise<Wait[]> {
  return tx.$queryRaw<Wait[]>`
    SELECT w."roomId", w.slot, (
      SELECT count(*)::int FROM "RoomWaiter" o JOIN "Person" p ON p.id = o."personId" AND p.active
      WHERE o."roomId" = w."roomId" AND o.date = w.date AND o.slot = w.slot AND o.id < w.id) AS ahead
    FROM "RoomWaiter" w JOIN jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
      ON c."roomId" = w."roomId" AND c.slot = w.slot
    WHERE w.date = ${date}::date AND w."personId" = ${personOf(actor)} ORDER BY w."roomId", w.slot`;
}

/** Takes somebody off the waiting lists of these slots; answers how many they were on. */
export async function stopWaiting(
  { tx, actor }: Scope,
  { date, cells }: { date: SchoolDay; cells: readonly Cell[] },
): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM "RoomWaiter" w USING jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
    WHERE w."roomId" = c."roomId" AND w.slot = c.slot AND w.date = ${date}::date AND w."personId" = ${personOf(actor)}`;
}
