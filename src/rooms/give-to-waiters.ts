import { type SchoolDay, sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { bookingMade, bookingSubject } from './notices.ts';
import { type Cell, saySlots } from './schema.ts';

type Given = Cell & { id: number; room: string; personId: number };

/**
 * Gives slots that just became free to whoever waits for them longest (候补), in the transaction that freed them, so
 * that nobody else gets in between; the lucky are told. Passed over, and left in their place, are people who have left
 * the school; a closed room gives nothing until it is opened again. The rooms are locked by the caller.
 */
export async function giveToWaiters(scope: Scope, date: SchoolDay, freed: readonly Cell[]): Promise<void> {
  if (freed.length === 0) return;
  const { tx, now, today, tell } = scope;
  const cells = JSON.stringify(freed.map(({ roomId, slot }) => ({ roomId, slot })));
  const given = await tx.$queryRaw<Given[]>`
    WITH first AS (
      SELECT DISTINCT ON (w."roomId", w.slot) w.id, w."roomId", w.slot, w."personId"
      FROM "RoomWaiter" w
      JOIN jsonb_to_recordset(${cells}::jsonb) AS c("roomId" int, slot int) ON c."roomId" = w."roomId" AND c.slot = w.slot
      JOIN "Person" p ON p.id = w."personId" AND p.active
      JOIN "Room" r ON r.id = w."roomId" AND r.active
      WHERE w.date = ${date}::date ORDER BY w."roomId", w.slot, w.id
    ), booked AS (
      INSERT INTO "Booking" ("roomId", date, slot, "personId", "createdAt")
      SELECT "roomId", ${date}::date, slot, "personId", ${now} FROM first ORDER BY "roomId", slot
      ON CONFLICT ("roomId", date, slot) DO NOTHING RETURNING id, "roomId", slot, "personId"
    ), served AS (
      DELETE FROM "RoomWaiter" w USING booked b
      WHERE w."roomId" = b."roomId" AND w.slot = b.slot AND w."personId" = b."personId" AND w.date = ${date}::date
    )
    SELECT b.id, b."roomId", b.slot, b."personId", r.name AS room FROM booked b JOIN "Room" r ON r.id = b."roomId"`;
  const byPerson = new Map<string, Given[]>();
  for (const row of given) {
    const key = `${row.personId}:${row.roomId}`;
    byPerson.set(key, [...(byPerson.get(key) ?? []), row]);
  }
  for (const rows of byPerson.values()) {
    const [first] = rows;
    if (!first) continue;
    await tell(
      bookingMade.to(
        first.personId,
        { room: first.room, day: sayDay(date, today), time: saySlots(rows.map(({ slot }) => slot)) },
        { once: `bookingMade:${first.id}`, about: bookingSubject.of(first.id) },
      ),
    );
  }
}
