import { tellAudit } from '../../src/database/in-transaction.ts';
import { DEMO_PASSWORD } from '../../src/demo.ts';
import { addDays, dayToDb } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import type { Parts } from '../../src/wire.ts';
import type { At } from '../seed.ts';
import { pick } from './lives.ts';
import type { Past } from './past.ts';
import { STUDENTS } from './people.ts';

type School = { at: At; ids: Map<string, number> };

/** Two running cohorts with lessons behind, today and before them. Returns them by the keys of past-lives.ts. */
export async function seedTeaching(
  { tx, today }: Scope,
  { ids }: Pick<School, 'ids'>,
): Promise<Map<string, { id: number; price: number }>> {
  const campus = async (name: string) => (await tx.campus.findUniqueOrThrow({ where: { name } })).id;
  const course = async (name: string) => (await tx.course.findUniqueOrThrow({ where: { name } })).id;
  const python = await tx.cohort.create({
    data: {
      campusId: await campus('北京'),
      courseId: await course('Python全栈'),
      term: 9,
      price: 19800,
      startsOn: dayToDb(addDays(today, -21)),
      graduatesOn: dayToDb(addDays(today, 133)),
      tutorId: ids.get('tutor1'),
      lecturers: { create: [{ personId: ids.get('lecturer1') ?? 0 }] },
    },
  });
  const linux = await tx.cohort.create({
    data: {
      campusId: await campus('上海'),
      courseId: await course('Linux云计算'),
      term: 5,
      price: 18800,
      startsOn: dayToDb(addDays(today, -14)),
      graduatesOn: dayToDb(addDays(today, 126)),
      tutorId: ids.get('tutor1'),
      lecturers: { create: [{ personId: ids.get('lecturer2') ?? 0 }, { personId: ids.get('lecturer1') ?? 0 }] },
    },
  });
  const lessons = [
    {
      cohort: python,
      lecturer: 'lecturer1',
      titles: ['语言基础', '函数与模块', '面向对象', '文件与异常', '网络编程'],
      every: 7,
      first: -21,
    },
    {
      cohort: linux,
      lecturer: 'lecturer2',
      titles: ['安装与命令行', '用户与权限', '网络配置', '容器入门'],
      every: 7,
      first: -14,
    },
  ];
  for (const { cohort, lecturer, titles, every, first } of lessons)
    await tx.lesson.createMany({
      data: titles.map((title, index) => ({
        cohortId: cohort.id,
        number: index + 1,
        lecturerId: ids.get(lecturer),
        date: dayToDb(addDays(today, first + index * every)),
        title,
        hasHomework: true,
        homeworkTitle: `${title}练习`,
      })),
    });

  return new Map([
    ['python', { id: python.id, price: 19800 }],
    ['linux', { id: linux.id, price: 18800 }],
  ]);
}

/** The students who sign in: customers of the months behind. Returns their accounts. */
export async function seedStudents(
  { tx, today }: Scope,
  { at, ids }: School,
  { addStudent }: Pick<Parts['people'], 'addStudent'>,
  past: Past,
): Promise<{ username: string; name: string }[]> {
  const students: { username: string; name: string }[] = [];
  for (const [index, { username, customerId, cohortId, daysAgo }] of past.students.entries()) {
    const name = pick(STUDENTS, index);
    const account = { name, username, password: DEMO_PASSWORD, customerId };
    const then = at(daysAgo, 1020);
    await tellAudit(tx, then);
    const { personId, studentId } = await addStudent(then, account);
    await tx.cohortStudent.create({ data: { cohortId, studentId, joinedOn: dayToDb(addDays(today, -daysAgo)) } });
    ids.set(username, personId);
    students.push({ username, name });
  }
  return students;
}
