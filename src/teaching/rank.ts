import type { Attendance } from '../generated/prisma/client.ts';
import { NOT_GRADED } from './choices.ts';

/** What a lesson costs where attendance counts (setting `attendanceInRank`): late and left early −5, absent −20. */
export const ATTENDANCE_POINTS: Readonly<Record<Attendance, number>> = {
  present: 0,
  excused: 0,
  late: -5,
  leftEarly: -5,
  absent: -20,
};

/** A student's records of one cohort, equal ones taken together. */
export type Studied = {
  studentId: number;
  records: readonly { score: number; attendance: Attendance; times?: number }[];
};

export type Ranked = { studentId: number; sum: number; rank: number };

/** A student's sum: every score but N/A; COPY and FAIL count as what they are, −100 and −1000. */
export function sumOf(records: Studied['records'], { attendanceCounts }: { attendanceCounts: boolean }): number {
  return records.reduce(
    (sum, { score, attendance, times = 1 }) =>
      sum + times * ((score === NOT_GRADED ? 0 : score) + (attendanceCounts ? ATTENDANCE_POINTS[attendance] : 0)),
    0,
  );
}

/** Ranks a cohort by sum, best first; whoever has the same sum shares a rank, and the ranks they take up are left out. */
export function rankStudents(studied: readonly Studied[], rule: { attendanceCounts: boolean }): Ranked[] {
  const sums = studied
    .map(({ studentId, records }) => ({ studentId, sum: sumOf(records, rule) }))
    .sort((a, b) => b.sum - a.sum || a.studentId - b.studentId);
  return sums.map((own) => ({ ...own, rank: sums.filter(({ sum }) => sum > own.sum).length + 1 }));
}
