import { DEMO_PASSWORD } from '../../src/demo.ts';
import { addDays, dayToDb } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import type { Parts } from '../../src/wire.ts';
import type { At } from '../seed.ts';
import { seedLearning } from './learning.ts';
import { STUDENTS } from './people.ts';

type School = { at: At; ids: Map<string, number> };

/** Two running cohorts with lessons behind and before them, and the students in them. Returns the students' accounts. */
export async function seedTeaching(
  scope: Scope,
  { at, ids }: School,
  people: Parts['people'],
): Promise<{ username: string; name: string }[]> {
  const { tx, today } = scope;
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

  const students: { username: string; name: string }[] = [];
  for (const [index, name] of STUDENTS.entries()) {
    const username = `student${index + 1}`;
    const { personId, studentId } = await people.addStudent(at(22, 600), { name, username, password: DEMO_PASSWORD });
    await tx.cohortStudent.create({
      data: { cohortId: index < 5 ? python.id : linux.id, studentId, joinedOn: dayToDb(addDays(today, -21)) },
    });
    ids.set(username, personId);
    students.push({ username, name });
  }
  await seedLearning(scope, at);
  return students;
}
