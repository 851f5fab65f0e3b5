import { z } from 'zod';
import { refuse as refuseAnybody } from '../../kernel/refusal.ts';
import { definePage, type Page } from '../../web/define-page.ts';
import { drawScores } from '../charts.ts';
import { readCohortsOf } from '../student-view.ts';
import { cohortsOf } from '../visibility.ts';
import { asPicture } from './charts.ts';
import { viewOf } from './cohort-view.ts';

const Query = z.object({ chart: z.enum(['line', 'bar']).catch('line').default('line') });

/** 成绩和考勤 of one student, for who teaches them: in the cohorts they lead, each with chart, attendance and rank. */
export const learningPages: readonly Page[] = [
  definePage({
    method: 'GET',
    path: '/students/:id/learning',
    permission: 'study-records.list',
    handler: async (c) => {
      const { chart } = c.query(Query);
      const { student, cohorts } = await c.inTransaction(async (scope) => ({
        student: await scope.tx.student.findUnique({
          where: { id: c.id() },
          select: { id: true, person: { select: { name: true, username: true } } },
        }),
        cohorts: await readCohortsOf(scope, {
          studentId: c.id(),
          where: cohortsOf(scope.actor, 'study-records.list'),
        }),
      }));
      if (!student || cohorts.length === 0) throw refuseAnybody.not_found({ what: '位学员' });
      const { name, username } = student.person;
      if (c.wantsJson) return c.json({ student: { id: student.id, name, username }, rows: cohorts });
      c.render(
        'teaching/student-learning',
        {
          student: { id: student.id, name, username },
          chartKind: chart,
          cohorts: cohorts.map((cohort) => ({
            ...viewOf(cohort, c.today),
            chart: asPicture(
              drawScores(
                cohort.lessons.filter(({ mine }) => mine),
                chart,
              ),
            ),
          })),
        },
        {
          title: `${name}的成绩和考勤`,
          crumbs: [
            { title: '学员', path: '/students' },
            { title: name, path: `/students/${student.id}` },
            { title: '成绩和考勤' },
          ],
          styles: ['teaching.css'],
        },
      );
    },
  }),
];
