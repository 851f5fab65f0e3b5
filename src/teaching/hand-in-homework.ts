import { personOf } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb, sayDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { sayScore } from './choices.ts';
import { nameCohort, nameLesson } from './cohort-name.ts';
import { MOST_HOMEWORK_BYTES_IN_ALL, MOST_HOMEWORK_FILES, safeFileName, sniffHomework } from './file-kinds.ts';
import { giversOf, readAnnounced } from './lessons-ahead.ts';
import { handedInLate, studyRecordSubject } from './notices.ts';
import { refuse } from './phrases.ts';
import { staying } from './stays.ts';

export type HomeworkFile = { name: string; bytes: Buffer };

/** What became of one file: `late` where the grade had been given without any. */
export type HandedIn = { recordId: number; fileId: number; name: string; size: number; late: boolean };

/**
 * Keeps one more file of a student's homework with their own study record, up to nine and 30 MiB, until it is graded.
 * Where it was graded without a file, handing in is still possible, and who gives the lesson is told.
 * @throws Refusal `unsupported_file`, `no_file`, `no_homework`, `graded_already`, `too_many_files`, `files_too_large`,
 *   `lesson_void`, `not_found` for lessons of others
 */
export async function handInHomework(
  scope: Scope,
  { lessonId, file, memo }: { lessonId: number; file: HomeworkFile; memo?: string | undefined },
): Promise<HandedIn> {
  const { tx, now } = scope;
  if (file.bytes.length === 0) throw refuse.no_file();
  const kind = sniffHomework(file.name, file.bytes);
  if (!kind) throw refuse.unsupported_file();
  const recordId = await ownRecord(scope, lessonId);
  const record = await lockOpenRecord(tx, recordId);
  const sizes = record.files.map(({ size }) => size);
  if (sizes.length >= MOST_HOMEWORK_FILES) throw refuse.too_many_files({ most: MOST_HOMEWORK_FILES });
  if (sizes.reduce((sum, size) => sum + size, file.bytes.length) > MOST_HOMEWORK_BYTES_IN_ALL)
    throw refuse.files_too_large();

  const stem = safeFileName(file.name).replace(/\.[a-z0-9_]{1,8}$/i, '') || '作业';
  const stored = await tx.storedFile.create({
    data: {
      recordId,
      name: `${stem}.${kind.extension}`,
      mime: kind.mime,
      size: file.bytes.length,
      bytes: new Uint8Array(file.bytes),
      createdAt: now,
    },
    select: { id: true, name: true, size: true },
  });
  await tx.studyRecord.update({
    where: { id: recordId },
    data: {
      handedInAt: now,
      ...(memo !== undefined && { studentMemo: memo }),
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  if (record.gradedAt) await tellGiver(scope, { lessonId, recordId, gradedAt: record.gradedAt, score: record.score });
  return { recordId, fileId: stored.id, name: stored.name, size: stored.size, late: record.gradedAt !== null };
}

/**
 * Takes a file of one's own homework away again, until it is graded; without any file nothing is handed in.
 * @throws Refusal `graded_already`, `not_found`
 */
export async function removeHomeworkFile(
  scope: Scope,
  { recordId, fileId }: { recordId: number; fileId: number },
): Promise<{ lessonId: number }> {
  const { tx, now } = scope;
  const lessonId = await lessonOfOwnRecord(scope, recordId);
  const { files } = await lockOpenRecord(tx, recordId);
  if (!files.some(({ id }) => id === fileId)) throw refuseAnybody.not_found({ what: '个文件' });
  await tx.storedFile.delete({ where: { id: fileId } });
  await tx.studyRecord.update({
    where: { id: recordId },
    data: { ...(files.length === 1 && { handedInAt: null }), version: { increment: 1 }, updatedAt: now },
  });
  return { lessonId };
}

/** The lesson of one's own study record. @throws Refusal `not_found` for those of others */
export async function lessonOfOwnRecord({ tx, actor }: Pick<Scope, 'tx' | 'actor'>, recordId: number): Promise<number> {
  const record = await tx.studyRecord.findFirst({
    where: { id: recordId, student: { personId: personOf(actor) } },
    select: { lessonId: true },
  });
  if (!record) throw refuseAnybody.not_found({ what: '条学习记录' });
  return record.lessonId;
}

type OpenRecord = { gradedAt: Date | null; score: number; files: { id: number; size: number; createdAt: Date }[] };

/**
 * The record is held from here on: a lecturer who is grading right now decides before or after, never in between, and two
 * photographs sent at once are counted one after the other.
 * @throws Refusal `graded_already` where the grade was given for files
 */
async function lockOpenRecord(tx: Tx, recordId: number): Promise<OpenRecord> {
  const [record] = await tx.$queryRaw<Omit<OpenRecord, 'files'>[]>`
    SELECT "gradedAt", score FROM "StudyRecord" WHERE id = ${recordId} FOR NO KEY UPDATE`;
  if (!record) throw refuseAnybody.not_found({ what: '条学习记录' });
  const files = await tx.storedFile.findMany({
    where: { recordId },
    select: { id: true, size: true, createdAt: true },
  });
  if (!isOpen(record.gradedAt, files)) throw refuse.graded_already();
  return { ...record, files };
}

/** Whether homework may still be handed in and taken back: not graded, or graded when there was no file. */
export function isOpen(gradedAt: Date | null, files: readonly { createdAt: Date }[]): boolean {
  return gradedAt === null || files.every(({ createdAt }) => createdAt > gradedAt);
}

/** Once for each grade that was given without a file. */
async function tellGiver(
  { tx, tell, actor, today }: Scope,
  late: { lessonId: number; recordId: number; gradedAt: Date; score: number },
): Promise<void> {
  const [lesson] = await readAnnounced(tx, { id: late.lessonId });
  if (!lesson) return;
  await tell(
    ...giversOf(lesson).map((to) =>
      handedInLate.to(
        to,
        {
          student: actor.name,
          cohort: nameCohort(lesson.cohort),
          lesson: nameLesson(lesson),
          day: sayDay(dayFromDb(lesson.date), today),
          score: sayScore(late.score),
        },
        {
          once: `handedInLate:${late.recordId}:${late.gradedAt.getTime()}:${to}`,
          about: studyRecordSubject.of(late.recordId),
        },
      ),
    ),
  );
}

/** The student's own record of a lesson with homework; made where the roll was not called yet. */
async function ownRecord({ tx, actor, now }: Scope, lessonId: number): Promise<number> {
  const personId = personOf(actor);
  const lesson = await tx.lesson.findUnique({
    where: { id: lessonId },
    select: { hasHomework: true, cohortId: true, number: true, date: true, voidReason: true },
  });
  if (!lesson) throw refuseAnybody.not_found({ what: '节课' });
  const day = dayFromDb(lesson.date);
  const own = await tx.studyRecord.findFirst({ where: { lessonId, student: { personId } }, select: { id: true } });
  const member = await tx.cohortStudent.findFirst({
    where: { cohortId: lesson.cohortId, student: { personId }, ...staying(day) },
    select: { studentId: true },
  });
  if (!own && !member) throw refuseAnybody.not_found({ what: '节课' });
  const { number, voidReason } = lesson;
  if (voidReason !== null) throw refuse.lesson_void({ number, date: day, reason: voidReason });
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
