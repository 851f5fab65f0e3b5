import { calledApart } from '../../customers/index.ts';
import type { Options } from '../../web/define-table.ts';
import { asNamed, cohortNamed, nameCohort, nameLesson } from '../cohort-name.ts';
import { lecturers } from '../lecturers.ts';
import { cohortsOf, visibleCohorts, visibleStudents } from '../visibility.ts';

const MOST = 200;
const byName = { orderBy: { name: 'asc' }, take: MOST, select: { id: true, name: true } } as const;
const contains = (q: string | undefined) => (q ? { contains: q } : undefined);

export const campusOptions: Options = (tx, _, q) => tx.campus.findMany({ where: { name: contains(q) }, ...byName });

export const courseOptions: Options = (tx, _, q) => tx.course.findMany({ where: { name: contains(q) }, ...byName });

export const lecturerOptions: Options = async (tx, _, q) =>
  calledApart(
    await tx.person.findMany({
      where: { ...lecturers, name: contains(q) },
      ...byName,
      select: { ...byName.select, username: true },
    }),
  );

/** Cohorts by 课程(n期), the newest first; two of one name are told apart by their campus. */
export const cohortOptions: Options = async (tx, { actor }, q) => {
  const cohorts = await tx.cohort.findMany({
    where: { AND: [visibleCohorts(actor), q ? { course: { name: { contains: q.replace(/[(（].*$/, '') } } } : {}] },
    select: { ...cohortNamed.select, campus: { select: { name: true } } },
    orderBy: [{ startsOn: 'desc' }, { id: 'desc' }],
    take: MOST,
  });
  const twice = (name: string) => cohorts.filter((cohort) => nameCohort(cohort) === name).length > 1;
  return cohorts.map((cohort) => {
    const { id, name } = asNamed(cohort);
    return { id, name: twice(name) ? `${name} · ${cohort.campus.name}` : name };
  });
};

export const studentOptions: Options = async (tx, { actor }, q) => {
  const students = await tx.student.findMany({
    where: { AND: [visibleStudents(actor), q ? { person: { name: { contains: q } } } : {}] },
    select: { id: true, person: { select: { name: true, username: true } } },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  return calledApart(students.map(({ id, person }) => ({ id, ...person })));
};

export const lessonOptions: Options = async (tx, { actor }, q) => {
  const lessons = await tx.lesson.findMany({
    where: {
      cohort: cohortsOf(actor, 'lessons.list'),
      ...(q && { OR: [{ title: { contains: q } }, { cohort: { course: { name: { contains: q } } } }] }),
    },
    select: { id: true, number: true, cohort: cohortNamed },
    orderBy: [{ date: 'desc' }, { id: 'desc' }],
    take: MOST,
  });
  return lessons.map(({ id, number, cohort }) => ({ id, name: `${nameCohort(cohort)} ${nameLesson({ number })}` }));
};
