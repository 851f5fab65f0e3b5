import type { Prisma } from '../generated/prisma/client.ts';
import { personOf } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { NOT_GRADED, sayScore } from './choices.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { isOpen } from './hand-in-homework.ts';
import { refuse } from './phrases.ts';
import { readRanks } from './read-ranks.ts';
import { type Counts, countAttendances } from './roster.ts';
import { covers, readStays, type Stay } from './stays.ts';

const named = { select: { id: true, name: true } } as const;

/** How far a lesson's homework is, for its student. */
export type HomeworkState = 'none' | 'todo' | 'handedIn' | 'graded';

/** One of a student's lessons, as they see it. */
export type OwnLesson = {
  /** Whether one of their stays covers its day: others owe nothing and count for nothing. */
  mine: boolean;
  lessonId: number;
  recordId: number | null;
  number: number;
  title: string | null;
  date: SchoolDay;
  attendance: keyof Counts | null;
  score: number;
  letters: string;
  comment: string | null;
  homework: HomeworkState;
  homeworkTitle: string | null;
};

export type OwnCohort = {
  id: number;
  name: string;
  campus: string;
  lecturers: string[];
  tutor: string | null;
  startsOn: SchoolDay | null;
  graduatesOn: SchoolDay | null;
  outline: string | null;
  /** The first day of the last stay; `stays` has all of them. */
  joinedOn: SchoolDay;
  stays: Stay[];
  /** Null while nobody has a score, and for who has left. */
  rank: { rank: number; of: number; sum: number } | null;
  counts: Counts;
  lessons: OwnLesson[];
};

/** The student behind the actor. @throws Refusal `no_portal` */
export async function ownStudentId({ tx, actor }: Pick<Scope, 'tx' | 'actor'>): Promise<number> {
  const student = await tx.student.findUnique({ where: { personId: personOf(actor) }, select: { id: true } });
  if (!student) throw refuse.no_portal();
  return student.id;
}

/** What a student sees of their own cohorts: outline, lessons with scores and attendance, rank; the newest first. */
export async function readOwnCohorts(scope: Scope): Promise<OwnCohort[]> {
  return readCohortsOf(scope, { studentId: await ownStudentId(scope) });
}

/** The same of any student, of the cohorts that `where` lets through. */
export async function readCohortsOf(
  scope: Scope,
  { studentId, where = {} }: { studentId: number; where?: Prisma.CohortWhereInput },
): Promise<OwnCohort[]> {
  const { tx } = scope;
  const memberships = await tx.cohortStudent.findMany({
    where: { studentId, cohort: where },
    include: {
      cohort: {
        select: {
          ...cohortNamed.select,
          campus: named,
          tutor: named,
          lecturers: { select: { person: named }, orderBy: { id: 'asc' } },
          startsOn: true,
          graduatesOn: true,
          course: { select: { name: true, outline: true } },
        },
      },
    },
    orderBy: [{ joinedOn: 'desc' }, { id: 'desc' }],
  });
  const cohorts: OwnCohort[] = [];
  for (const { cohort, joinedOn } of memberships) {
    if (cohorts.some(({ id }) => id === cohort.id)) continue;
    const stays = await readStays(tx, { studentId, cohortId: cohort.id });
    const lessons = await readOwnLessons(scope, cohort.id, studentId, stays);
    const ranks = await readRanks(scope, cohort.id);
    const own = ranks.find((ranked) => ranked.studentId === studentId);
    cohorts.push({
      id: cohort.id,
      name: nameCohort(cohort),
      campus: cohort.campus.name,
      lecturers: cohort.lecturers.map(({ person }) => person.name),
      tutor: cohort.tutor?.name ?? null,
      startsOn: cohort.startsOn && dayFromDb(cohort.startsOn),
      graduatesOn: cohort.graduatesOn && dayFromDb(cohort.graduatesOn),
      outline: cohort.course.outline,
      joinedOn: dayFromDb(joinedOn),
      stays,
      rank: own && ranks.some(({ sum }) => sum !== 0) ? { rank: own.rank, of: ranks.length, sum: own.sum } : null,
      counts: countAttendances(lessons.flatMap(({ mine, attendance }) => (mine && attendance ? [{ attendance }] : []))),
      lessons,
    });
  }
  return cohorts;
}

/**
 * The lessons of a cohort with the student's own record, by number: those of their stays, and those before they joined,
 * to read up on. Of the time they were away only what they have a record of.
 */
