import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import { nameLesson } from './cohort-name.ts';
import { safeFileName } from './file-kinds.ts';
import { refuse } from './phrases.ts';
import { readRoster } from './roster.ts';
import { findLedLesson } from './visibility.ts';

export type HomeworkList = { name: string; files: { id: number; name: string; at: Date }[] };

/**
 * A lesson's homework as it goes into the zip: each file called after its student, 科比.pdf, or 科比-1.jpg and 科比-2.jpg
 * for several. Students of one name, whether both handed in or not, carry their account: 王伟(wangwei2).pdf.
 * @throws Refusal `nothing_handed_in`, `not_your_cohort`, `not_found`
 */
export async function listHomework(scope: Scope, { lessonId }: { lessonId: number }): Promise<HomeworkList> {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.scores', '下载作业');
  const nameOf = await namesInZip(scope, lessonId);
  const records = await scope.tx.studyRecord.findMany({
    where: { lessonId, files: { some: {} } },
    select: {
      studentId: true,
      handedInAt: true,
      files: { select: { id: true, name: true, createdAt: true }, orderBy: { id: 'asc' } },
    },
    orderBy: { studentId: 'asc' },
  });
  if (records.length === 0) throw refuse.nothing_handed_in();
  const files = records.flatMap(({ studentId, files }) =>
    files.map(({ id, name, createdAt }, index) => {
      const extension = /\.[a-z0-9_]{1,16}$/i.exec(name)?.[0] ?? '';
      const nth = files.length > 1 ? `-${index + 1}` : '';
      return { id, name: `${nameOf(studentId)}${nth}${extension}`, at: createdAt };
    }),
  );
  return { name: safeFileName(`${lesson.cohort}-${nameLesson(lesson)}-作业.zip`), files };
}

/** What each student of the lesson is called in a folder: by name, and by account too where others share it. */
async function namesInZip({ tx }: Scope, lessonId: number): Promise<(studentId: number) => string> {
  const roster = await readRoster(tx, lessonId);
  const people = await tx.person.findMany({
    where: { id: { in: roster.map(({ personId }) => personId) } },
    select: { username: true, student: { select: { id: true } } },
  });
  const accounts = new Map(people.map(({ username, student }) => [student?.id, username]));
  // Folders of many systems take upper and lower case, and what safeFileName makes equal, for one name.
  const plain = new Map(roster.map(({ studentId, name }) => [studentId, safeFileName(name, 40)]));
  const times = new Map<string, number>();
  for (const name of plain.values()) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  return (studentId) => {
    const name = plain.get(studentId) ?? '未命名';
    const isShared = (times.get(name.toLowerCase()) ?? 0) > 1;
    return isShared ? `${name}(${safeFileName(accounts.get(studentId) ?? String(studentId), 40)})` : name;
  };
}

/** The zip as a stream; one file at a time is in memory, read when its turn comes. */
export function streamHomework(prisma: Pick<PrismaClient, 'storedFile'>, { files }: HomeworkList): Readable {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  zip.on('error', (error) => out.destroy(error as Error));
  for (const { id, name, at } of files)
    zip.addReadStreamLazy(name, { mtime: at }, (done) => {
      prisma.storedFile
        .findUniqueOrThrow({ where: { id }, select: { bytes: true } })
        .then(({ bytes }) => done(null, Readable.from([Buffer.from(bytes)])))
        .catch((error) => done(error, Readable.from([])));
    });
  zip.end();
  return out;
}
