import { may } from '../access/access.ts';
import type { TodayLine } from '../chat/today.ts';
import { personOf } from '../kernel/actor.ts';
import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';
import { readTodaysLessons, sayLesson } from './my-lessons.ts';

/** Today's lessons: of those one gives or leads to call the roll, of a student to attend. */
export async function teachingToday(scope: Scope): Promise<TodayLine[]> {
  const { actor, tx, today } = scope;
  const given = may(actor, 'lessons.attendance') ? await readTodaysLessons(scope) : [];
  const attended = may(actor, 'portal.show')
    ? await tx.lesson.findMany({
        where: {
          date: dayToDb(today),
          cohort: { students: { some: { leftOn: null, student: { personId: personOf(actor) } } } },
        },
        select: { number: true, cohort: cohortNamed },
        orderBy: { id: 'asc' },
      })
    : [];
  return [
    ...given.map((lesson) => ({
      short: `今天有课：${sayLesson(lesson)}`,
      line: `今天有课：${sayLesson(lesson)}，回复「点名」`,
    })),
    ...attended.map(({ cohort, ...lesson }) => {
      const said = `今天上课：${nameCohort(cohort)} ${nameLesson(lesson)}`;
      return { short: said, line: said };
    }),
  ];
}
