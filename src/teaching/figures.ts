import { may } from '../access/access.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { addDays, dayToDb } from '../kernel/school-time.ts';
import type { PageContext } from '../web/define-page.ts';
import type { Figure } from '../web/home.ts';
import { ahead, lecturerAway, UNCALLED_DAYS } from './lessons-ahead.ts';
import { lessonsOf } from './visibility.ts';

/**
 * What waits for whoever leads lessons, each with the list it counts: rolls nobody called, and lessons ahead whose
 * lecturer was deactivated or is on leave. Nothing is said where nothing waits.
 */
export function createTeachingFigures({ prisma }: { prisma: PrismaClient }) {
  return async ({ reader }: Pick<PageContext, 'reader'>): Promise<Figure[]> => {
    const { actor, today } = reader;
    if (!may(actor, 'lessons.list')) return [];
    const mine = lessonsOf(actor, 'lessons.list');
    const [since, until] = [addDays(today, -UNCALLED_DAYS), addDays(today, -1)];
    const [uncalled, away] = await Promise.all([
      prisma.lesson.count({
        where: { AND: [mine, { calledAt: null, voidedAt: null, date: { gte: dayToDb(since), lte: dayToDb(until) } }] },
      }),
      prisma.lesson.count({ where: { AND: [mine, ahead(today), { lecturer: lecturerAway(today) }] } }),
    ]);
    const figures: Figure[] = [];
    if (away > 0)
      figures.push({ title: '讲师不在的课', value: away, path: '/lessons?lecturerAway=true&sort=date', tone: 'bad' });
    if (uncalled > 0)
      figures.push({
        title: '上过还没点名的课',
        value: uncalled,
        path: `/lessons?date=${since}..${until}&called=false&voided=false`,
        tone: 'warn',
      });
    return figures;
  };
}
