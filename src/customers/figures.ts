import { may, rowScope } from '../access/access.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { nextDueTime } from '../jobs/due-times.ts';
import { sayMoment } from '../kernel/say-moment.ts';
import { addDays, dayToDb } from '../kernel/school-time.ts';
import { readSettings } from '../settings/index.ts';
import type { PageContext } from '../web/define-page.ts';
import type { Figure } from '../web/home.ts';
import { dropLimits } from './rules.ts';
import { heldBy, visiblePool, within } from './visibility.ts';

/**
 * What concerns whoever works with customers today, each with the list it counts: how many are being followed, how many
 * the next sweep takes (told apart by whether a contact still saves them, rule 2), whom to contact today, the pool.
 */
export function createCustomerFigures({ prisma }: { prisma: PrismaClient }) {
  return async ({ reader, time }: Pick<PageContext, 'reader' | 'time'>): Promise<Figure[]> => {
    const { actor, now, today } = reader;
    if (!may(actor, 'customers.list')) return [];
    const settings = await readSettings(prisma);
    const nextSweep = nextDueTime(settings.sweepCron, time.zone, now);
    const { contactedBefore, receivedBefore } = dropLimits(nextSweep ? time.dayOf(nextSweep) : today, settings);
    const until = nextSweep ? sayMoment(nextSweep, { today, time }) : '今天';
    const isOwn = rowScope(actor, 'customers.list') === 'own';
    const held = { AND: [heldBy(actor), { status: 'notEnrolled' as const }] };

    const [following, savable, overdue, toContact, pool] = await Promise.all([
      prisma.assignment.count({ where: { AND: [within(actor, 'assignments.list'), { state: 'following' }] } }),
      prisma.customer.count({
        where: {
          ...held,
          lastContactedOn: { lt: dayToDb(contactedBefore) },
          receivedOn: { gte: dayToDb(receivedBefore) },
        },
      }),
      prisma.customer.count({ where: { ...held, receivedOn: { lt: dayToDb(receivedBefore) } } }),
      prisma.customer.count({ where: { AND: [heldBy(actor), { nextContactOn: dayToDb(today) }] } }),
      prisma.customer.count({ where: visiblePool(actor) }),
    ]);

    const whose = isOwn ? `consultantId=${actor.id}` : 'held=true';
    const list = (more: string) => `/customers?${whose}&${more}`;
    const upTo = (day: string) => `..${addDays(day, -1)}`;
    return [
      {
        title: '正在跟进',
        value: following,
        path: isOwn ? '/my-customers?state=following' : '/assignments?state=following',
      },
      {
        title: `${until}会掉，联系就能留住`,
        value: savable,
        path: list(`status=notEnrolled&lastContactedOn=${upTo(contactedBefore)}&receivedOn=${receivedBefore}..`),
        ...(savable > 0 && { tone: 'warn' as const }),
      },
      ...(overdue > 0
        ? [
            {
              title: `${until}满 ${settings.noDealDays} 天，成单才能留住`,
              value: overdue,
              path: list(`status=notEnrolled&receivedOn=${upTo(receivedBefore)}`),
              tone: 'bad' as const,
            },
          ]
        : []),
      { title: '约好今天联系', value: toContact, path: list(`nextContactOn=${today}`) },
      { title: '公海', value: pool, path: '/pool' },
    ];
  };
}
