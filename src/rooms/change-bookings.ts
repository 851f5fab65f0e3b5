import { may } from '../access/access.ts';
import { personOf } from '../kernel/actor.ts';
import { type SchoolDay, sayDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { giveToWaiters } from './give-to-waiters.ts';
import { demandBookable, holdersOf, type LockedRooms, lockRooms, nameIn, seenBy } from './lock-rooms.ts';
import { bookingCancelled, bookingSubject } from './notices.ts';
import { refuse } from './phrases.ts';
import { hasBegun } from './rules.ts';
import { type Cell, saySlots } from './schema.ts';

/** A booking that was made or given up. */
export type Changed = Cell & { id: number; room: string };
export type BookingsChange = { date: SchoolDay; added: Changed[]; cancelled: Changed[] };

/**
 * Books and gives up several slots of one day, all or nothing; what is given up goes to the first who waits for it, and
 * whoever loses a booking to an administrator is told.
 * @throws Refusal `slot_taken` naming slots and holders, `slot_begun`, `no_such_room`, `room_closed`, `not_booked`, `not_yours`
 */
export async function changeBookings(
  scope: Scope,
  change: { date: SchoolDay; add: readonly Cell[]; cancel: readonly Cell[] },
  series?: string,
): Promise<BookingsChange> {
  const { date } = change;
  const [add, cancel] = [inOrder(change.add), inOrder(change.cancel)];
  const rooms = await lockRooms(scope.tx, [...add, ...cancel]);
  demandBookable(scope, date, add, rooms);
  demandNotBegun(scope, date, cancel);
  const cancelled = await cancelSlots(scope, date, cancel, rooms);
  const added = await addSlots(scope, date, add, { rooms, series, asked: add.length + cancel.length });
  await giveToWaiters(scope, date, cancelled);
  return { date, added, cancelled };
}

const has = (cells: readonly Cell[], { roomId, slot }: Cell) =>
  cells.some((cell) => cell.roomId === roomId && cell.slot === slot);

/** Each slot once, rooms and hours ascending: everybody inserts in one order. */
function inOrder(cells: readonly Cell[]): Cell[] {
  const distinct = cells.filter((cell, index) => !has(cells.slice(0, index), cell));
  return distinct.sort((a, b) => a.roomId - b.roomId || a.slot - b.slot);
}

function demandNotBegun({ today, now, time }: Scope, date: SchoolDay, cells: readonly Cell[]): void {
  const begun = cells.find(({ slot }) => hasBegun(date, slot, today, time.minuteOf(now)));
  if (begun) throw refuse.slot_begun({ date, today, slot: begun.slot, cancels: true });
}

async function addSlots(
  scope: Scope,
  date: SchoolDay,
  cells: readonly Cell[],
  { rooms, series, asked }: { rooms: LockedRooms; series?: string; asked: number },
): Promise<Changed[]> {
  if (cells.length === 0) return [];
  const { tx, actor, now } = scope;
  const made = await tx.$queryRaw<(Cell & { id: number })[]>`
    INSERT INTO "Booking" ("roomId", date, slot, "personId", series, "createdAt")
    SELECT c."roomId", ${date}::date, c.slot, ${personOf(actor)}, ${series ?? null}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
    ORDER BY c."roomId", c.slot
    ON CONFLICT ("roomId", date, slot) DO NOTHING RETURNING id, "roomId", slot`;
  const missing = cells.filter((cell) => !has(made, cell));
  if (missing.length > 0)
    throw refuse.slot_taken({ ...seenBy(scope, date), asked, taken: await holdersOf(tx, date, missing) });
  return cells.map((cell) => ({
    ...cell,
    id: made.find((row) => has([row], cell))?.id ?? 0,
    room: nameIn(rooms, cell.roomId),
  }));
}

async function cancelSlots(
  scope: Scope,
  date: SchoolDay,
  cells: readonly Cell[],
  rooms: LockedRooms,
): Promise<Changed[]> {
  if (cells.length === 0) return [];
  const { tx, actor } = scope;
  const gone = await tx.$queryRaw<(Cell & { id: number; personId: number })[]>`
    DELETE FROM "Booking" b USING jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("roomId" int, slot int)
    WHERE b."roomId" = c."roomId" AND b.slot = c.slot AND b.date = ${date}::date
      AND (${may(actor, 'rooms.cancelAny')} OR b."personId" = ${personOf(actor)})
    RETURNING b.id, b."roomId", b.slot, b."personId"`;
  const missing = cells.find((cell) => !has(gone, cell));
  if (missing) throw await whyNotCancelled(tx, date, missing, rooms);
  await tellOwners(scope, date, gone, rooms);
  return gone.map(({ id, roomId, slot }) => ({ id, roomId, slot, room: nameIn(rooms, roomId) }));
}

async function whyNotCancelled(tx: Tx, date: SchoolDay, cell: Cell, rooms: LockedRooms) {
  const [taken] = await holdersOf(tx, date, [cell]);
  return taken ? refuse.not_yours(taken) : refuse.not_booked({ room: nameIn(rooms, cell.roomId), slot: cell.slot });
}

/** Somebody else's booking was taken away by an administrator: its owner is told, once for a room and day. */
async function tellOwners(
  { tell, actor, today }: Scope,
  date: SchoolDay,
  gone: readonly (Cell & { id: number; personId: number })[],
  rooms: LockedRooms,
): Promise<void> {
  const owners = new Map<string, (typeof gone)[number][]>();
  for (const row of gone) {
    if (row.personId === actor.id) continue;
    const key = `${row.personId}:${row.roomId}`;
    owners.set(key, [...(owners.get(key) ?? []), row]);
  }
  for (const taken of owners.values()) {
    const [first] = taken;
    if (!first) continue;
    const time = saySlots(taken.map(({ slot }) => slot));
    await tell(
      bookingCancelled.to(
        first.personId,
        { room: nameIn(rooms, first.roomId), day: sayDay(date, today), time, by: actor.name },
        { once: `bookingCancelled:${first.id}`, about: bookingSubject.of(first.id) },
      ),
    );
  }
}
