import { Prisma } from '../generated/prisma/client.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb, dayToDb, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { refuse } from './phrases.ts';

/** One stay of a student in a cohort, first and last day included; `leftOn` is null while it lasts. */
export type Stay = { joinedOn: SchoolDay; leftOn: SchoolDay | null };

/** SQL: whether the stay `cs` covers the day of the lesson `l`. */
export const staysOnLesson = Prisma.sql`cs."cohortId" = l."cohortId" AND cs."joinedOn" <= l.date
  AND (cs."leftOn" IS NULL OR cs."leftOn" >= l.date)`;

/** Whether one of the stays covers a day. */
export function covers(stays: readonly Stay[], day: SchoolDay): boolean {
  return stays.some(({ joinedOn, leftOn }) => joinedOn <= day && (leftOn === null || leftOn >= day));
}

/** The condition of a stay that lasts on a day, for Prisma. */
export function staying(day: SchoolDay): Prisma.CohortStudentWhereInput {
  const date = dayToDb(day);
  return { joinedOn: { lte: date }, OR: [{ leftOn: null }, { leftOn: { gte: date } }] };
}

/** The condition of a stay nobody has ended yet by today; on the last day itself the student has left. */
export function stillThere(today: SchoolDay): Prisma.CohortStudentWhereInput {
  return { OR: [{ leftOn: null }, { leftOn: { gt: dayToDb(today) } }] };
}

type Where = { studentId: number; cohortId: number };

/**
 * Joins a student to a cohort from a day on, today where none is given: a stay of its own, whatever stays there were
 * before. Lessons that were opened get the missing records by opening them again.
 * @throws Refusal `no_such_cohort`, `already_joined`, `stay_overlaps`
 */
export async function joinCohort(
  { tx, now, today }: Pick<Scope, 'tx' | 'now' | 'today'>,
  { studentId, cohortId, joinedOn = today }: Where & { joinedOn?: SchoolDay | undefined },
): Promise<void> {
  const cohort = await tx.cohort.findUnique({ where: { id: cohortId }, select: cohortNamed.select });
  if (!cohort) throw refuse.no_such_cohort();
  // The last day of one stay may be the first of the next: left in the morning, back in the afternoon.
  const [other] = await tx.$queryRaw<Stay[]>`
    SELECT "joinedOn"::text AS "joinedOn", "leftOn"::text AS "leftOn" FROM "CohortStudent"
    WHERE "cohortId" = ${cohortId} AND "studentId" = ${studentId}
      AND ("leftOn" IS NULL OR "leftOn" > ${joinedOn}::date) ORDER BY "joinedOn" DESC LIMIT 1`;
  const names = async () => ({ name: await nameOf(tx, studentId), cohort: nameCohort(cohort) });
  if (other && other.leftOn !== null)
    throw refuse.stay_overlaps({ ...(await names()), joinedOn: other.joinedOn, leftOn: other.leftOn });
  if (other) throw refuse.already_joined({ ...(await names()), joinedOn: other.joinedOn });
  const joined = await tx.$executeRaw`
    INSERT INTO "CohortStudent" ("cohortId", "studentId", "joinedOn", "createdAt")
    VALUES (${cohortId}, ${studentId}, ${joinedOn}::date, ${now})
    ON CONFLICT ("cohortId", "studentId") WHERE "leftOn" IS NULL DO NOTHING`;
  if (joined === 0) throw refuse.already_joined({ ...(await names()), joinedOn });
}

/**
 * Ends a student's stay in a cohort; `leftOn` is the last day, today where none is given. What was attended stays: only
 * records nobody touched of lessons to come after that day go. A join of this very day, or one that has not begun, is
 * taken back without a trace where nobody marked, graded or scanned the student in since.
 * @throws Refusal `not_in_cohort`, `left_before_joined`
 */
