import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { refuse } from './phrases.ts';
import { staysOnLesson } from './stays.ts';
import { lessonsOf } from './visibility.ts';

/**
 * Opens the attendance of one lesson or many (初始化): makes the missing study records, present by default, for
 * everybody who belongs to the cohort on the lesson's day. Repeating adds only those who came later. One statement,
 * however many lessons and students. Returns how many records were made.
 * @throws Refusal `not_found`, `not_your_cohort`, `lesson_void`
 */
export async function openAttendance(
  scope: Scope,
  { lessonIds }: { lessonIds: readonly number[] },
): Promise<{ created: number }> {
  await demandLed(scope, [...new Set(lessonIds)]);
  return { created: await makeRecords(scope, lessonIds) };
}

/** The statement alone, for use cases that have asked for the right already. */
export async function makeRecords({ tx, now }: Scope, lessonIds: readonly number[]): Promise<number> {
  const [made] = await tx.$queryRaw<{ created: number }[]>`
    WITH made AS (
      INSERT INTO "StudyRecord" ("lessonId", "studentId", "createdAt", "updatedAt")
      SELECT l.id, cs."studentId", ${now}, ${now}
      FROM "Lesson" l JOIN "CohortStudent" cs ON ${staysOnLesson}
        JOIN "Student" s ON s.id = cs."studentId" JOIN "Person" p ON p.id = s."personId" AND p.active
      WHERE l.id = ANY(${[...lessonIds]}::int[])
      ORDER BY l.id, cs."studentId"
      ON CONFLICT ("lessonId", "studentId") DO NOTHING RETURNING 1
    ), opened AS (
      UPDATE "Lesson" SET "openedAt" = ${now}, version = version + 1
      WHERE id = ANY(${[...lessonIds]}::int[]) AND "openedAt" IS NULL
    )
    SELECT count(*)::int AS created FROM made`;
  return made?.created ?? 0;
}

async function demandLed({ tx, actor }: Scope, lessonIds: readonly number[]): Promise<void> {
  const lessons = await tx.lesson.findMany({
    where: { id: { in: [...lessonIds] } },
    select: { id: true, number: true, date: true, voidReason: true, cohort: cohortNamed },
  });
  if (lessons.length < lessonIds.length) throw refuseAnybody.not_found({ what: '节课' });
  const led = await tx.lesson.findMany({
    where: { AND: [{ id: { in: [...lessonIds] } }, lessonsOf(actor, 'lessons.attendance')] },
    select: { id: true },
  });
  const other = lessons.find((lesson) => !led.some(({ id }) => id === lesson.id));
  if (other) throw refuse.not_your_cohort({ cohort: nameCohort(other.cohort), what: '点名' });
  for (const { number, date, voidReason } of lessons)
    if (voidReason !== null) throw refuse.lesson_void({ number, date: dayFromDb(date), reason: voidReason });
}
