import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayFromDb, dayToDb, type SchoolDay, sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';
import { cohortsOf, ledBy } from './visibility.ts';

export type ListedLesson = { id: number; cohort: string; number: number; title: string | null; date: SchoolDay };

const lessonSelect = { id: true, number: true, title: true, date: true, cohort: cohortNamed } as const;

function listed(lesson: Prisma.LessonGetPayload<{ select: typeof lessonSelect }>): ListedLesson {
  const { id, number, title, date, cohort } = lesson;
  return { id, number, title, date: dayFromDb(date), cohort: nameCohort(cohort) };
}

/** Lessons of the cohorts one leads and those one gives as a substitute, or of one cohort of them; no void ones. */
function givenOrLed(actor: Actor, cohortId?: number): Prisma.LessonWhereInput {
  return { OR: [{ cohort: ledBy(actor) }, { lecturerId: actor.id ?? -1 }], ...notVoid(cohortId) };
}

function notVoid(cohortId?: number): Prisma.LessonWhereInput {
  return { voidedAt: null, ...(cohortId !== undefined && { cohortId }) };
}

/**
 * Today's lessons of the cohorts one leads, or of one of them. Who gives some of them oneself means those; the others
 * are found by their cohort.
 */
export async function readTodaysLessons(scope: Scope, cohortId?: number): Promise<ListedLesson[]> {
  return lessonsOn(scope, scope.today, givenOrLed(scope.actor, cohortId), cohortId);
}

/**
 * The lessons of a day somebody may call the roll of: of the cohorts one leads, as above; where one leads none that day,
 * all within one's scope, which for an administrator are all of the school.
 */
export async function readLessonsOn(scope: Scope, day: SchoolDay, cohortId?: number): Promise<ListedLesson[]> {
  const own = await lessonsOn(scope, day, givenOrLed(scope.actor, cohortId), cohortId);
  if (own.length > 0) return own;
  const within = { cohort: cohortsOf(scope.actor, 'lessons.attendance'), ...notVoid(cohortId) };
  return lessonsOn(scope, day, within, cohortId);
}

async function lessonsOn(
  { tx, actor }: Scope,
  day: SchoolDay,
  given: Prisma.LessonWhereInput,
  cohortId?: number,
): Promise<ListedLesson[]> {
  const lessons = await tx.lesson.findMany({
    where: { AND: [given, { date: dayToDb(day) }] },
    select: { ...lessonSelect, lecturerId: true },
    orderBy: { id: 'asc' },
  });
  const own = lessons.filter(({ lecturerId }) => lecturerId === actor.id);
  return (cohortId === undefined && own.length > 0 ? own : lessons).map(listed);
}

/** The next lesson after today; null where none is planned. */
export async function readNextLesson({ tx, actor, today }: Scope, cohortId?: number): Promise<ListedLesson | null> {
  const lesson = await tx.lesson.findFirst({
    where: {
      AND: [givenOrLed(actor, cohortId), { date: { gt: dayToDb(today) } }],
    },
    select: lessonSelect,
    orderBy: [{ date: 'asc' }, { id: 'asc' }],
  });
  return lesson && listed(lesson);
}

export type MyCohort = {
  id: number;
  name: string;
  students: number;
  today: ListedLesson | null;
  next: ListedLesson | null;
};

/** The cohorts one leads that have not graduated, those with a lesson today first. */
export async function readMyCohorts(scope: Scope): Promise<MyCohort[]> {
  const { tx, actor, today } = scope;
  const cohorts = await tx.cohort.findMany({
    where: { AND: [ledBy(actor), { OR: [{ graduatesOn: null }, { graduatesOn: { gte: dayToDb(today) } }] }] },
    select: {
      ...cohortNamed.select,
      _count: { select: { students: { where: { leftOn: null, student: { person: { active: true } } } } } },
    },
    orderBy: { id: 'asc' },
  });
  const mine: MyCohort[] = [];
  for (const cohort of cohorts) {
    const [lesson = null] = await readTodaysLessons(scope, cohort.id);
    mine.push({
      id: cohort.id,
      name: nameCohort(cohort),
      students: cohort._count.students,
      today: lesson,
      next: lesson ? null : await readNextLesson(scope, cohort.id),
    });
  }
  return mine.sort((a, b) => Number(b.today !== null) - Number(a.today !== null) || a.id - b.id);
}

/** Python全栈(9期) 第 3 节 */
export function sayLesson({ cohort, number }: Pick<ListedLesson, 'cohort' | 'number'>): string {
  return `${cohort} ${nameLesson({ number })}`;
}

/** 今天没有课。下一节：Python全栈(9期) 第 4 节 · 周五 11-27 */
export function sayNoLesson(next: ListedLesson | null, today: SchoolDay): string {
  return next ? `今天没有课。下一节：${sayLesson(next)} · ${sayDay(next.date, today)}` : '今天没有课，后面也还没有排课';
}
