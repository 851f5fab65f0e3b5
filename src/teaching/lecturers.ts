import { whoMay } from '../access/who-may.ts';
import type { Tx } from '../kernel/scope.ts';
import { refuse } from './phrases.ts';

/** Who can lead lessons: active staff whose role lets them call the roll. */
export const lecturers = whoMay('lessons.attendance');

/**
 * Checks people who are to lead a course or cohort; those who do already may stay whatever became of them.
 * @throws Refusal `no_such_lecturer`
 */
export async function demandLecturers(tx: Tx, ids: readonly number[], already: readonly number[] = []): Promise<void> {
  const fresh = [...new Set(ids)].filter((id) => !already.includes(id));
  if (fresh.length === 0) return;
  const known = await tx.person.count({ where: { id: { in: fresh }, active: true, staff: { isNot: null } } });
  if (known < fresh.length) throw refuse.no_such_lecturer();
}
