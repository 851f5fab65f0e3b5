import { z } from 'zod';
import { may } from '../../access/access.ts';
import { personOf } from '../../kernel/actor.ts';
import { refuse as refuseAnybody } from '../../kernel/refusal.ts';
import { sayDay } from '../../kernel/school-time.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../../web/define-page.ts';
import { drawScores } from '../charts.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import { MOST_HOMEWORK_BYTES, MOST_HOMEWORK_FILES } from '../file-kinds.ts';
import { handInHomework, lessonOfOwnRecord, removeHomeworkFile } from '../hand-in-homework.ts';
import { refuse } from '../phrases.ts';
import { HandIn } from '../schema.ts';
import { readOwnCohorts, readOwnLesson } from '../student-view.ts';
import { asPicture } from './charts.ts';
import { viewOf } from './cohort-view.ts';

const PortalQuery = z.object({
  cohort: z.coerce.number().int().optional(),
  chart: z.enum(['line', 'bar']).catch('line').default('line'),
});

/** 我的学习: what a student sees of their cohorts, and where homework is handed in. */
export const portalPages: readonly Page[] = [
  definePage({ method: 'GET', path: '/portal', permission: 'portal.show', handler: showPortal }),
  definePage({
    method: 'GET',
    path: '/portal/lessons/:id',
    permission: 'portal.show',
    handler: async (c) => {
      const lesson = await c.inTransaction((scope) => readOwnLesson(scope, { lessonId: c.id() }));
      if (c.wantsJson) return c.json({ row: lesson });
      showLesson(c, lesson);
    },
  }),
  definePage({
    method: 'POST',
    path: '/portal/lessons/:id/homework',
    permission: 'portal.homework',
    upload: { maxBytes: MOST_HOMEWORK_BYTES, maxFiles: 1 },
    handler: async (c) => {
      const { file, memo } = handedIn(c);
      const { lesson, late } = await c.inTransaction(async (scope) => {
        const { late } = await handInHomework(scope, { lessonId: c.id(), file, memo });
        return { late, lesson: await readOwnLesson(scope, { lessonId: c.id() }) };
      });
      if (c.wantsJson) return c.json({ row: lesson });
      c.redirect(`/portal/lessons/${c.id()}`, sayHandedIn(late));
    },
    invalid: async (c, problems) => {
      const lesson = await c.inTransaction((scope) => readOwnLesson(scope, { lessonId: c.id() }));
      showLesson(c, lesson, problems);
    },
  }),
  definePage({
    method: 'POST',
    path: '/portal/records/:id/files',
    permission: 'portal.homework',
    upload: { maxBytes: MOST_HOMEWORK_BYTES, maxFiles: 1 },
    handler: async (c) => {
      const { file, memo } = handedIn(c);
      const { lessonId, ...kept } = await c.inTransaction(async (scope) => {
        const lessonId = await lessonOfOwnRecord(scope, c.id());
        return { lessonId, ...(await handInHomework(scope, { lessonId, file, memo })) };
      });
      const { fileId: id, name, size, late } = kept;
      if (c.wantsJson) return c.json({ id, row: { id, name, size }, late }, 201);
      c.redirect(`/portal/lessons/${lessonId}`, sayHandedIn(late));
    },
  }),
  definePage({
    method: 'GET',
    path: '/portal/records/:id/files/:file',
    permission: 'portal.show',
    handler: async (c) => {
      const file = await c.inTransaction(({ tx, actor }) =>
        tx.storedFile.findFirst({
          where: { id: c.id('file'), recordId: c.id(), record: { student: { personId: personOf(actor) } } },
        }),
      );
      if (!file) throw refuseAnybody.not_found({ what: '个文件' });
      c.download(file.name, 'application/octet-stream', Buffer.from(file.bytes));
    },
  }),
  definePage({
    method: 'DELETE',
    path: '/portal/records/:id/files/:file',
    permission: 'portal.homework',
    handler: removeFile,
  }),
  // Browsers' forms know no DELETE.
  definePage({
    method: 'POST',
    path: '/portal/records/:id/files/:file/remove',
    permission: 'portal.homework',
    handler: removeFile,
  }),
  definePage({
    method: 'GET',
    path: '/portal/records/:id',
    permission: 'signedIn',
    handler: async (c) => {
      const record = await c.inTransaction(({ tx }) =>
        tx.studyRecord.findUnique({
          where: { id: c.id() },
          select: { lessonId: true, student: { select: { personId: true } } },
        }),
      );
      if (record && record.student.personId === c.actor.id) return c.redirect(`/portal/lessons/${record.lessonId}`);
      if (may(c.actor, 'study-records.list')) return c.redirect(`/study-records/${c.id()}`);
      throw refuseAnybody.not_found({ what: '条学习记录' });
    },
  }),
];

