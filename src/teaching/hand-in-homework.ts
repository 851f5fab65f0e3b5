import { personOf } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { safeFileName, sniffHomework } from './file-kinds.ts';
import { refuse } from './phrases.ts';

export type HomeworkFile = { name: string; bytes: Buffer };

/**
 * Keeps a student's homework with their own study record; until it is graded a new file takes the place of the old one.
 * @throws Refusal `unsupported_file`, `no_file`, `no_homework`, `graded_already`, `not_found` for lessons of others
 */
export async function handInHomework(
  scope: Scope,
  { lessonId, file, memo }: { lessonId: number; file: HomeworkFile; memo?: string | undefined },
): Promise<{ recordId: number; replaced: boolean; name: string }> {
  const { tx, now } = scope;
  if (file.bytes.length === 0) throw refuse.no_file();
  const kind = sniffHomework(file.name, file.bytes);
  if (!kind) throw refuse.unsupported_file();
  const recordId = await ownRecord(scope, lessonId);

  // The row is held from here on: a lecturer who is grading right now decides before or after, never in between.
  const [record] = await tx.$queryRaw<{ homeworkFileId: number | null; gradedAt: Date | null }[]>`
    SELECT "homeworkFileId", "gradedAt" FROM "StudyRecord" WHERE id = ${recordId} FOR NO KEY UPDATE`;
  if (!record || record.gradedAt) throw refuse.graded_already();
  const stem = safeFileName(file.name).replace(/\.[a-z0-9_]{1,8}$/i, '') || '作业';
  const stored = await tx.storedFile.create({
    data: {
      name: `${stem}.${kind.extension}`,
      mime: kind.mime,
      size: file.bytes.length,
      bytes: new Uint8Array(file.bytes),
      createdAt: now,
    },
    select: { id: true, name: true },
  });
  await tx.studyRecord.update({
    where: { id: recordId },
    data: {
      homeworkFileId: stored.id,
      handedInAt: now,
      ...(memo !== undefined && { studentMemo: memo }),
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  if (record.homeworkFileId !== null) await tx.storedFile.delete({ where: { id: record.homeworkFileId } });
  return { recordId, replaced: record.homeworkFileId !== null, name: stored.name };
}

/** The student's own record of a lesson with homework; made where the roll was not called yet. */
async function ownRecord({ tx, actor, now }: Scope, lessonId: number): Promise<number> {
  const personId = personOf(actor);
  const lesson = await tx.lesson.findUnique({
    where: { id: lessonId },
    select: { hasHomework: true, cohortId: true, date: true },
  });
  if (!lesson) throw refuseAnybody.not_found({ what: '节课' });
  const own = await tx.studyRecord.findFirst({ where: { lessonId, student: { personId } }, select: { id: true } });
  const member = await tx.cohortStudent.findFirst({
    where: {
      cohortId: lesson.cohortId,
      student: { personId },
      joinedOn: { lte: lesson.date },
      OR: [{ leftOn: null }, { leftOn: { gte: lesson.date } }],
    },
    select: { studentId: true },
  });
  if (!own && !member) throw refuseAnybody.not_found({ what: '节课' });
  if (!lesson.hasHomework) throw refuse.no_homework();
  if (own) return own.id;
  await tx.$executeRaw`
    INSERT INTO "StudyRecord" ("lessonId", "studentId", "createdAt", "updatedAt")
    VALUES (${lessonId}, ${member?.studentId ?? 0}, ${now}, ${now}) ON CONFLICT DO NOTHING`;
  const made = await tx.studyRecord.findFirstOrThrow({
    where: { lessonId, student: { personId } },
    select: { id: true },
  });
  return made.id;
}
