import type { Attendance } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';
import { tellApart } from '../kernel/tell-apart.ts';
import { SHORT_ATTENDANCES } from './choices.ts';
import { staysOnLesson } from './stays.ts';

/** A student of a lesson: with their study record, or still without one (`recordId` null, present by default). */
export type Attendee = {
  studentId: number;
  personId: number;
  name: string;
  /** The name as it stands in a list: of namesakes with the account behind it. */
  called: string;
  recordId: number | null;
  attendance: Attendance;
  score: number;
  comment: string | null;
  studentMemo: string | null;
  handedInAt: Date | null;
  gradedAt: Date | null;
  files: { id: number; name: string; size: number }[];
  checkedInAt: Date | null;
  /** Marks of the browser the scan came from; null without one. */
  device: string | null;
  browser: string | null;
};

/**
 * Everybody of a lesson in one order: whoever has a study record, and whoever belongs to the cohort that day and has
 * none yet. Of deactivated students only what is history: a roll that was called with them on it, a grade, a scan.
 */
export async function readRoster(tx: Tx, lessonId: number): Promise<Attendee[]> {
  const rows = await tx.$queryRaw<(Omit<Attendee, 'called'> & { username: string })[]>`
    SELECT s.id AS "studentId", p.id AS "personId", p.name, p.username, r.id AS "recordId",
      coalesce(r.attendance, 'present')::text AS attendance, coalesce(r.score, -1) AS score, r.comment,
      r."studentMemo", r."handedInAt", r."gradedAt", c.at AS "checkedInAt", c.device, c.browser,
      coalesce(f.files, '[]') AS files
    FROM "Lesson" l
    JOIN LATERAL (
      SELECT cs."studentId" FROM "CohortStudent" cs WHERE ${staysOnLesson}
      UNION SELECT sr."studentId" FROM "StudyRecord" sr WHERE sr."lessonId" = l.id
    ) m ON true
    JOIN "Student" s ON s.id = m."studentId" JOIN "Person" p ON p.id = s."personId"
    LEFT JOIN "StudyRecord" r ON r."lessonId" = l.id AND r."studentId" = s.id
    LEFT JOIN "CheckIn" c ON c."lessonId" = l.id AND c."studentId" = s.id
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', f.size) ORDER BY f.id) AS files
      FROM "StoredFile" f WHERE f."recordId" = r.id
    ) f ON true
    WHERE l.id = ${lessonId} AND (p.active OR c.id IS NOT NULL
      OR (r.id IS NOT NULL AND (r.version > 0 OR r."createdAt" <= l."calledAt")))
    ORDER BY s.id`;
  const called = tellApart(rows, ({ username }) => username);
  return rows.map(({ username, ...row }, at) => ({ ...row, called: called[at] ?? row.name }));
}

/** What each student of a roster is called in a list, by `studentId`. */
export function calledIn(roster: readonly Pick<Attendee, 'studentId' | 'called'>[]): ReadonlyMap<number, string> {
  return new Map(roster.map(({ studentId, called }) => [studentId, called]));
}

export type Counts = Record<Attendance, number>;

/** How many are present, late … */
export function countAttendances(attendances: readonly { attendance: Attendance }[]): Counts {
  const counts: Counts = { present: 0, late: 0, absent: 0, excused: 0, leftEarly: 0 };
  for (const { attendance } of attendances) counts[attendance] += 1;
  return counts;
}

/** 到 27 · 迟到 1 · 请假 2; what nobody is, is left out. */
export function sayCounts(counts: Counts): string {
  const some = (Object.keys(counts) as Attendance[]).filter((id) => id === 'present' || counts[id] > 0);
  return some.map((id) => `${SHORT_ATTENDANCES[id]} ${counts[id]}`).join(' · ');
}
