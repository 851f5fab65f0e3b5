import type { Tx } from '../../src/kernel/scope.ts';

/** Somebody who enrolled. */
export type Enrolled = {
  customerId: number;
  name: string;
  username: string;
  phone: string | null;
  cohortId: number;
  joinedOn: Date;
  at: Date;
};

/** No password's hash: these accounts are there, and nobody signs in with them. */
const NO_PASSWORD = '-';

/** Makes students of customers who enrolled, by sets, without a password: hashing one for each would take seconds. */
export async function addStudentsWithoutPassword(tx: Tx, enrolled: readonly Enrolled[]): Promise<void> {
  const { id: roleId } = await tx.role.findUniqueOrThrow({ where: { code: 'student' } });
  const people = await tx.person.createManyAndReturn({
    data: enrolled.map(({ name, username, phone, at }) => ({
      ...{ name, username, phone, passwordHash: NO_PASSWORD, createdAt: at, updatedAt: at },
    })),
    select: { id: true, username: true },
  });
  const idOf = new Map(people.map(({ id, username }) => [username, id]));
  await tx.personRole.createMany({ data: people.map(({ id }) => ({ personId: id, roleId })) });
  const students = await tx.student.createManyAndReturn({
    data: enrolled.map(({ username, customerId }) => ({ personId: idOf.get(username) ?? 0, customerId })),
    select: { id: true, customerId: true },
  });
  const studentOf = new Map(students.map(({ id, customerId }) => [customerId, id]));
  await tx.cohortStudent.createMany({
    data: enrolled.map(({ customerId, cohortId, joinedOn }) => ({
      ...{ cohortId, studentId: studentOf.get(customerId) ?? 0, joinedOn },
    })),
  });
}
