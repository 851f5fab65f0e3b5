import { definePage, type Page } from '../../web/define-page.ts';
import { type Chart, drawAttendance, drawDistribution, SIZES } from '../charts.ts';
import { readCohortStats } from '../cohort-stats.ts';

/** A chart for the partial: pictures for an `img`, because inline SVG may carry no styles of its own (CSP). */
export function asPicture({ title, picture }: Chart) {
  const src = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return { title, sizes: SIZES, picture: picture && { wide: src(picture.wide), narrow: src(picture.narrow) } };
}

/** How a cohort stands: scores, attendance by lesson, ranks. */
export const chartPages: readonly Page[] = [
  definePage({
    method: 'GET',
    path: '/cohorts/:id/charts',
    permission: 'lessons.list',
    handler: async (c) => {
      const stats = await c.inTransaction((scope) => readCohortStats(scope, { cohortId: c.id() }));
      if (c.wantsJson) return c.json(stats);
      c.render(
        'teaching/cohort-charts',
        {
          ...stats,
          distribution: asPicture(drawDistribution(stats.scores)),
          attendance: asPicture(drawAttendance(stats.lessons)),
        },
        {
          title: '成绩和出勤',
          crumbs: [
            { title: '班级', path: '/cohorts' },
            { title: stats.cohort.name, path: `/cohorts/${stats.cohort.id}` },
            { title: '成绩和出勤' },
          ],
          styles: ['teaching.css'],
        },
      );
    },
  }),
];
