import type { Attendance } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { type Ranked, rankStudents, type Studied } from './rank.ts';
import { staysOnLesson } from './stays.ts';

/**
 * The ranks of a cohort: everybody active who is in it today, by the lessons of their stays and the rule the school has
 * set. Void lessons count for nobody.
 */
export async function readRanks({ tx, today }: Pick<Scope, 'tx' | 'today'>, cohortId: number): Promise<Ranked[]> {
  const rows = await tx.$queryRaw<
    { studentId: number; score: number | null; attendance: Attendance | null; times: number }[]
  >`
    SELECT m."studentId", r.score, r.attendance::text AS attendance, count(r.id)::int AS times
    FROM (
      SELECT DISTINCT cs."studentId" FROM "CohortStudent" cs
      JOIN "Student" s ON s.id = cs."studentId" JOIN "Person" p ON p.id = s."personId" AND p.active
      WHERE cs."cohortId" = ${cohortId} AND cs."joinedOn" <= ${today}::date
        AND (cs."leftOn" IS NULL OR cs."leftOn" >= ${today}::date)
    ) m
    LEFT JOIN ("StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId" AND l."cohortId" = ${cohortId} AND l."voidedAt" IS NULL)
      ON r."studentId" = m."studentId" AND EXISTS (
        SELECT 1 FROM "CohortStudent" cs WHERE cs."studentId" = r."studentId" AND ${staysOnLesson})
    GROUP BY m."studentId", r.score, r.attendance`;
  const studied = new Map<number, Studied & { records: { score: number; attendance: Attendance; times: number }[] }>();
  for (const { studentId, score, attendance, times } of rows) {
    const own = studied.get(studentId) ?? { studentId, records: [] };
    if (score !== null && attendance !== null) own.records.push({ score, attendance, times });
    studied.set(studentId, own);
  }
  const { attendanceInRank } = await readSettings(tx);
  return rankStudents([...studied.values()], { attendanceCounts: attendanceInRank });
}
