import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { hasBegun } from './rules.ts';
import { SLOTS } from './schema.ts';

export type GridCell = {
  slot: number;
  /** `past` once it has begun, whoever has it; `closed` in a room that takes no bookings any more. */
  state: 'free' | 'past' | 'mine' | 'taken' | 'closed';
  mine: boolean;
  bookingId?: number;
  holder?: { id: number; name: string; department: string | null };
  /** How many wait for it, and whether I am one of them. */
  waiting: number;
  iWait: boolean;
};
export type GridRoom = { id: number; name: string; seats: number; active: boolean; slots: GridCell[] };
export type Grid = { date: SchoolDay; today: SchoolDay; rooms: GridRoom[] };

type BookedRow = {
  roomId: number;
  name: string;
  seats: number;
  active: boolean;
  bookings: { id: number; slot: number; personId: number; holder: string; department: string | null }[];
  waits: { slot: number; count: number; mine: boolean }[];
};

/** One day's rooms by slots, as the reader sees it, in one round trip; closed rooms only while somebody has them. */
export async function readGrid({ tx, today, now, time, actor }: Scope, date: SchoolDay): Promise<Grid> {
  const rows = await tx.$queryRaw<BookedRow[]>`
    SELECT r.id AS "roomId", r.name, r.seats, r.active,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', b.id, 'slot', b.slot, 'personId', b."personId", 'holder', p.name, 'department', d.title))
        FROM "Booking" b JOIN "Person" p ON p.id = b."personId"
        LEFT JOIN "Staff" s ON s."personId" = p.id LEFT JOIN "Department" d ON d.id = s."departmentId"
        WHERE b."roomId" = r.id AND b.date = ${date}::date), '[]') AS bookings,
      coalesce((SELECT jsonb_agg(w) FROM (
        SELECT slot, count(*)::int AS count, bool_or("personId" = ${actor.id ?? 0}) AS mine
        FROM "RoomWaiter" JOIN "Person" p ON p.id = "personId" AND p.active
        WHERE "roomId" = r.id AND date = ${date}::date GROUP BY slot) w), '[]') AS waits
    FROM "Room" r WHERE r.active OR EXISTS (SELECT 1 FROM "Booking" b WHERE b."roomId" = r.id AND b.date = ${date}::date)
    ORDER BY r.id`;
  const minute = time.minuteOf(now);
  const cellOf = ({ active, bookings, waits }: BookedRow, slot: number): GridCell => {
    const booking = bookings.find((candidate) => candidate.slot === slot);
    const wait = waits.find((candidate) => candidate.slot === slot);
    const mine = booking !== undefined && booking.personId === actor.id;
    const begun = hasBegun(date, slot, today, minute);
    const free = active ? 'free' : 'closed';
    return {
      slot,
      state: begun ? 'past' : booking ? (mine ? 'mine' : 'taken') : free,
      mine,
      ...(booking && {
        bookingId: booking.id,
        holder: { id: booking.personId, name: booking.holder, department: booking.department },
      }),
      waiting: wait?.count ?? 0,
      iWait: wait?.mine ?? false,
    };
  };
  return {
    date,
    today,
    rooms: rows.map((row) => ({
      id: row.roomId,
      name: row.name,
      seats: row.seats,
      active: row.active,
      slots: SLOTS.map((slot) => cellOf(row, slot)),
    })),
  };
}

export type NamedRoom = { id: number; name: string; seats: number; active: boolean };

/** Every room, for names said in chat. */
export function readRooms(tx: Tx): Promise<NamedRoom[]> {
  return tx.room.findMany({ select: { id: true, name: true, seats: true, active: true }, orderBy: { id: 'asc' } });
}

/**
 * Neighbouring slots of a room on one day; `ahead` how many others wait before me, null where they are booked; `series`
 * where they were booked week after week.
 */
export type MyRange = {
  roomId: number;
  room: string;
  date: SchoolDay;
  slots: number[];
  ahead: number | null;
  series: string | null;
};
type MySlot = Omit<MyRange, 'slots'> & { slot: number };

/** One's bookings still to come, neighbouring slots of a room taken together, soonest first. */
export async function readMyBookings(scope: Scope): Promise<MyRange[]> {
  const rows = await scope.tx.$queryRaw<MySlot[]>`
    SELECT b."roomId", r.name AS room, to_char(b.date, 'YYYY-MM-DD') AS date, b.slot, NULL::int AS ahead, b.series
    FROM "Booking" b JOIN "Room" r ON r.id = b."roomId"
    WHERE b."personId" = ${scope.actor.id} AND b.date >= ${scope.today}::date
    ORDER BY b.date, b."roomId", b.slot LIMIT 1000`;
  return joined(scope, rows);
}

/** What one still waits for, neighbouring slots with as many before one taken together, soonest first. */
export async function readMyWaits(scope: Scope): Promise<MyRange[]> {
  const rows = await scope.tx.$queryRaw<MySlot[]>`
    SELECT w."roomId", r.name AS room, to_char(w.date, 'YYYY-MM-DD') AS date, w.slot, (
      SELECT count(*)::int FROM "RoomWaiter" o JOIN "Person" p ON p.id = o."personId" AND p.active
      WHERE o."roomId" = w."roomId" AND o.date = w.date AND o.slot = w.slot AND o.id < w.id) AS ahead, NULL::text AS series
    FROM "RoomWaiter" w JOIN "Room" r ON r.id = w."roomId"
    WHERE w."personId" = ${scope.actor.id} AND w.date >= ${scope.today}::date
    ORDER BY w.date, w."roomId", w.slot LIMIT 1000`;
  return joined(scope, rows);
}

function joined({ today, now, time }: Scope, rows: readonly MySlot[]): MyRange[] {
  const minute = time.minuteOf(now);
  const ranges: MyRange[] = [];
  for (const { roomId, room, date, slot, ahead, series } of rows) {
    if (hasBegun(date, slot, today, minute)) continue;
    const last = ranges.at(-1);
    const goesOn = last && last.date === date && last.roomId === roomId && last.slots.at(-1) === slot - 1;
    if (goesOn && last.ahead === ahead && last.series === series) last.slots.push(slot);
    else ranges.push({ roomId, room, date, slots: [slot], ahead, series });
  }
  return ranges.sort((a, b) => (a.date === b.date ? (a.slots[0] ?? 0) - (b.slots[0] ?? 0) : a.date < b.date ? -1 : 1));
}
