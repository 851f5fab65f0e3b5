import { may, rowScope } from '../access/access.ts';
import { within } from '../customers/index.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
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
  hasHomework: boolean;
  openedAt: Date | null;
  checkInSecret: string | null;
};

/**
 * A lesson of a cohort the actor leads (or has the scope for).
 * @param what the verb for the sentence: 点名, 批作业
 * @throws Refusal `not_found`, `not_your_cohort`
 */
export async function findLedLesson(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  lessonId: number,
  permission: string,
  what: string,
): Promise<LedLesson> {
  const lesson = await tx.lesson.findUnique({
    where: { id: lessonId },
    include: { cohort: { select: { ...cohortNamed.select, tutorId: true } } },
  });
  if (!lesson) throw refuseAnybody.not_found({ what: '节课' });
  const cohort = nameCohort(lesson.cohort);
  const led = await tx.cohort.count({ where: { AND: [{ id: lesson.cohortId }, cohortsOf(actor, permission)] } });
  if (led === 0) throw refuse.not_your_cohort({ cohort, what });
  return { ...lesson, date: dayFromDb(lesson.date), cohort, tutorId: lesson.cohort.tutorId };
}
