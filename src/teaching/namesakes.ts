import type { Tx } from '../kernel/scope.ts';

/**
 * What each of some students is called where several stand in one list: the name, with the account where two share it:
 * 王伟（student3）. By `studentId`.
 */
export async function namesApart(
  tx: Tx,
  students: readonly { studentId: number; name: string }[],
): Promise<ReadonlyMap<number, string>> {
  const shared = students.filter(({ studentId, name }) =>
    students.some((other) => other.name === name && other.studentId !== studentId),
  );
  const names = new Map(students.map(({ studentId, name }) => [studentId, name]));
  if (shared.length === 0) return names;
  const accounts = await tx.student.findMany({
    where: { id: { in: shared.map(({ studentId }) => studentId) } },
    select: { id: true, person: { select: { username: true } } },
  });
  for (const { id, person } of accounts) names.set(id, `${names.get(id)}（${person.username}）`);
  return names;
}
