/** What a cohort's shown name is made from, for Prisma's select. */
export const cohortNamed = { select: { id: true, term: true, course: { select: { name: true } } } } as const;

export type CohortNamed = { id: number; term: number; course: { name: string } };

/** Python全栈(9期) */
export function nameCohort({ term, course }: Pick<CohortNamed, 'term' | 'course'>): string {
  return `${course.name}(${term}期)`;
}

/** A cohort as a relation leaves: {id, name}. */
export function asNamed(cohort: CohortNamed): { id: number; name: string } {
  return { id: cohort.id, name: nameCohort(cohort) };
}

/** 第 3 节 */
export function nameLesson({ number }: { number: number }): string {
  return `第 ${number} 节`;
}
