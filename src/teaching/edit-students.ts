import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { addDays, type SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { type ManagePeople, makePassword } from '../people/index.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { refuse } from './phrases.ts';
import type { StudentEdit, StudentInput } from './schema.ts';

type AddStudent = Pick<ManagePeople, 'addStudent'>;

/**
 * Makes a student with their account and joins them to cohorts; the one-time password is answered once.
 * @throws Refusal `username_taken`, `no_such_cohort`
 */
export async function addStudent(people: AddStudent, scope: Scope, input: StudentInput) {
  const { name, username, phone = null, email = null, cohortIds = [], joinedOn } = input;
  const made = input.password ? null : await scope.beforehand('made student password', async () => makePassword());
  const { personId, studentId } = await people.addStudent(scope, {
    name,
    username,
    phone,
    password: input.password ?? made ?? '',
  });
  if (email !== null) await scope.tx.person.update({ where: { id: personId }, data: { email } });
  for (const cohortId of cohortIds) await joinCohort(scope, { studentId, cohortId, joinedOn });
  return { id: studentId, password: made };
}

/** Changes a student's account and cohorts: new ones are joined today, those left out are left today. */
export async function editStudent(scope: Scope, id: number, change: StudentEdit): Promise<void> {
  const { tx, now } = scope;
  const { cohortIds, joinedOn, username, ...person } = change;
  const student = await tx.student.findUnique({ where: { id }, select: { personId: true } });
  if (!student) throw refuseAnybody.not_found({ what: '位学员' });
  const { personId } = student;
  if (username !== undefined && (await tx.person.count({ where: { username, id: { not: personId } } })) > 0)
    throw refuse.name_taken({ what: '用户名', name: username });
  await tx.person.update({
    where: { id: personId },
    data: { ...person, username, updatedAt: now, version: { increment: 1 } },
  });
  if (!cohortIds) return;
  const current = await tx.cohortStudent.findMany({ where: { studentId: id, leftOn: null } });
  for (const { cohortId } of current)
    if (!cohortIds.includes(cohortId)) await leaveCohort(scope, { studentId: id, cohortId });
  for (const cohortId of cohortIds)
    if (!current.some((membership) => membership.cohortId === cohortId))
      await joinCohort(scope, { studentId: id, cohortId, joinedOn });
}

/**
 * Joins a student to a cohort from a day on, today where none is given; joining again changes the day and undoes having
 * left. Lessons that were opened get the missing records by opening them again.
 * @throws Refusal `no_such_cohort`
 */
export async function joinCohort(
  { tx, today }: Pick<Scope, 'tx' | 'today'>,
  { studentId, cohortId, joinedOn = today }: { studentId: number; cohortId: number; joinedOn?: SchoolDay | undefined },
): Promise<void> {
  const joined = await tx.$executeRaw`
    INSERT INTO "CohortStudent" ("cohortId", "studentId", "joinedOn")
    SELECT id, ${studentId}, ${joinedOn}::date FROM "Cohort" WHERE id = ${cohortId}
    ON CONFLICT ("cohortId", "studentId") DO UPDATE SET "joinedOn" = excluded."joinedOn", "leftOn" = NULL`;
  if (joined === 0) throw refuse.no_such_cohort();
}

/**
 * Ends a student's time in a cohort; `leftOn` is their last day. Records of later lessons that nobody touched go.
 * @throws Refusal `not_in_cohort`
 */
export async function leaveCohort(
  { tx, today }: Pick<Scope, 'tx' | 'today'>,
  {
    studentId,
    cohortId,
    leftOn = addDays(today, -1),
  }: { studentId: number; cohortId: number; leftOn?: SchoolDay | undefined },
): Promise<void> {
  const left = await tx.$executeRaw`
    UPDATE "CohortStudent" SET "leftOn" = greatest(${leftOn}::date, "joinedOn")
    WHERE "cohortId" = ${cohortId} AND "studentId" = ${studentId}`;
  if (left === 0) throw refuse.not_in_cohort(await namesOf(tx, studentId, cohortId));
  await tx.$executeRaw`
    DELETE FROM "StudyRecord" r USING "Lesson" l
    WHERE l.id = r."lessonId" AND l."cohortId" = ${cohortId} AND r."studentId" = ${studentId}
      AND l.date > ${leftOn}::date AND r.version = 0`;
}

async function namesOf(tx: Tx, studentId: number, cohortId: number) {
  const student = await tx.student.findUnique({
    where: { id: studentId },
    select: { person: { select: { name: true } } },
  });
  const cohort = await tx.cohort.findUnique({ where: { id: cohortId }, select: cohortNamed.select });
  return { name: student?.person.name ?? '这位学员', cohort: cohort ? nameCohort(cohort) : '这个班' };
}

/** Deletes a student entered by mistake, with the account. @throws Refusal `student_in_use` */
export async function removeStudent({ tx }: Scope, id: number): Promise<void> {
  const student = await tx.student.findUnique({
    where: { id },
    select: {
      personId: true,
      customerId: true,
      person: { select: { name: true } },
      _count: { select: { studyRecords: true, referred: true } },
    },
  });
  if (!student) return;
  const { personId, customerId, person, _count } = student;
  if (customerId !== null || _count.studyRecords > 0 || _count.referred > 0)
    throw refuse.student_in_use({ name: person.name });
  await tx.student.delete({ where: { id } });
  const others = await tx.auditEntry.count({ where: { actorId: personId } });
  if (others > 0) await tx.person.update({ where: { id: personId }, data: { active: false } });
  else await tx.person.delete({ where: { id: personId } });
}
