import type { SchoolDay } from '../kernel/school-time.ts';
import type { Tx } from '../kernel/scope.ts';
import type { Rank } from '../rota/build-rota.ts';
import type { TakeRequest } from '../rota/rota-store.ts';

/** Who is in the ranks, and who of all consultants cannot take a turn now or only so many more, each with the reason. */
export type Availability = {
  ranks: Rank[];
  passOver: Record<number, string>;
  room: Record<number, { left: number; reason: string }>;
  known: number[];
};

type Consultant = {
  id: number;
  active: boolean;
  onLeaveUntil: SchoolDay | null;
  weight: number | null;
  slots: number | null;
  followingCap: number | null;
  dailyCap: number | null;
  following: number;
  takenToday: number;
};

/**
 * Reads, in one statement, what a turn is taken by. Inactive people are left out of the ranks; people on leave (that day
 * included) stay in and are passed over. The daily cap counts today's automatic assignments, the other all that is
 * being followed; ended or undone ones free both. Reasons are codes with what was the limit: `dailyCap:5`.
 */
export async function readAvailability(db: Pick<Tx, '$queryRaw'>, today: SchoolDay): Promise<Availability> {
  const consultants = await db.$queryRaw<Consultant[]>`
    SELECT p.id, p.active, to_char(s."onLeaveUntil", 'YYYY-MM-DD') AS "onLeaveUntil",
      r.weight, r.slots, r."followingCap", r."dailyCap",
      CASE WHEN r."followingCap" IS NULL THEN 0 ELSE (SELECT count(*)::int FROM "Assignment" a
        WHERE a."consultantId" = p.id AND a.state = 'following') END AS following,
      CASE WHEN r."dailyCap" IS NULL THEN 0 ELSE (SELECT count(*)::int FROM "Assignment" a
        WHERE a."consultantId" = p.id AND a.date = ${today}::date AND a."turnId" IS NOT NULL AND a.state <> 'undone')
        END AS "takenToday"
    FROM "Person" p LEFT JOIN "Staff" s ON s."personId" = p.id LEFT JOIN "SalesRank" r ON r."consultantId" = p.id
    WHERE s.id IS NOT NULL OR r.id IS NOT NULL
    ORDER BY p.id`;

  const availability: Availability = { ranks: [], passOver: {}, room: {}, known: consultants.map(({ id }) => id) };
  for (const consultant of consultants) {
    const { id, active, weight, slots } = consultant;
    if (active && weight !== null && slots !== null) availability.ranks.push({ consultantId: id, weight, slots });
    const reason = whyAway(consultant, today);
    if (reason) availability.passOver[id] = reason;
    const room = roomOf(consultant);
    if (room) availability.room[id] = room;
  }
  return availability;
}

/** Whether a turn may go to this consultant; the reason where it may not. */
export function whyNotNow({ passOver, room }: Availability, consultantId: number): string | null {
  const cap = room[consultantId];
  return passOver[consultantId] ?? (cap && cap.left <= 0 ? cap.reason : null);
}

/** The same as the rota takes it. */
export function asRequest({ ranks, passOver, room, known }: Availability): Omit<TakeRequest, 'history' | 'count'> {
  return { ranks, passOver, room, known };
}

function whyAway({ active, onLeaveUntil }: Consultant, today: SchoolDay): string | null {
  if (!active) return 'inactive';
  return onLeaveUntil !== null && today <= onLeaveUntil ? `onLeave:${onLeaveUntil}` : null;
}

function roomOf({ followingCap, following, dailyCap, takenToday }: Consultant) {
  const caps = [
    ...(dailyCap === null ? [] : [{ left: dailyCap - takenToday, reason: `dailyCap:${dailyCap}` }]),
    ...(followingCap === null ? [] : [{ left: followingCap - following, reason: `followingCap:${followingCap}` }]),
  ];
  return caps.sort((a, b) => a.left - b.left).at(0);
}