async function readOwnLessons(
  { tx, today }: Scope,
  cohortId: number,
  studentId: number,
  stays: readonly Stay[],
): Promise<OwnLesson[]> {
  const lessons = await tx.lesson.findMany({
    where: { cohortId, voidedAt: null },
    select: {
      id: true,
      number: true,
      title: true,
      date: true,
      hasHomework: true,
      homeworkTitle: true,
      openedAt: true,
      records: { where: { studentId }, omit: { createdAt: true, updatedAt: true } },
    },
    orderBy: { number: 'asc' },
  });
  const [first] = stays;
  return lessons.flatMap(({ id, number, title, date, hasHomework, homeworkTitle, openedAt, records: [record] }) => {
    const score = record?.score ?? NOT_GRADED;
    const day = dayFromDb(date);
    const begun = day <= today;
    const mine = covers(stays, day);
    if (!mine && !record && !(first && day < first.joinedOn)) return [];
    return {
      mine,
      lessonId: id,
      recordId: record?.id ?? null,
      number,
      title,
      date: day,
      attendance: record && begun && openedAt ? record.attendance : null,
      score,
      letters: sayScore(score),
      comment: record?.comment ?? null,
      homework: hasHomework ? homeworkState(record, mine && begun) : 'none',
      homeworkTitle,
    };
  });
}

/** Handed in after the grade it waits again; nothing is owed for lessons that are not theirs. */
function homeworkState(
  record: { gradedAt: Date | null; handedInAt: Date | null } | undefined,
  isOwed: boolean,
): HomeworkState {
  const { gradedAt = null, handedInAt = null } = record ?? {};
  if (gradedAt) return handedInAt && handedInAt > gradedAt ? 'handedIn' : 'graded';
  if (handedInAt) return 'handedIn';
  return isOwed ? 'todo' : 'none';
}

/**
 * One lesson as its student sees it: what was taught, the homework and what became of it.
 * @throws Refusal `no_portal`, `not_found` for lessons of cohorts that are not theirs
 */
export async function readOwnLesson(scope: Scope, { lessonId }: { lessonId: number }) {
  const { tx, today, time } = scope;
  const studentId = await ownStudentId(scope);
  const lesson = await tx.lesson.findFirst({
    where: {
      id: lessonId,
      voidedAt: null,
      OR: [{ cohort: { students: { some: { studentId } } } }, { records: { some: { studentId } } }],
    },
    include: {
      cohort: cohortNamed,
      lecturer: named,
      records: {
        where: { studentId },
        include: {
          files: { select: { id: true, name: true, size: true, createdAt: true }, orderBy: { id: 'asc' } },
        },
      },
    },
  });
  if (!lesson) throw refuseAnybody.not_found({ what: '节课' });
  const [record] = lesson.records;
  const files = record?.files ?? [];
  const isMember = covers(await readStays(tx, { studentId, cohortId: lesson.cohortId }), dayFromDb(lesson.date));
  return {
    id: lesson.id,
    cohort: { id: lesson.cohort.id, name: nameCohort(lesson.cohort) },
    number: lesson.number,
    title: lesson.title,
    date: dayFromDb(lesson.date),
    begun: dayFromDb(lesson.date) <= today,
    lecturer: lesson.lecturer?.name ?? null,
    content: lesson.content,
    hasHomework: lesson.hasHomework,
    homeworkTitle: lesson.homeworkTitle,
    homeworkText: lesson.homeworkText,
    gradingPoints: lesson.gradingPoints,
    attendance: lesson.openedAt && record ? record.attendance : null,
    recordId: record?.id ?? null,
    score: record?.score ?? NOT_GRADED,
    letters: sayScore(record?.score ?? NOT_GRADED),
    comment: record?.comment ?? null,
    memo: record?.studentMemo ?? null,
    graded: Boolean(record?.gradedAt),
    handedInAt: record?.handedInAt ? time.iso(record.handedInAt) : null,
    handedInSaid: record?.handedInAt ? time.format(record.handedInAt) : null,
    files: files.map(({ id, name, size }) => ({ id, name, size })),
    mayHandIn: lesson.hasHomework && (isMember || record !== undefined) && isOpen(record?.gradedAt ?? null, files),
  };
}

export type OwnLessonPage = Awaited<ReturnType<typeof readOwnLesson>>;
