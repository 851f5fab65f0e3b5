import type { AssignmentOrigin, AssignmentState } from '../generated/prisma/client.ts';
import { nextDueTime } from '../jobs/due-times.ts';
import { addDays, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';

/** More spells than this of one month are left out, the oldest first; the page says so. */
const MOST_SPELLS = 20_000;
/** Nobody is followed for longer: the day counts end there. */
const LONGEST_DAYS = 366;

/** A contact while somebody held the customer; `isEarly` before that day's sweep, so that it still counted for it. */
export type Contact = { day: SchoolDay; isEarly: boolean };

/** One time somebody held a customer: a row of the kept history with the contacts in it. */
export type Spell = {
  id: number;
  customer: { id: number; name: string };
  consultant: { id: number; name: string };
  date: SchoolDay;
  endedOn: SchoolDay | null;
  state: AssignmentState;
  origin: AssignmentOrigin;
  contacts: readonly Contact[];
};

export type History = { spells: Spell[]; isWhole: boolean };

type Row = Omit<Spell, 'customer' | 'consultant' | 'contacts'> & {
  customerId: number;
  customerName: string;
  consultantId: number;
  consultantName: string;
  /** 2026-11-18, or 2026-11-18* for an early one. */
  contacts: string[];
};

/** Reads who held whom between two days, oldest first, in one statement; what was undone never was. */
export async function readHistory(
  { tx, now, time }: Pick<Scope, 'tx' | 'now' | 'time'>,
  { from, to }: { from: SchoolDay; to: SchoolDay },
): Promise<History> {
  const { sweepCron } = await readSettings(tx);
  const sweepMinute = time.minuteOf(nextDueTime(sweepCron, time.zone, now) ?? now);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT a.id, a."customerId", c.name AS "customerName", a."consultantId", p.name AS "consultantName",
      a.date::text, a."endedOn"::text, a.state::text, a.origin::text,
      coalesce((
        SELECT array_agg(f.date::text || CASE WHEN
            extract(hour FROM f."createdAt" AT TIME ZONE ${time.zone}) * 60
            + extract(minute FROM f."createdAt" AT TIME ZONE ${time.zone}) < ${sweepMinute} THEN '*' ELSE '' END ORDER BY f.id)
        FROM "FollowUp" f
        WHERE f."customerId" = a."customerId" AND f."createdAt" >= a."createdAt"
          AND (a."endedOn" IS NULL OR f."createdAt" < a."updatedAt")), '{}') AS contacts
    FROM "Assignment" a JOIN "Customer" c ON c.id = a."customerId" JOIN "Person" p ON p.id = a."consultantId"
    WHERE a.state <> 'undone' AND a.date BETWEEN ${addDays(from, -LONGEST_DAYS)}::date AND ${to}::date
      AND (a."endedOn" IS NULL OR a."endedOn" >= ${from}::date)
    ORDER BY a.date DESC, a.id DESC LIMIT ${MOST_SPELLS + 1}`;
  const spells = rows
    .slice(0, MOST_SPELLS)
    .reverse()
    .map(
      ({ customerId, customerName, consultantId, consultantName, contacts, ...row }): Spell => ({
        ...row,
        customer: { id: customerId, name: customerName },
        consultant: { id: consultantId, name: consultantName },
        contacts: contacts.map((contact) => ({ day: contact.slice(0, 10), isEarly: contact.endsWith('*') })),
      }),
    );
  return { spells, isWhole: rows.length <= MOST_SPELLS };
}
