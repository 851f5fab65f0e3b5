import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import { type Counts, sayCounts } from '../roster.ts';
import { sayStay } from '../stays.ts';
import type { OwnCohort, OwnLesson } from '../student-view.ts';

const STATES = { none: null, todo: ['没交', 'warn'], handedIn: ['等批改', 'info'], graded: null } as const;

/** A cohort as its student, or who teaches them, reads it: figures in words, the newest lesson first. */
export function viewOf(cohort: OwnCohort, today: SchoolDay) {
  const begun = cohort.lessons.filter(({ date }) => date <= today);
  const mine = cohort.lessons.filter((lesson) => lesson.mine);
  return {
    ...cohort,
    countsSaid: sayCounts(cohort.counts),
    rate: rateOf(cohort.counts),
    staysSaid: cohort.stays.map(sayStay),
    done: mine.filter(({ date }) => date <= today).length,
    total: mine.length,
    next: mine.find(({ date }) => date > today) ?? null,
    lessons: [...begun].reverse().map((lesson) => rowOf(lesson, today)),
  };
}

/** How many of a hundred lessons one was there for; late and left early were there. Null before the first. */
function rateOf({ present, late, leftEarly, absent, excused }: Counts): number | null {
  const there = present + late + leftEarly;
  const all = there + absent + excused;
  return all === 0 ? null : Math.round((there / all) * 100);
}

function rowOf(lesson: OwnLesson, today: SchoolDay) {
  const [state, tone] = STATES[lesson.homework] ?? [null, null];
  return {
    ...lesson,
    day: sayDay(lesson.date, today),
    attendanceSaid: lesson.attendance
      ? SHORT_ATTENDANCES[lesson.attendance]
      : lesson.mine
        ? null
        : '进班以前，不用交作业',
    attendanceTone:
      lesson.attendance === null
        ? ''
        : lesson.attendance === 'present'
          ? ''
          : lesson.attendance === 'absent'
            ? 'bad'
            : 'warn',
    state,
    tone,
    shown: lesson.score === -1 ? null : lesson.letters,
  };
}
