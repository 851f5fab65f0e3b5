import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import { nameLesson } from './cohort-name.ts';
import { safeFileName } from './file-kinds.ts';
import { refuse } from './phrases.ts';
import { findLedLesson } from './visibility.ts';

export type HomeworkList = { name: string; files: { id: number; name: string; at: Date }[] };

/**
 * A lesson's homework as it goes into the zip: each file called after its student, 科比.pdf, 科比 (2).pdf for the second
 * of that name.
 * @throws Refusal `nothing_handed_in`, `not_your_cohort`, `not_found`
 */
export async function listHomework(scope: Scope, { lessonId }: { lessonId: number }): Promise<HomeworkList> {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.scores', '下载作业');
  const records = await scope.tx.studyRecord.findMany({
    where: { lessonId, homeworkFileId: { not: null } },
    select: {
      handedInAt: true,
      student: { select: { person: { select: { name: true } } } },
      homeworkFile: { select: { id: true, name: true } },
    },
    orderBy: { studentId: 'asc' },
  });
  if (records.length === 0) throw refuse.nothing_handed_in();
  const taken = new Map<string, number>();
  const files = records.flatMap(({ student, homeworkFile, handedInAt }) => {
    if (!homeworkFile) return [];
    const extension = /\.[a-z0-9_]{1,8}$/i.exec(homeworkFile.name)?.[0] ?? '';
    const person = safeFileName(student.person.name, 40);
    const nth = (taken.get(person.toLowerCase()) ?? 0) + 1;
    taken.set(person.toLowerCase(), nth);
    const name = `${person}${nth > 1 ? ` (${nth})` : ''}${extension}`;
    return [{ id: homeworkFile.id, name, at: handedInAt ?? scope.now }];
  });
  return { name: safeFileName(`${lesson.cohort}-${nameLesson(lesson)}-作业.zip`), files };
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
