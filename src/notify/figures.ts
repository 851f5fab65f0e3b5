import { may } from '../access/access.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { PageContext } from '../web/define-page.ts';
import type { Figure } from '../web/home.ts';
import { visibleNotices } from './table.ts';

/** How many notices did not get through, for whoever looks after them. */
export function createNoticeFigures({ prisma }: { prisma: PrismaClient }) {
  return async ({ reader }: PageContext): Promise<Figure[]> => {
    if (!may(reader.actor, 'notifications.list')) return [];
    const where = { AND: [visibleNotices(reader), { state: { in: ['dead', 'unreachable'] } }] };
    const value = await prisma.notification.count({ where: where as never });
    return [
      {
        title: '没送到的通知',
        value,
        path: '/notifications?state=dead&state=unreachable',
        ...(value > 0 && { tone: 'bad' as const }),
      },
    ];
  };
}
