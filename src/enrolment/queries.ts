import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from '../teaching/index.ts';

/** `called` tells two of one name apart as one may say it: Python全栈(9期) 上海校区. */
export type OpenCohort = { id: number; name: string; called: string; campus: string; price: number | null };

/** The cohorts one can still join: those that have not graduated, the newest first. */
export async function readOpenCohorts({ tx, today }: Pick<Scope, 'tx' | 'today'>): Promise<OpenCohort[]> {
  const cohorts = await tx.cohort.findMany({
    where: { OR: [{ graduatesOn: null }, { graduatesOn: { gte: dayToDb(today) } }] },
    select: { ...cohortNamed.select, price: true, campus: { select: { name: true } } },
    orderBy: [{ startsOn: 'desc' }, { id: 'desc' }],
    take: 200,
  });
  const open = cohorts.map((cohort) => ({
    id: cohort.id,
    name: nameCohort(cohort),
    campus: cohort.campus.name,
    price: cohort.price === null ? null : cohort.price.toNumber(),
  }));
  const isShared = (one: (typeof open)[number]) => open.some(({ id, name }) => name === one.name && id !== one.id);
  return open.map((one) => ({ ...one, called: isShared(one) ? `${one.name} ${one.campus}` : one.name }));
}
