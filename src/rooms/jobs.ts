import { defineJob, type Job } from '../jobs/define-job.ts';
import { bookingSoon, bookingSubject } from './notices.ts';
import { saySlots, slotAt } from './schema.ts';

type Soon = { id: number; personId: number; room: string; slots: number[] };

/**
 * Fifteen minutes before an hour: whoever's booking begins then is reminded, once for neighbouring slots. On the way the
 * waits of days gone by are cleared away.
 */
export const remindBookings: Job = defineJob({
  id: 'rooms.remind',
  title: '会议室开始前提醒',
  at: '45 7-19 * * *',
  missed: 'skip',
  batch: 1000,
  run: async ({ tx, tell, today, time }, { dueAt }) => {
    // The slot beginning in a quarter of an hour, and how far its holder has the room from then on.
    const soon = await tx.$queryRaw<Soon[]>`
      WITH RECURSIVE run AS (
        SELECT b.id, b.slot AS first, b."roomId", b."personId", b.slot FROM "Booking" b
        JOIN "Person" p ON p.id = b."personId" AND p.active
        WHERE b.date = ${today}::date AND b.slot = ${slotAt(Math.floor(time.minuteOf(dueAt) / 60) + 1)}
          AND NOT EXISTS (SELECT 1 FROM "Booking" e WHERE e."roomId" = b."roomId" AND e.date = b.date
            AND e."personId" = b."personId" AND e.slot = b.slot - 1)
        UNION ALL
        SELECT run.id, run.first, n."roomId", n."personId", n.slot FROM run JOIN "Booking" n
          ON n."roomId" = run."roomId" AND n.date = ${today}::date AND n."personId" = run."personId" AND n.slot = run.slot + 1
      )
      SELECT run.id, run."personId", r.name AS room, array_agg(run.slot ORDER BY run.slot) AS slots
      FROM run JOIN "Room" r ON r.id = run."roomId" GROUP BY run.id, run."personId", r.name`;
    await tell(
      ...soon.map(({ id, personId, room, slots }) =>
        bookingSoon.to(
          personId,
          { room, day: '今天', time: saySlots(slots) },
          { once: `bookingSoon:${id}`, about: bookingSubject.of(id) },
        ),
      ),
    );
    await tx.$executeRaw`DELETE FROM "RoomWaiter" WHERE date < ${today}::date`;
    return 0;
  },
});
