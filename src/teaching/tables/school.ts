import type { Prisma } from '../../generated/prisma/client.ts';
import { dayFromDb } from '../../kernel/school-time.ts';
import { defineTable, type Row, type Table } from '../../web/define-table.ts';
import { LESSONS_AHEAD } from '../choices.ts';
import { nameCohort } from '../cohort-name.ts';
import { addCampus, editCampus, removeCampus } from '../edit-campuses.ts';
import { addCohort, editCohort, removeCohort } from '../edit-cohorts.ts';
import { addCourse, editCourse, removeCourse } from '../edit-courses.ts';
import { CampusEdit, CampusInput, CohortEdit, CohortInput, CourseEdit, CourseInput } from '../schema.ts';
import { visibleCohorts } from '../visibility.ts';
import { campusOptions, courseOptions, lecturerOptions } from './options.ts';

type Named = { id: number; name: string };
const named = { select: { id: true, name: true } } as const;
const names = (people: unknown) => (people as Named[]).map(({ name }) => name).join('、');

/** 校区: all staff read them. */
export const campusesTable: Table = defineTable({
  id: 'campuses',
  title: '校区',
  unit: '个',
  model: 'campus',
  include: { _count: { select: { cohorts: true } } },
  fields: [
    { name: 'name', title: '名称', kind: 'text', sort: true, inForm: true },
    { name: 'address', title: '地址', kind: 'text', inForm: true },
    { name: 'cohorts', title: '班级', kind: 'number' },
  ],
  visible: () => ({}),
  search: (q) => ({ OR: [{ name: { contains: q } }, { address: { contains: q } }] }),
  defaultSort: 'id',
  present: (row) => {
    const { id, name, address, _count } = row as Row & { _count: { cohorts: number } };
    return { id, name, address, cohorts: _count.cohorts };
  },
  nameOf: ({ name }) => String(name),
  card: ({ address, cohorts }) => [String(address ?? ''), `${cohorts} 个班级`],
  add: { title: '加一个校区', button: '加上', input: CampusInput, run: addCampus },
  edit: { input: CampusEdit, run: editCampus },
  remove: { run: removeCampus },
  empty: '还没有校区，先加一个',
});

