import type { Scope, Tx } from '../kernel/scope.ts';
import { NOT_GRADED, sayScore } from './choices.ts';
import { nameLesson } from './cohort-name.ts';
import { homeworkGraded, studyRecordSubject } from './notices.ts';
import { makeRecords } from './open-attendance.ts';
import { perStudent, refuse } from './phrases.ts';
import { readRoster } from './roster.ts';
import type { SaveScores } from './schema.ts';
import { demandBegun, findLedLesson, type LedLesson } from './visibility.ts';
import { lastChangers } from './who-changed.ts';

type Given = SaveScores['scores'][number];
type Locked = {
  recordId: number;
  studentId: number;
  personId: number;
  name: string;
  score: number;
  comment: string | null;
};
export type ScoreChange = { studentId: number; name: string; from: number; to: number };

/**
 * Saves a class's scores and comments together, all or nothing. What somebody else changed since the grader looked
 * (`seen`, `seenComment`) is not overwritten. Students hear of each new score of a homework.
 * @throws Refusal `scores_changed` naming who changed what, `not_in_lesson`, `not_yet`, `not_your_cohort`, `not_found`
 */
export async function saveScores(
  scope: Scope,
  { lessonId, scores }: { lessonId: number; scores: readonly Given[] },
): Promise<{ changed: ScoreChange[] }> {
  const { tx } = scope;
  const lesson = await findLedLesson(scope, lessonId, 'lessons.scores', '打分');
  demandBegun(lesson, scope.today, '打分');
  await makeRecords(scope, [lessonId]);
  const wanted = new Map(scores.map((given) => [given.studentId, given]));
  const locked = await lockRecords(tx, lessonId, [...wanted.keys()]);
  if (locked.length < wanted.size) throw refuse.not_in_lesson({ names: ['有学员'] });
  await refuseConflicts(tx, locked, wanted);

  const changes = locked.flatMap((record) => {
    const given = wanted.get(record.studentId);
    if (!given) return [];
    const comment = given.comment === undefined ? record.comment : given.comment;
    return given.score === record.score && comment === record.comment ? [] : [{ record, score: given.score, comment }];
  });
  await write(scope, changes);
  const rescored = changes.filter(({ record, score }) => score !== record.score);
  if (lesson.hasHomework) await tellStudents(scope, lesson, rescored);
  return {
    changed: rescored.map(({ record: { studentId, name, score: from }, score: to }) => ({ studentId, name, from, to })),
  };
}

type Change = { record: Locked; score: number; comment: string | null };

async function lockRecords(tx: Tx, lessonId: number, studentIds: readonly number[]): Promise<Locked[]> {
  return tx.$queryRaw<Locked[]>`
    SELECT r.id AS "recordId", r."studentId", p.id AS "personId", p.name, r.score, r.comment
    FROM "StudyRecord" r JOIN "Student" s ON s.id = r."studentId" JOIN "Person" p ON p.id = s."personId"
    WHERE r."lessonId" = ${lessonId} AND r."studentId" = ANY(${[...studentIds]}::int[])
    ORDER BY r."studentId" FOR NO KEY UPDATE OF r`;
}

async function refuseConflicts(tx: Tx, locked: readonly Locked[], wanted: ReadonlyMap<number, Given>): Promise<void> {
  const rescored = locked.filter(({ studentId, score }) => {
    const given = wanted.get(studentId);
    return given?.seen !== undefined && given.seen !== score && given.score !== score;
  });
  const recommented = locked.filter(({ studentId, comment }) => {
    const given = wanted.get(studentId);
    return (
      given?.comment !== undefined &&
      given.seenComment !== undefined &&
      given.seenComment !== comment &&
      given.comment !== comment
    );
  });
  if (rescored.length + recommented.length === 0) return;
  const byScore = await lastChangers(
    tx,
    rescored.map(({ recordId }) => recordId),
    'score',
  );
  const byComment = await lastChangers(
    tx,
    recommented.map(({ recordId }) => recordId),
    'comment',
  );
  const conflicts = [
    ...rescored.map(({ recordId, studentId, name, score }) => ({
      studentId,
      name,
      now: sayScore(score),
      mine: sayScore(wanted.get(studentId)?.score ?? NOT_GRADED),
      by: byScore.get(recordId) ?? null,
    })),
    ...recommented
      .filter(({ recordId }) => !rescored.some((record) => record.recordId === recordId))
      .map(({ recordId, studentId, name, comment }) => ({
        studentId,
        name,
        now: `评语「${comment ?? ''}」`,
        mine: `「${wanted.get(studentId)?.comment ?? ''}」`,
        by: byComment.get(recordId) ?? null,
      })),
  ];
  throw perStudent(refuse.scores_changed({ conflicts }), conflicts);
}

/** Not graded any more (N/A) opens the homework again. */
async function write({ tx, now }: Scope, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ record, score, comment }) => ({ id: record.recordId, score, comment }));
  await tx.$executeRaw`
    UPDATE "StudyRecord" r SET score = w.score, comment = w.comment, version = r.version + 1, "updatedAt" = ${now},
      "gradedAt" = CASE WHEN w.score = ${NOT_GRADED}::int THEN NULL WHEN w.score = r.score THEN r."gradedAt" ELSE ${now} END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS w(id int, score int, comment text) WHERE r.id = w.id`;
}

/** Once for each score: saving the page again tells nobody anything. */
async function tellStudents({ tell }: Scope, lesson: LedLesson, changes: readonly Change[]): Promise<void> {
  const graded = changes.filter(({ score }) => score !== NOT_GRADED);
  await tell(
    ...graded.map(({ record, score }) =>
      homeworkGraded.to(
        record.personId,
        { cohort: lesson.cohort, lesson: nameLesson(lesson), score: sayScore(score) },
        {
          once: `homeworkGraded:${record.recordId}:${score}`,
          about: studyRecordSubject.of(record.recordId),
        },
      ),
    ),
  );
}

/**
 * What the score sheet shows: everybody of the lesson with score, comment and homework.
 * @throws Refusal `not_found`, `not_your_cohort`
 */
export async function readScoreSheet(scope: Scope, { lessonId }: { lessonId: number }) {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.scores', '打分');
  const roster = await readRoster(scope.tx, lessonId);
  const { gradingPoints, homeworkTitle } = await scope.tx.lesson.findUniqueOrThrow({
    where: { id: lessonId },
    select: { gradingPoints: true, homeworkTitle: true },
  });
  const { id, number, title, date, cohortId, cohort, hasHomework } = lesson;
  return {
    lesson: {
      id,
      number,
      title,
      date,
      cohort: { id: cohortId, name: cohort },
      hasHomework,
      homeworkTitle,
      gradingPoints,
    },
    rows: roster.map((attendee) => ({
      studentId: attendee.studentId,
      recordId: attendee.recordId,
      name: attendee.name,
      called: attendee.called,
      attendance: attendee.attendance,
      score: attendee.score,
      letters: sayScore(attendee.score),
      comment: attendee.comment,
      studentMemo: attendee.studentMemo,
      handedInAt: attendee.handedInAt && scope.time.iso(attendee.handedInAt),
      gradedAt: attendee.gradedAt && scope.time.iso(attendee.gradedAt),
      files: attendee.files,
      /** Handed in after the grade was given, which counted no file. */
      late: attendee.gradedAt !== null && attendee.handedInAt !== null && attendee.handedInAt > attendee.gradedAt,
    })),
  };
}

export type ScoreSheet = Awaited<ReturnType<typeof readScoreSheet>>;
