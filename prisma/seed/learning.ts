import type { Attendance } from '../../src/generated/prisma/client.ts';
import { addDays, dayFromDb, daysBetween, type SchoolDay } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { loadActor } from '../../src/people/index.ts';
import { handInHomework, markAttendance, saveScores } from '../../src/teaching/index.ts';
import type { At } from '../seed.ts';

/** What the students of a cohort did, lesson by lesson; by place, so that the first is a good one and the last is not. */
const SCORES = [
  [90, 85, 70, 100, 60],
  [100, 80, -100, 90, 50],
  [85, 90, 80, 100, -1],
] as const;
const EXCEPTIONS: readonly (readonly [place: number, attendance: Attendance])[] = [
  [1, 'late'],
  [4, 'absent'],
  [2, 'excused'],
];
const COMMENTS = ['思路清楚，变量名再想想', '结果对，异常没处理', '比上次好，继续'] as const;

/**
 * Lives the lessons that are over: each roll was called, homework handed in and, but for the last lesson's, graded.
 * Today's lessons and those to come are left to whoever tries the demo.
 */
export async function seedLearning({ tx, today }: Scope, at: At): Promise<void> {
  const lessons = await tx.lesson.findMany({
    where: { date: { lt: new Date(`${today}T00:00:00Z`) } },
    include: { cohort: { include: { students: { include: { student: { include: { person: true } } } } } } },
    orderBy: [{ date: 'asc' }, { id: 'asc' }],
  });
  const lastDay = addDays(today, -7);
  for (const [index, lesson] of lessons.entries()) {
    const day: SchoolDay = dayFromDb(lesson.date);
    const lecturer = await loadActor(tx, lesson.lecturerId ?? 0);
    if (!lecturer) continue;
    const lessonId = lesson.id;
    const learners = lesson.cohort.students.map(({ student }) => student).sort(byAccount);
    const then = (minute: number, days = 0, actor = lecturer) => at(daysBetween(day, today) - days, minute, actor);
    const [place, attendance] = EXCEPTIONS[index % EXCEPTIONS.length] ?? [0, 'present'];
    const exception = learners[place];
    const marks = exception ? [{ studentId: exception.id, attendance }] : [];
    await markAttendance(then(545), { lessonId, marks });

    const [diligent] = learners;
    const learner = diligent && (await loadActor(tx, diligent.personId));
    const bytes = Buffer.from(`# ${lesson.title ?? '作业'}\nprint("完成")\n`);
    if (learner) await handInHomework(then(1200, 0, learner), { lessonId, file: { name: '作业.py', bytes } });
    if (day >= lastDay) continue;
    const scores = SCORES[index % SCORES.length] ?? [];
    await saveScores(then(1140, 1), {
      lessonId,
      scores: learners.map(({ id: studentId }, n) => ({
        studentId,
        score: scores[n % scores.length] ?? -1,
        ...(n === 0 && { comment: COMMENTS[index % COMMENTS.length] }),
      })),
    });
  }
}

type Learner = { id: number; person: { username: string } };

/** Those who sign in come first: whoever tries the demo sees a good student, with homework and scores. */
function byAccount(one: Learner, other: Learner): number {
  const isNamed = ({ person }: Learner) => Number(person.username.startsWith('student'));
  return isNamed(other) - isNamed(one) || one.id - other.id;
}
