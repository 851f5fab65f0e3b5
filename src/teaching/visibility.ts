import { may, rowScope } from '../access/access.ts';
import { within } from '../customers/index.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { dayFromDb, sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';
import { refuse } from './phrases.ts';

/** No row has this number: what somebody without the permission sees. */
const NONE = { id: -1 };

/** The cohorts somebody leads themselves, as lecturer or tutor. */
export function ledBy(actor: Actor): Prisma.CohortWhereInput {
  const personId = actor.id ?? -1;
  return { OR: [{ tutorId: personId }, { lecturers: { some: { personId } } }] };
}

/** The cohorts within somebody's scope: their own, also their campus' or department's, or all. */
export function cohortsOf(actor: Actor, permission: string): Prisma.CohortWhereInput {
  const { campusId, departmentId } = actor;
  switch (rowScope(actor, permission)) {
    case 'all':
      return {};
    case 'campus':
      return campusId === null ? ledBy(actor) : { OR: [ledBy(actor), { campusId }] };
    case 'department':
      return departmentId === null
        ? ledBy(actor)
        : { OR: [ledBy(actor), { lecturers: { some: { person: { staff: { departmentId } } } } }] };
    case 'own':
      return ledBy(actor);
    default:
      return NONE;
  }
}

/** The cohorts a reader finds in the table: those they lead; whoever enrols customers must see them all. */
export function visibleCohorts(actor: Actor): Prisma.CohortWhereInput {
  return may(actor, 'customers.enrol') ? {} : cohortsOf(actor, 'cohorts.list');
}

/** The cohorts whose lessons somebody may make void: as their tutor, or with a scope beyond the own. */
export function voidableCohorts(actor: Actor): Prisma.CohortWhereInput {
  const scope = rowScope(actor, 'lessons.void');
  if (scope === null) return NONE;
  if (scope === 'all') return {};
  const tutored = { tutorId: actor.id ?? -1 };
  return scope === 'own' ? tutored : { OR: [tutored, cohortsOf(actor, 'lessons.void')] };
}

/**
 * The lessons within somebody's scope: those of their cohorts, and those they give themselves, also as a substitute from
 * outside the cohort.
 */
export function lessonsOf(actor: Actor, permission: string): Prisma.LessonWhereInput {
  const scope = rowScope(actor, permission);
  if (scope === null) return NONE;
  // Inside an OR an empty condition finds nothing.
  if (scope === 'all') return {};
  return { OR: [{ cohort: cohortsOf(actor, permission) }, { lecturerId: actor.id ?? -1 }] };
}

/** The students a reader finds: of cohorts they lead, and those who were their customers. */
export function visibleStudents(actor: Actor): Prisma.StudentWhereInput {
  const scope = rowScope(actor, 'students.list');
  if (scope === null) return NONE;
  if (scope === 'all') return {};
  return {
    OR: [
      { cohorts: { some: { cohort: cohortsOf(actor, 'students.list') } } },
      { customer: within(actor, 'students.list') },
    ],
  };
}

/** A lesson somebody may work on. */
export type LedLesson = {
  id: number;
  number: number;
  title: string | null;
  date: SchoolDay;
  cohortId: number;
  cohort: string;
  tutorId: number | null;
  lecturerId: number | null;
  hasHomework: boolean;
  openedAt: Date | null;
  checkInSecret: string | null;
};

/**
 * A lesson of a cohort the actor leads (or has the scope for), or one they give themselves.
 * @param what the verb for the sentence: 点名, 批作业
 * @throws Refusal `not_found`, `not_your_cohort` naming who gives it, `lesson_void`
 */
export async function findLedLesson(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  lessonId: number,
  permission: string,
  what: string,
): Promise<LedLesson> {
  const lesson = await tx.lesson.findUnique({
    where: { id: lessonId },
    include: { cohort: { select: { ...cohortNamed.select, tutorId: true } }, lecturer: { select: { name: true } } },
  });
  if (!lesson) throw refuseAnybody.not_found({ what: '节课' });
  const cohort = nameCohort(lesson.cohort);
  const led = await tx.lesson.count({ where: { AND: [{ id: lessonId }, lessonsOf(actor, permission)] } });
  if (led === 0) {
    const by = lesson.lecturer && `${nameLesson(lesson)}现在由${lesson.lecturer.name}上`;
    throw refuse.not_your_cohort({ cohort, what, by });
  }
  const date = dayFromDb(lesson.date);
  if (lesson.voidReason !== null) throw refuse.lesson_void({ number: lesson.number, date, reason: lesson.voidReason });
  return { ...lesson, date, cohort, tutorId: lesson.cohort.tutorId };
}

/**
 * Refuses what waits for the lesson's own day: marks, scores, scans. Opening the roll does not.
 * @throws Refusal `not_yet`
 */
export function demandBegun(
  { number, date }: Pick<LedLesson, 'number' | 'date'>,
  today: SchoolDay,
  what: string,
): void {
  if (date > today) throw refuse.not_yet({ number, day: sayDay(date, today), what });
}