async function removeFile(c: PageContext): Promise<void> {
  const ids = { recordId: c.id(), fileId: c.id('file') };
  const { lessonId } = await c.inTransaction((scope) => removeHomeworkFile(scope, ids));
  if (c.wantsJson) return c.json({ row: { id: ids.fileId } });
  c.redirect(`/portal/lessons/${lessonId}`, '删掉了');
}

function sayHandedIn(late: boolean): string {
  return late ? '交好了。这次已经给过成绩，讲师会知道你补交了' : '交好了，批改前还可以增减';
}

async function showPortal(c: PageContext): Promise<void> {
  const { cohort: wanted, chart } = c.query(PortalQuery);
  const cohorts = await c.inTransaction((scope) => readOwnCohorts(scope));
  if (c.wantsJson) return c.json({ rows: cohorts });
  const cohort = cohorts.find(({ id }) => id === wanted) ?? cohorts[0] ?? null;
  c.render(
    'teaching/portal',
    {
      cohorts: cohorts.map(({ id, name }) => ({ id, name, on: id === cohort?.id })),
      cohort: cohort && viewOf(cohort, c.today),
      chart:
        cohort &&
        asPicture(
          drawScores(
            cohort.lessons.filter(({ mine }) => mine),
            chart,
          ),
        ),
      chartKind: chart,
      todo: cohorts.flatMap(({ name, lessons }) =>
        lessons
          .filter(({ homework }) => homework === 'todo')
          .map((lesson) => ({ ...lesson, cohort: name, day: sayDay(lesson.date, c.today) })),
      ),
    },
    { title: '我的学习', crumbs: [{ title: '我的学习' }], styles: ['teaching.css'] },
  );
}

/** 320 KB, 4.2 MB */
function saySize(bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return kilobytes < 1000 ? `${kilobytes} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function showLesson(c: PageContext, lesson: Awaited<ReturnType<typeof readOwnLesson>>, problems?: FormProblems): void {
  c.render(
    'teaching/own-lesson',
    {
      lesson,
      day: sayDay(lesson.date, c.today),
      attendanceSaid: lesson.attendance && SHORT_ATTENDANCES[lesson.attendance],
      isLate: lesson.graded && lesson.mayHandIn,
      mostFiles: MOST_HOMEWORK_FILES,
      files: lesson.files.map((file) => ({ ...file, sizeSaid: saySize(file.size) })),
      values: problems?.values ?? { memo: lesson.memo },
      problem: problems && (problems.fields.memo ?? problems.message),
    },
    {
      title: `第 ${lesson.number} 节`,
      status: problems?.status,
      crumbs: [{ title: '我的学习', path: `/portal?cohort=${lesson.cohort.id}` }, { title: `第 ${lesson.number} 节` }],
      scripts: ['hand-in.js'],
      styles: ['teaching.css'],
    },
  );
}

/** The one file of a request, with what the student says of it. @throws Refusal `no_file` */
function handedIn(c: PageContext) {
  const { memo } = c.input(HandIn);
  const [file] = c.files;
  if (!file) throw refuse.no_file();
  return { file, memo };
}
