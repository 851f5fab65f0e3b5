import { holders } from '../customers/index.ts';
import { nameKey } from '../kernel/normal/name.ts';
import type { Tx } from '../kernel/scope.ts';
import type { Header } from './columns.ts';
import type { Target } from './plan.ts';

/** What cells name that has a number here, by name. */
export type Lookups = {
  courses: readonly { id: number; name: string }[];
  students: ReadonlyMap<string, readonly number[]>;
  studentIds: ReadonlySet<number>;
  /** Who can hold customers; null where no column decides who gets them. */
  consultants: ReadonlyMap<string, readonly number[]> | null;
};

/** Reads the names that rows may hold; students and consultants only where a column asks for them. */
export async function readLookups(
  tx: Pick<Tx, 'course' | 'student' | 'person'>,
  { mapping }: Header,
  target: Target,
): Promise<Lookups> {
  const courses =
    mapping.courseIds === undefined
      ? []
      : await tx.course.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' } });
  const students =
    mapping.referralId === undefined
      ? []
      : await tx.student.findMany({ select: { id: true, person: { select: { name: true } } }, orderBy: { id: 'asc' } });
  const consultants =
    target === 'column' ? await tx.person.findMany({ where: holders, select: { id: true, name: true } }) : null;
  return {
    courses,
    students: byName(students.map(({ id, person }) => ({ id, name: person.name }))),
    studentIds: new Set(students.map(({ id }) => id)),
    consultants: consultants && byName(consultants),
  };
}

function byName(named: readonly { id: number; name: string }[]): Map<string, number[]> {
  const ids = new Map<string, number[]>();
  for (const { id, name } of named) ids.set(nameKey(name), [...(ids.get(nameKey(name)) ?? []), id]);
  return ids;
}
