import { z } from 'zod';
import { may } from '../../access/access.ts';
import { personOf } from '../../kernel/actor.ts';
import { refuse as refuseAnybody } from '../../kernel/refusal.ts';
import { sayDay } from '../../kernel/school-time.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../../web/define-page.ts';
import { drawScores } from '../charts.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import { MOST_HOMEWORK_BYTES } from '../file-kinds.ts';
import { handInHomework } from '../hand-in-homework.ts';
import { refuse } from '../phrases.ts';
import { type Counts, sayCounts } from '../roster.ts';
import { HandIn } from '../schema.ts';
import { type OwnCohort, type OwnLesson, readOwnCohorts, readOwnLesson } from '../student-view.ts';
import { asPicture } from './charts.ts';

const PortalQuery = z.object({
  cohort: z.coerce.number().int().optional(),
  chart: z.enum(['line', 'bar']).catch('line').default('line'),
});

const STATES = { none: null, todo: ['没交', 'warn'], handedIn: ['等批改', 'info'], graded: null } as const;

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
      const { memo } = c.input(HandIn);
      const [file] = c.files;
      if (!file) throw refuse.no_file();
      const { lesson, replaced } = await c.inTransaction(async (scope) => {
        const { replaced } = await handInHomework(scope, { lessonId: c.id(), file, memo });
        return { replaced, lesson: await readOwnLesson(scope, { lessonId: c.id() }) };
      });
      if (c.wantsJson) return c.json({ row: lesson });
      c.redirect(`/portal/lessons/${c.id()}`, replaced ? '换好了，批改前还可以再换' : '交好了，批改前还可以换');
    },
    invalid: async (c, problems) => {
      const lesson = await c.inTransaction((scope) => readOwnLesson(scope, { lessonId: c.id() }));
      showLesson(c, lesson, problems);
    },
  }),
  definePage({
    method: 'GET',
    path: '/portal/lessons/:id/homework',
    permission: 'portal.show',
    handler: async (c) => {
      const file = await c.inTransaction(({ tx, actor }) =>
        tx.storedFile.findFirst({ where: { record: { lessonId: c.id(), student: { personId: personOf(actor) } } } }),
      );
      if (!file) throw refuseAnybody.not_found({ what: '份作业' });
      c.download(file.name, 'application/octet-stream', Buffer.from(file.bytes));
    },
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

async function showPortal(c: PageContext): Promise<void> {
  const { cohort: wanted, chart } = c.query(PortalQuery);
  const cohorts = await c.inTransaction((scope) => readOwnCohorts(scope));
  if (c.wantsJson) return c.json({ rows: cohorts });
  const cohort = cohorts.find(({ id }) => id === wanted) ?? cohorts[0] ?? null;
  c.render(
    'teaching/portal',
    {
      cohorts: cohorts.map(({ id, name }) => ({ id, name, on: id === cohort?.id })),
      cohort: cohort && viewOf(cohort, c),
      chart: cohort && asPicture(drawScores(cohort.lessons, chart)),
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

function viewOf(cohort: OwnCohort, c: PageContext) {
  const begun = cohort.lessons.filter(({ date }) => date <= c.today);
  return {
    ...cohort,
    countsSaid: sayCounts(cohort.counts),
    rate: rateOf(cohort.counts),
    done: begun.length,
    total: cohort.lessons.length,
    next: cohort.lessons.find(({ date }) => date > c.today) ?? null,
    lessons: [...begun].reverse().map((lesson) => rowOf(lesson, c)),
  };
}

/** How many of a hundred lessons one was there for; late and left early were there. Null before the first. */
function rateOf({ present, late, leftEarly, absent, excused }: Counts): number | null {
  const there = present + late + leftEarly;
  const all = there + absent + excused;
  return all === 0 ? null : Math.round((there / all) * 100);
}

function rowOf(lesson: OwnLesson, c: PageContext) {
  const [state, tone] = STATES[lesson.homework] ?? [null, null];
  return {
    ...lesson,
    day: sayDay(lesson.date, c.today),
    attendanceSaid: lesson.attendance && SHORT_ATTENDANCES[lesson.attendance],
    attendanceTone: lesson.attendance === 'present' ? '' : lesson.attendance === 'absent' ? 'bad' : 'warn',
    state,
    tone,
    shown: lesson.score === -1 ? null : lesson.letters,
  };
}

function showLesson(c: PageContext, lesson: Awaited<ReturnType<typeof readOwnLesson>>, problems?: FormProblems): void {
  c.render(
    'teaching/own-lesson',
    {
      lesson,
      day: sayDay(lesson.date, c.today),
      attendanceSaid: lesson.attendance && SHORT_ATTENDANCES[lesson.attendance],
      mayHandIn: lesson.hasHomework && !lesson.graded,
      values: problems?.values ?? { memo: lesson.memo },
      problem: problems && (problems.fields.memo ?? problems.message),
    },
    {
      title: `第 ${lesson.number} 节`,
      status: problems?.status,
      crumbs: [{ title: '我的学习', path: `/portal?cohort=${lesson.cohort.id}` }, { title: `第 ${lesson.number} 节` }],
      scripts: ['teaching-hand-in.js'],
      styles: ['teaching.css'],
    },
  );
}
