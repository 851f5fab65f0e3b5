import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from '../teaching/index.ts';

export type OpenCohort = { id: number; name: string; campus: string; price: number | null };

/** The cohorts one can still join: those that have not graduated, the newest first. */
export async function readOpenCohorts({ tx, today }: Pick<Scope, 'tx' | 'today'>): Promise<OpenCohort[]> {
  const cohorts = await tx.cohort.findMany({
    where: { OR: [{ graduatesOn: null }, { graduatesOn: { gte: dayToDb(today) } }] },
    select: { ...cohortNamed.select, price: true, campus: { select: { name: true } } },
    orderBy: [{ startsOn: 'desc' }, { id: 'desc' }],
    take: 200,
  });
  return cohorts.map((cohort) => ({
    id: cohort.id,
    name: nameCohort(cohort),
    campus: cohort.campus.name,
    price: cohort.price === null ? null : cohort.price.toNumber(),
  }));
}
