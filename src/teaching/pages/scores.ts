import type { PrismaClient } from '../../generated/prisma/client.ts';
import { refuse as refuseAnybody } from '../../kernel/refusal.ts';
import { definePage, type Page } from '../../web/define-page.ts';
import { ATTENDANCES, NOT_GRADED, SCORES } from '../choices.ts';
import { listHomework, streamHomework } from '../homework-zip.ts';
import { readScoreSheet, saveScores } from '../save-scores.ts';
import { SaveScores } from '../schema.ts';
import { lessonsOf } from '../visibility.ts';
import { titleOf } from './titles.ts';

type Files = Pick<PrismaClient, 'storedFile'>;

/** The score sheet of a lesson, and the homework it is given for. */
export function scorePages({ prisma }: { prisma: Files }): readonly Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/lessons/:id/scores',
      permission: 'lessons.scores',
      handler: async (c) => {
        const sheet = await c.inTransaction((scope) => readScoreSheet(scope, { lessonId: c.id() }));
        if (c.wantsJson) return c.json(sheet);
        const rows = sheet.rows.map((row) => ({
          ...row,
          attendanceSaid: row.attendance === 'present' ? '' : ATTENDANCES[row.attendance],
          shown: row.score === NOT_GRADED ? '' : row.letters,
          handedInSaid: row.handedInAt ? c.time.format(new Date(row.handedInAt)) : null,
        }));
        c.render(
          'teaching/scores',
          {
            ...sheet,
            rows,
            ...titleOf(sheet.lesson, c.today),
            letters: SCORES.map(([score, letters]) => ({ score, letters })),
            handedIn: rows.filter(({ files }) => files.length > 0).length,
          },
          {
            title: '成绩',
            crumbs: [
              { title: '上课记录', path: '/lessons' },
              { title: '这节课', path: `/lessons/${c.id()}` },
              { title: '成绩' },
            ],
            scripts: ['scores.js'],
            styles: ['teaching.css'],
          },
        );
      },
    }),
    definePage({
      method: 'POST',
      path: '/lessons/:id/scores',
      permission: 'lessons.scores',
      handler: async (c) => {
        const { scores } = c.input(SaveScores);
        const answer = await c.inTransaction(async (scope) => {
          const { changed } = await saveScores(scope, { lessonId: c.id(), scores });
          return { ...(await readScoreSheet(scope, { lessonId: c.id() })), changed };
        });
        c.json(answer);
      },
    }),
    definePage({
      method: 'GET',
      path: '/lessons/:id/homework.zip',
      permission: 'lessons.scores',
      handler: async (c) => {
        const homework = await c.inTransaction((scope) => listHomework(scope, { lessonId: c.id() }));
        c.download(homework.name, 'application/zip', streamHomework(prisma, homework));
      },
    }),
    definePage({
      method: 'GET',
      path: '/study-records/:id/files/:file',
      permission: 'study-records.list',
      handler: async (c) => {
        const file = await c.inTransaction(({ tx, actor }) =>
          tx.storedFile.findFirst({
            where: {
              id: c.id('file'),
              record: { id: c.id(), lesson: lessonsOf(actor, 'study-records.list') },
            },
          }),
        );
        if (!file) throw refuseAnybody.not_found({ what: '个文件' });
        c.download(file.name, 'application/octet-stream', Buffer.from(file.bytes));
      },
    }),
  ];
}
