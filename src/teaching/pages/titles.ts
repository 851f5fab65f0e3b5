import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import { nameLesson } from '../cohort-name.ts';

/** What the pages of one lesson have in their heads. */
export function titleOf(
  lesson: { number: number; title: string | null; date: SchoolDay; cohort: { name: string } },
  today: SchoolDay,
) {
  return {
    heading: [nameLesson(lesson), lesson.title].filter(Boolean).join(' '),
    about: `${lesson.cohort.name} · ${sayDay(lesson.date, today)}`,
  };
}
