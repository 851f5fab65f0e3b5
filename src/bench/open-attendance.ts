import { systemActor } from '../kernel/actor.ts';
import { openAttendance } from '../teaching/index.ts';
import type { Parts } from '../wire.ts';
import { type Benchmark, measure } from './benchmark.ts';

const LESSONS = 40;
const STUDENTS = 200;
const MOST = 8;

/** 8,000 study records in one statement's work: the use case, whole, against the bare INSERT … SELECT. */
export const attendance: Benchmark = {
  name: 'attendance',
  title: `attendance opened for ${LESSONS} lessons of ${STUDENTS} students, against the bare INSERT … SELECT`,
  run: ({ withParts }) =>
    withParts(async (parts) => {
      const sets = await addCohort(parts, 2 * MOST);
      const bare = await measure((n) => parts.database.pool.query(INSERT, [sets[n], parts.clock.now()]), {
        lanes: 1,
        most: MOST,
      });
      const whole = await measure(
        (n) =>
          parts.inTransaction(systemActor, 'system', (scope) =>
            openAttendance(scope, { lessonIds: sets[MOST + n] ?? [] }),
          ),
        { lanes: 1, most: MOST },
      );
      const comparedTo = { what: 'bare insert of 8,000', ...bare };
      return [comparedTo, { what: 'openAttendance of 8,000', ...whole, comparedTo }];
    }),
};

const INSERT = `
  INSERT INTO "StudyRecord" ("lessonId", "studentId", "createdAt", "updatedAt")
  SELECT l.id, cs."studentId", $2, $2 FROM "Lesson" l JOIN "CohortStudent" cs ON cs."cohortId" = l."cohortId"
  WHERE l.id = ANY($1::int[]) ON CONFLICT ("lessonId", "studentId") DO NOTHING`;

/** A cohort of its own beside the demo school's, with forty lessons for each time it is measured. */
async function addCohort({ database: { prisma }, clock }: Parts, times: number): Promise<number[][]> {
  const now = clock.now();
  const [campus, course] = [await prisma.campus.findFirstOrThrow(), await prisma.course.findFirstOrThrow()];
  const { id: cohortId } = await prisma.cohort.create({
    data: { campusId: campus.id, courseId: course.id, term: 9000 },
  });
  const day = new Date('2026-01-01T00:00:00Z');
  await prisma.person.createMany({
    data: Array.from({ length: STUDENTS }, (_, n) => ({
      name: `学员${n}`,
      username: `bench-student-${n}`,
      passwordHash: '-',
      createdAt: now,
      updatedAt: now,
    })),
  });
  const people = await prisma.person.findMany({
    where: { username: { startsWith: 'bench-student-' } },
    select: { id: true },
  });
  await prisma.student.createMany({ data: people.map(({ id }) => ({ personId: id })) });
  const students = await prisma.student.findMany({
    where: { personId: { in: people.map(({ id }) => id) } },
    select: { id: true },
  });
  await prisma.cohortStudent.createMany({
    data: students.map(({ id }) => ({ cohortId, studentId: id, joinedOn: day })),
  });
  const numbers = Array.from({ length: LESSONS * times }, (_, n) => n + 1);
  await prisma.lesson.createMany({ data: numbers.map((number) => ({ cohortId, number, date: day })) });
  const ids = (await prisma.lesson.findMany({ where: { cohortId }, select: { id: true } })).map(({ id }) => id);
  return Array.from({ length: times }, (_, n) => ids.slice(n * LESSONS, (n + 1) * LESSONS));
}
