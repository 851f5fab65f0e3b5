import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { tellApart } from '../kernel/tell-apart.ts';
import { NOT_GRADED, SCORES } from './choices.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import type { Ranked } from './rank.ts';
import { readRanks } from './read-ranks.ts';
import { cohortsOf } from './visibility.ts';

export type Bar = { letters: string; score: number; count: number };
export type LessonRate = { lessonId: number; number: number; there: number; total: number };

/**
 * What a cohort's charts are drawn from: how often each score was given, and who was there lesson by lesson (late and
 * left early were there); lessons up to today that were opened and are not void.
 * @throws Refusal `not_found` for cohorts outside the reader's scope
 */
export async function readCohortStats(scope: Scope, { cohortId }: { cohortId: number }) {
  const { tx, actor, today } = scope;
  const cohort = await tx.cohort.findFirst({
    where: { AND: [{ id: cohortId }, cohortsOf(actor, 'lessons.list')] },
    select: cohortNamed.select,
  });
  if (!cohort) throw refuseAnybody.not_found({ what: '个班级' });
  const scores = await tx.$queryRaw<{ score: number; count: number }[]>`
    SELECT r.score, count(*)::int AS count FROM "StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId"
    WHERE l."cohortId" = ${cohortId} AND l."voidedAt" IS NULL AND r.score <> ${NOT_GRADED}::int GROUP BY r.score`;
  const lessons = await tx.$queryRaw<LessonRate[]>`
    SELECT l.id AS "lessonId", l.number, count(*)::int AS total,
      (count(*) FILTER (WHERE r.attendance IN ('present', 'late', 'leftEarly')))::int AS there
    FROM "StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId"
    WHERE l."cohortId" = ${cohortId} AND l.date <= ${today}::date AND l."openedAt" IS NOT NULL AND l."voidedAt" IS NULL
    GROUP BY l.id ORDER BY l.number`;
  const bars = SCORES.filter(([score]) => score !== NOT_GRADED).map(
    ([score, letters]): Bar => ({ score, letters, count: scores.find((row) => row.score === score)?.count ?? 0 }),
  );
  return {
    cohort: { id: cohort.id, name: nameCohort(cohort) },
    scores: bars,
    lessons,
    ranks: await namedRanks(scope, cohortId),
  };
}

async function namedRanks(scope: Scope, cohortId: number): Promise<(Ranked & { name: string })[]> {
  const ranks = await readRanks(scope, cohortId);
  const students = await scope.tx.student.findMany({
    where: { id: { in: ranks.map(({ studentId }) => studentId) } },
    select: { id: true, person: { select: { name: true, username: true } } },
  });
  const called = tellApart(
    students.map(({ person }) => person),
    ({ username }) => username,
  );
  const names = new Map(students.map(({ id }, at) => [id, called[at]]));
  return ranks.map((ranked) => ({ ...ranked, name: names.get(ranked.studentId) ?? '' }));
}

export type CohortStats = Awaited<ReturnType<typeof readCohortStats>>;
