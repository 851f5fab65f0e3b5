import type { Scope } from '../kernel/scope.ts';
import { differing } from './check-in-differs.ts';
import { sharing } from './check-in-shared.ts';
import { countAttendances, readRoster } from './roster.ts';
import { findLedLesson } from './visibility.ts';

/**
 * What the roll call shows: the lesson and everybody in it; before it is opened everybody is present.
 * @throws Refusal `not_found`, `not_your_cohort`
 */
export async function readRollCall(scope: Scope, { lessonId }: { lessonId: number }) {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.attendance', '点名');
  const roster = await readRoster(scope.tx, lessonId);
  const differ = new Set(lesson.checkInSecret === null ? differing(roster).map(({ studentId }) => studentId) : []);
  const shared = sharing(roster).map((group) => group.map(({ name }) => name));
  const { id, number, title, date, cohortId, cohort, openedAt, checkInSecret } = lesson;
  return {
    lesson: { id, number, title, date, cohort: { id: cohortId, name: cohort }, opened: openedAt !== null },
    /** Marks wait for the lesson's own day. */
    begun: date <= scope.today,
    checkIn: { on: checkInSecret !== null, count: roster.filter(({ checkedInAt }) => checkedInAt !== null).length },
    students: roster.map(({ studentId, name, called, recordId, attendance, checkedInAt }) => ({
      studentId,
      name,
      called,
      attendance,
      recorded: recordId !== null,
      checkedIn: checkedInAt !== null,
      differs: differ.has(studentId),
    })),
    /** Names of those whose scans came from one browser, group by group. */
    shared,
    counts: countAttendances(roster),
  };
}

export type RollCall = Awaited<ReturnType<typeof readRollCall>>;
