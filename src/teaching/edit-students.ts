import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { type ManagePeople, makePassword } from '../people/index.ts';
import { refuse } from './phrases.ts';
import type { StudentEdit, StudentInput } from './schema.ts';
import { joinCohort, leaveCohort, stillThere } from './stays.ts';

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

/** Changes a student's account and cohorts: new ones are joined today, those left out are left today (or never joined). */
export async function editStudent(scope: Scope, id: number, change: StudentEdit): Promise<void> {
  const { tx, now, today } = scope;
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
  const current = await tx.cohortStudent.findMany({ where: { studentId: id, ...stillThere(today) } });
  for (const { cohortId } of current)
    if (!cohortIds.includes(cohortId)) await leaveCohort(scope, { studentId: id, cohortId });
  for (const cohortId of cohortIds)
    if (!current.some((stay) => stay.cohortId === cohortId))
      await joinCohort(scope, { studentId: id, cohortId, joinedOn });
}

/** Deletes a student entered by mistake, with the account. @throws Refusal `student_in_use` */
export async function removeStudent({ tx }: Scope, id: number): Promise<void> {
  const student = await tx.student.findUnique({
    where: { id },
    select: {
      personId: true,
      customerId: true,
      person: { select: { name: true } },
      _count: { select: { studyRecords: true, checkIns: true, referred: true } },
    },
  });
  if (!student) return;
  const { personId, customerId, person, _count } = student;
  if (customerId !== null || _count.studyRecords > 0 || _count.checkIns > 0 || _count.referred > 0)
    throw refuse.student_in_use({ name: person.name });
  await tx.student.delete({ where: { id } });
  const others = await tx.auditEntry.count({ where: { actorId: personId } });
  if (others > 0) await tx.person.update({ where: { id: personId }, data: { active: false } });
  else await tx.person.delete({ where: { id: personId } });
}