export async function leaveCohort(
  scope: Pick<Scope, 'tx' | 'today' | 'time'>,
  { studentId, cohortId, leftOn }: Where & { leftOn?: SchoolDay | undefined },
): Promise<{ takenBack: boolean }> {
  const { tx, today } = scope;
  const lastDay = leftOn ?? today;
  const [stay] = await tx.$queryRaw<OpenStay[]>`
    SELECT id, "joinedOn"::text AS "joinedOn", "createdAt" FROM "CohortStudent"
    WHERE "cohortId" = ${cohortId} AND "studentId" = ${studentId} AND ("leftOn" IS NULL OR "leftOn" > ${today}::date)
    ORDER BY "joinedOn" DESC LIMIT 1 FOR UPDATE`;
  if (!stay) throw refuse.not_in_cohort(await namesOf(tx, { studentId, cohortId }));
  const madeToday = stay.createdAt !== null && scope.time.dayOf(stay.createdAt) === today;
  const mayTakeBack = leftOn === undefined || leftOn === today || leftOn < stay.joinedOn;
  if (mayTakeBack && (madeToday || stay.joinedOn >= today) && (await takeBack(tx, stay, { studentId, cohortId })))
    return { takenBack: true };
  if (lastDay < stay.joinedOn)
    throw refuse.left_before_joined({ ...(await namesOf(tx, { studentId, cohortId })), joinedOn: stay.joinedOn });
  await tx.cohortStudent.update({ where: { id: stay.id }, data: { leftOn: dayToDb(lastDay) } });
  await tx.$executeRaw`
    DELETE FROM "StudyRecord" r USING "Lesson" l
    WHERE l.id = r."lessonId" AND l."cohortId" = ${cohortId} AND r."studentId" = ${studentId}
      AND l.date > greatest(${lastDay}::date, ${today}::date) AND r.version = 0 AND r."markedAt" IS NULL`;
  return { takenBack: false };
}

type OpenStay = { id: number; joinedOn: SchoolDay; createdAt: Date | null };

/** Removes a stay and the records it made; false where somebody marked, graded or scanned the student in meanwhile. */
async function takeBack(tx: Tx, stay: OpenStay, { studentId, cohortId }: Where): Promise<boolean> {
  // What another stay covers is that one's, and what was there before the join is a guest's.
  const ofThisStay = Prisma.sql`l."cohortId" = ${cohortId} AND l.date >= ${stay.joinedOn}::date AND NOT EXISTS (
    SELECT 1 FROM "CohortStudent" cs WHERE cs."studentId" = ${studentId} AND cs.id <> ${stay.id} AND ${staysOnLesson})`;
  // Locked, so that a mark made at this very moment is either before or after.
  const records = await tx.$queryRaw<{ id: number; isTouched: boolean }[]>`
    SELECT r.id, (r.version > 0 OR r."markedAt" IS NOT NULL) AS "isTouched"
    FROM "StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId"
    WHERE r."studentId" = ${studentId} AND r."createdAt" >= coalesce(${stay.createdAt}::timestamptz, r."createdAt")
      AND ${ofThisStay} FOR UPDATE OF r`;
  const scans = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "CheckIn" c JOIN "Lesson" l ON l.id = c."lessonId"
    WHERE c."studentId" = ${studentId} AND ${ofThisStay} LIMIT 1`;
  if (scans.length > 0 || records.some(({ isTouched }) => isTouched)) return false;
  await tx.studyRecord.deleteMany({ where: { id: { in: records.map(({ id }) => id) } } });
  await tx.cohortStudent.delete({ where: { id: stay.id } });
  return true;
}

/** A student's stays in one cohort, the first one first. */
export async function readStays(tx: Tx, { studentId, cohortId }: Where): Promise<Stay[]> {
  const rows = await tx.cohortStudent.findMany({
    where: { studentId, cohortId },
    orderBy: [{ joinedOn: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ joinedOn, leftOn }) => ({ joinedOn: dayFromDb(joinedOn), leftOn: leftOn && dayFromDb(leftOn) }));
}

/** 11-01 起, 11-01 至 11-20 */
export function sayStay({ joinedOn, leftOn }: Stay): string {
  return leftOn === null ? `${joinedOn} 起` : `${joinedOn} 至 ${leftOn}`;
}

async function nameOf(tx: Tx, studentId: number): Promise<string> {
  const student = await tx.student.findUnique({
    where: { id: studentId },
    select: { person: { select: { name: true } } },
  });
  if (!student) throw refuseAnybody.not_found({ what: '位学员' });
  return student.person.name;
}

async function namesOf(tx: Tx, { studentId, cohortId }: Where) {
  const cohort = await tx.cohort.findUnique({ where: { id: cohortId }, select: cohortNamed.select });
  return { name: await nameOf(tx, studentId), cohort: cohort ? nameCohort(cohort) : '这个班' };
}
