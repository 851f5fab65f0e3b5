import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { nameCohort } from './cohort-name.ts';
import { refuse } from './phrases.ts';
import { cohortsOf } from './visibility.ts';

/**
 * Opens the attendance of one lesson or many (初始化): makes the missing study records, present by default, for
 * everybody who belongs to the cohort on the lesson's day. Repeating adds only those who came later. One statement,
 * however many lessons and students. Returns how many records were made.
 * @throws Refusal `not_found`, `not_your_cohort`
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
      FROM "Lesson" l JOIN "CohortStudent" cs ON cs."cohortId" = l."cohortId"
        AND cs."joinedOn" <= l.date AND (cs."leftOn" IS NULL OR cs."leftOn" >= l.date)
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
    select: { cohortId: true, cohort: { select: { id: true, term: true, course: { select: { name: true } } } } },
  });
  if (lessons.length < lessonIds.length) throw refuseAnybody.not_found({ what: '节课' });
  const cohortIds = [...new Set(lessons.map(({ cohortId }) => cohortId))];
  const led = await tx.cohort.findMany({
    where: { AND: [{ id: { in: cohortIds } }, cohortsOf(actor, 'lessons.attendance')] },
    select: { id: true },
  });
  const others = lessons.find(({ cohortId }) => !led.some(({ id }) => id === cohortId));
  if (others) throw refuse.not_your_cohort({ cohort: nameCohort(others.cohort), what: '点名' });
}
