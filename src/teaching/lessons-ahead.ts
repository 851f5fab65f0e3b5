import type { Prisma } from '../generated/prisma/client.ts';
import type { Notice } from '../kernel/notice.ts';
import { dayFromDb, dayToDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { withdrawNotices } from '../notify/index.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';
import { lessonSubject, lessonToday } from './notices.ts';

/** From this hour on whoever gives a lesson today has been told so; who gets it later is told at once. */
export const REMINDED_FROM_HOUR = 8;

const announced = {
  id: true,
  number: true,
  title: true,
  date: true,
  lecturerId: true,
  lecturer: { select: { active: true } },
  cohort: {
    select: {
      ...cohortNamed.select,
      tutorId: true,
      lecturers: { where: { person: { active: true } }, select: { personId: true }, orderBy: { id: 'asc' } },
    },
  },
} as const satisfies Prisma.LessonSelect;
export type AnnouncedLesson = Prisma.LessonGetPayload<{ select: typeof announced }>;

/** The lessons of a day as their reminders need them; void ones are none. */
export function readAnnounced(tx: Tx, where: Prisma.LessonWhereInput): Promise<AnnouncedLesson[]> {
  return tx.lesson.findMany({ where: { voidedAt: null, ...where }, select: announced, orderBy: { id: 'asc' } });
}

/** Who gives a lesson as it stands now: its own lecturer, or any of the cohort's where it has none who works here. */
export function giversOf({ lecturerId, lecturer, cohort }: AnnouncedLesson): number[] {
  return lecturerId !== null && lecturer?.active ? [lecturerId] : cohort.lecturers.map(({ personId }) => personId);
}

/** 今天有课, for one person; the same lesson, day and person make one notice only. */
export function announce({ id, number, title, cohort }: AnnouncedLesson, to: number, today: SchoolDay): Notice {
  const lesson = title ? `${nameLesson({ number })} ${title}` : nameLesson({ number });
  return lessonToday.to(
    to,
    { cohort: nameCohort(cohort), lesson, day: '今天' },
    { once: `lessonToday:${id}:${today}:${to}`, about: lessonSubject.of(id) },
  );
}

/**
 * After lessons changed hands or days: reminders that wait for who gives them no longer are withdrawn, and who gives one
 * today hears of it now where the morning's reminders are out already.
 */
export async function passOnReminders(scope: Scope, lessonIds: readonly number[]): Promise<void> {
  const { tx, today, now, time, actor } = scope;
  for (const lesson of await readAnnounced(tx, { id: { in: [...lessonIds] } })) {
    const isToday = dayFromDb(lesson.date) === today;
    const givers = giversOf(lesson);
    const { tutorId } = lesson.cohort;
    const keep = isToday ? [...givers, ...(tutorId === null ? [] : [tutorId])] : [];
    await withdrawNotices(tx, lessonToday, lessonSubject.of(lesson.id), { exceptTo: keep });
    if (isToday && time.minuteOf(now) >= REMINDED_FROM_HOUR * 60)
      await scope.tell(...givers.filter((to) => to !== actor.id).map((to) => announce(lesson, to, today)));
  }
}

/** The lessons that are still to be given: from today on, not called yet, not void. */
export function ahead(today: SchoolDay): Prisma.LessonWhereInput {
  return { date: { gte: dayToDb(today) }, calledAt: null, voidedAt: null };
}

/** Uncalled rolls are listed so many days back; older ones nobody remembers. */
export const UNCALLED_DAYS = 30;

/** Lecturers whose lessons ahead need a look: deactivated, or on leave. */
export function lecturerAway(today: SchoolDay): Prisma.PersonWhereInput {
  return { OR: [{ active: false }, { staff: { onLeaveUntil: { gte: dayToDb(today) } } }] };
}

/**
 * Gives a cohort's lessons ahead of lecturers who no longer lead it to another one. Returns how many.
 * @param to null where nobody leads the cohort any more: then any lecturer to come may give them
 */
export async function moveLessonsAhead(
  scope: Scope,
  { cohortId, from, to }: { cohortId: number; from: readonly number[]; to: number | null },
): Promise<number> {
  const { tx, today } = scope;
  const moved = await tx.lesson.findMany({
    where: { cohortId, lecturerId: { in: [...from] }, ...ahead(today) },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  const ids = moved.map(({ id }) => id);
  await tx.lesson.updateMany({ where: { id: { in: ids } }, data: { lecturerId: to, version: { increment: 1 } } });
  await passOnReminders(scope, ids);
  return ids.length;
}