const courseInclude = {
  lecturers: { select: { person: named }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.CourseInclude;
type CourseRow = Prisma.CourseGetPayload<{ include: typeof courseInclude }>;

/** 课程: all staff read them. */
export const coursesTable: Table = defineTable({
  id: 'courses',
  title: '课程',
  unit: '门',
  model: 'course',
  include: courseInclude,
  fields: [
    { name: 'name', title: '名称', kind: 'text', sort: true, inForm: true },
    { name: 'weeks', title: '周数', kind: 'number', sort: true, filter: true, inForm: true },
    { name: 'listPrice', title: '标价', kind: 'money', sort: true, filter: true, inForm: true },
    {
      name: 'lecturers',
      title: '讲师',
      kind: 'relations',
      inForm: true,
      options: lecturerOptions,
      filter: (values) => ({ lecturers: { some: { personId: { in: values.map(Number) } } } }),
    },
    { name: 'active', title: '在招', kind: 'flag', filter: true, inForm: true, initial: true },
    { name: 'outline', title: '大纲', kind: 'longText', inList: false, inForm: true, hint: '学员在自己的页面上看到' },
  ],
  visible: () => ({}),
  search: (q) => ({ OR: [{ name: { contains: q, mode: 'insensitive' } }, { outline: { contains: q } }] }),
  defaultSort: 'id',
  present: (row) => {
    const { id, name, outline, weeks, listPrice, active, lecturers } = row as unknown as CourseRow;
    return { id, name, outline, weeks, listPrice, active, lecturers: lecturers.map(({ person }) => person) };
  },
  nameOf: ({ name }) => String(name),
  card: ({ weeks, lecturers, active }) => [
    [weeks ? `${weeks} 周` : '', active ? '' : '停用'].filter(Boolean).join(' · '),
    names(lecturers),
  ],
  add: { title: '加一门课程', button: '加上', input: CourseInput, run: addCourse },
  edit: { input: CourseEdit, run: editCourse },
  remove: { run: removeCourse },
  empty: '还没有课程，先加一门',
});

const cohortInclude = {
  campus: named,
  course: named,
  tutor: named,
  lecturers: { select: { person: named }, orderBy: { id: 'asc' } },
  _count: { select: { students: { where: { leftOn: null, student: { person: { active: true } } } } } },
} as const satisfies Prisma.CohortInclude;
type CohortRow = Prisma.CohortGetPayload<{ include: typeof cohortInclude }>;

/** 班级, shown as 课程(n期): lecturers and tutors find their own. */
export const cohortsTable: Table = defineTable({
  id: 'cohorts',
  title: '班级',
  unit: '个',
  model: 'cohort',
  include: cohortInclude,
  fields: [
    {
      name: 'name',
      title: '班级',
      kind: 'text',
      sort: (direction) => ({ course: { name: direction } }),
    },
    { name: 'campus', title: '校区', kind: 'relation', filter: true, inForm: true, options: campusOptions },
    {
      name: 'course',
      title: '课程',
      kind: 'relation',
      filter: true,
      inForm: true,
      inList: false,
      options: courseOptions,
    },
    { name: 'term', title: '期数', kind: 'number', sort: true, filter: true, inForm: true, inList: false },
    { name: 'students', title: '学员', kind: 'number' },
    { name: 'startsOn', title: '开班', kind: 'day', sort: true, filter: true, inForm: true },
    { name: 'graduatesOn', title: '结业', kind: 'day', sort: true, filter: true, inForm: true },
    {
      name: 'lecturers',
      title: '讲师',
      kind: 'relations',
      inForm: true,
      options: lecturerOptions,
      filter: (values) => ({ lecturers: { some: { personId: { in: values.map(Number) } } } }),
    },
    {
      name: 'lessonsAhead',
      title: '换了讲师，以后的课',
      kind: 'choice',
      choices: LESSONS_AHEAD,
      inForm: 'edit',
      initial: 'move',
      hint: '只管被换下的讲师还没上的课',
    },
    { name: 'tutor', title: '班主任', kind: 'relation', filter: true, inForm: true, options: lecturerOptions },
    { name: 'price', title: '价格', kind: 'money', sort: true, inForm: true },
    { name: 'memo', title: '备注', kind: 'longText', inList: false, inForm: true },
  ],
  visible: ({ actor }) => visibleCohorts(actor),
  search: (q) => {
    const [, name = q, term] = /^(.*?)\s*[(（]?(\d{1,4})期[)）]?$/.exec(q) ?? [];
    return { course: { name: { contains: name, mode: 'insensitive' } }, ...(term && { term: Number(term) }) };
  },
  defaultSort: '-startsOn,-id',
  present: (row) => {
    const cohort = row as unknown as CohortRow;
    const { id, campus, course, term, price, startsOn, graduatesOn, lecturers, tutor, memo, _count } = cohort;
    return {
      id,
      name: nameCohort(cohort),
      campus,
      course,
      term,
      price,
      startsOn: startsOn && dayFromDb(startsOn),
      graduatesOn: graduatesOn && dayFromDb(graduatesOn),
      lecturers: lecturers.map(({ person }) => person),
      tutor,
      memo,
      students: _count.students,
    };
  },
  nameOf: ({ name }) => String(name),
  card: ({ campus, students, lecturers }) => [`${(campus as Named).name} · ${students} 人`, names(lecturers)],
  add: { title: '开一个班', button: '开班', input: CohortInput, run: addCohort },
  edit: {
    input: CohortEdit,
    run: async (scope, id, input) => {
      const { lessonsMoved } = await editCohort(scope, id, input);
      const message = lessonsMoved > 0 ? `已保存，以后的 ${lessonsMoved} 节课也改由新讲师上` : '已保存';
      return { message, more: { lessonsMoved } };
    },
  },
  remove: { run: removeCohort },
  recordLinks: ({ id }) => [
    { title: '上课记录', href: `/lessons?cohortId=${id}`, permission: 'lessons.list', primary: true },
    { title: '学员', href: `/students?cohortId=${id}`, permission: 'students.list' },
    { title: '成绩和出勤', href: `/cohorts/${id}/charts`, permission: 'lessons.list' },
  ],
  empty: '还没有班级',
});
