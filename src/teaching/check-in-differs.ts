import { sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { nameLesson } from './cohort-name.ts';
import { checkInDiffers, lessonSubject } from './notices.ts';
import type { Attendee } from './roster.ts';
import type { LedLesson } from './visibility.ts';

/**
 * Whose own scan and the lecturer's mark do not fit together: scanned but not there, or there without a scan. Somebody
 * who left early or came late was there.
 */
export function differing<T extends Pick<Attendee, 'attendance' | 'checkedInAt'>>(roster: readonly T[]): T[] {
  if (!roster.some(({ checkedInAt }) => checkedInAt !== null)) return [];
  return roster.filter(({ attendance, checkedInAt }) => {
    const wasThere = attendance !== 'absent' && attendance !== 'excused';
    return wasThere !== (checkedInAt !== null);
  });
}

/** Who decides where scans raise a question: the tutor, or the cohort's lecturers where it has none. */
export async function whoIsAsked({ tx }: Pick<Scope, 'tx'>, { tutorId, cohortId }: LedLesson): Promise<number[]> {
  if (tutorId !== null) return [tutorId];
  return (await tx.cohortLecturer.findMany({ where: { cohortId } })).map(({ personId }) => personId);
}

/**
 * Asks the tutor once about a lesson whose scans and marks differ; while the code is still shown nobody is asked, for
 * people are still scanning. Without a tutor the cohort's lecturers are asked.
 */
export async function askAboutDifferences(scope: Scope, lesson: LedLesson, roster: readonly Attendee[]): Promise<void> {
  if (lesson.checkInSecret !== null) return;
  const names = differing(roster).map(({ name }) => name);
  if (names.length === 0) return;
  await scope.tell(
    ...(await whoIsAsked(scope, lesson)).map((to) =>
      checkInDiffers.to(
        to,
        { cohort: lesson.cohort, lesson: nameLesson(lesson), day: sayDay(lesson.date, scope.today), names },
        { once: `checkInDiffers:${lesson.id}:${to}`, about: lessonSubject.of(lesson.id) },
      ),
    ),
  );
}
