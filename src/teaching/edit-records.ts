import type { Attendance } from '../generated/prisma/client.ts';
import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { NOT_GRADED } from './choices.ts';
import { markAttendance } from './mark-attendance.ts';
import { refuse } from './phrases.ts';
import { saveScores } from './save-scores.ts';
import type { StudyRecordEdit, StudyRecordInput } from './schema.ts';
import { staysOnLesson } from './stays.ts';
import { findLedLesson } from './visibility.ts';

/** Adds one study record by hand, for a guest of the lesson. @throws Refusal `record_known`, `not_found` */
export async function addRecord(scope: Scope, input: StudyRecordInput): Promise<{ id: number }> {
  const { tx, now } = scope;
  const { lessonId, studentId } = input;
  await findLedLesson(scope, lessonId, 'study-records.add', '加学习记录');
  const student = await tx.student.findUnique({
    where: { id: studentId },
    select: { person: { select: { name: true } } },
  });
  if (!student) throw refuseAnybody.not_found({ what: '位学员' });
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "StudyRecord" ("lessonId", "studentId", "createdAt", "updatedAt")
    VALUES (${lessonId}, ${studentId}, ${now}, ${now}) ON CONFLICT DO NOTHING RETURNING id`;
  if (!made) throw refuse.record_known({ name: student.person.name });
  await editRecord(scope, made.id, input);
  return made;
}

/** Changes one study record by the same use cases as roll call and score sheet. @throws Refusal as theirs */
export async function editRecord(scope: Scope, id: number, change: StudyRecordEdit): Promise<void> {
  const record = await scope.tx.studyRecord.findUnique({ where: { id } });
  if (!record) throw refuseAnybody.not_found({ what: '条学习记录' });
  const { lessonId, studentId } = record;
  if ((change.lessonId ?? lessonId) !== lessonId) throw invalidFields({ lessonId: '学习记录不能换到别的课' });
  if ((change.studentId ?? studentId) !== studentId) throw invalidFields({ studentId: '学习记录不能换给别的学员' });
  const { attendance, score, comment } = change;
  if (attendance !== undefined) await markAttendance(scope, { lessonId, marks: [{ studentId, attendance }] });
  if (score !== undefined || comment !== undefined)
    await saveScores(scope, { lessonId, scores: [{ studentId, score: score ?? record.score, comment }] });
}

/** Records by their lessons, in the order in which everybody locks them. */
export async function recordsByLesson(tx: Tx, ids: readonly number[]): Promise<number[][]> {
  const records = await tx.studyRecord.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, lessonId: true },
    orderBy: [{ lessonId: 'asc' }, { id: 'asc' }],
  });
  const lots = new Map<number, number[]>();
  for (const { id, lessonId } of records) lots.set(lessonId, [...(lots.get(lessonId) ?? []), id]);
  return [...lots.values()];
}

/** Marks records of one lesson alike; returns how many were something else. @throws Refusal as markAttendance */
export async function markRecords(scope: Scope, ids: readonly number[], attendance: Attendance): Promise<number> {
  const records = await scope.tx.studyRecord.findMany({
    where: { id: { in: [...ids] } },
    select: { lessonId: true, studentId: true },
  });
  const [first] = records;
  if (!first) return 0;
  const marks = records.map(({ studentId }) => ({ studentId, attendance }));
  return (await markAttendance(scope, { lessonId: first.lessonId, marks })).changed.length;
}

/**
 * Deletes a record that was made by mistake: no roll was called with it, nobody graded it, nothing was handed in, nobody scanned. A guest's
 * mark may go on the day it was made.
 * @throws Refusal `record_in_use`
 */
export async function removeRecord({ tx, today, time }: Scope, id: number): Promise<void> {
  const [record] = await tx.$queryRaw<{ createdAt: Date; isMarked: boolean; isGuest: boolean; isUsed: boolean }[]>`
    SELECT r."createdAt", (r."markedAt" IS NOT NULL OR coalesce(r."createdAt" <= l."calledAt", false)) AS "isMarked",
      NOT EXISTS (SELECT 1 FROM "CohortStudent" cs WHERE cs."studentId" = r."studentId" AND ${staysOnLesson}) AS "isGuest",
      (r."gradedAt" IS NOT NULL OR r.score <> ${NOT_GRADED}::int OR r."handedInAt" IS NOT NULL
        OR EXISTS (SELECT 1 FROM "CheckIn" c WHERE c."lessonId" = l.id AND c."studentId" = r."studentId")) AS "isUsed"
    FROM "StudyRecord" r JOIN "Lesson" l ON l.id = r."lessonId" WHERE r.id = ${id} FOR UPDATE OF r`;
  if (!record) return;
  const isMistake = record.isGuest && time.dayOf(record.createdAt) === today;
  if (record.isUsed || (record.isMarked && !isMistake)) throw refuse.record_in_use();
  await tx.studyRecord.delete({ where: { id } });
}
