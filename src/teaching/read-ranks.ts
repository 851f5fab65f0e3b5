import type { Attendance } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { type Ranked, rankStudents, type Studied } from './rank.ts';

/** The ranks of a cohort: everybody who is in it today, by the rule the school has set. */
export async function readRanks({ tx, today }: Pick<Scope, 'tx' | 'today'>, cohortId: number): Promise<Ranked[]> {
  const rows = await tx.$queryRaw<
    { studentId: number; score: number | null; attendance: Attendance | null; times: number }[]
  >`
    SELECT cs."studentId", r.score, r.attendance::text AS attendance, count(r.id)::int AS times
    FROM "CohortStudent" cs
    LEFT JOIN ("StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId" AND l."cohortId" = ${cohortId})
      ON r."studentId" = cs."studentId"
    WHERE cs."cohortId" = ${cohortId} AND (cs."leftOn" IS NULL OR cs."leftOn" >= ${today}::date)
    GROUP BY cs."studentId", r.score, r.attendance`;
  const studied = new Map<number, Studied & { records: { score: number; attendance: Attendance; times: number }[] }>();
  for (const { studentId, score, attendance, times } of rows) {
    const own = studied.get(studentId) ?? { studentId, records: [] };
    if (score !== null && attendance !== null) own.records.push({ score, attendance, times });
    studied.set(studentId, own);
  }
  const { attendanceInRank } = await readSettings(tx);
  return rankStudents([...studied.values()], { attendanceCounts: attendanceInRank });
}
