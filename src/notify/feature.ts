import type { Feature } from '../feature.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Channel } from './channels/channel.ts';
import { createNoticeFigures } from './figures.ts';
import { clearSentNotices } from './jobs.ts';
import { measurePauses } from './measure-pauses.ts';
import type { Outbox } from './outbox.ts';
import { type NotifyPagesParts, notifyPages } from './pages.ts';
import { createPauses } from './pauses.ts';
import { notificationsTable } from './table.ts';

/** What was told and what did not arrive, the templates' mapping, and everybody's own channels. */
export function createNotify(
  parts: Omit<NotifyPagesParts, 'configured'> & { channels: readonly Channel[]; outbox: Outbox; time: SchoolTime },
): Feature {
  const { channels, outbox, time, prisma, shared, clock, api } = parts;
  return {
    id: 'notify',
    tables: [notificationsTable({ time, catalogue: parts.catalogue, kick: outbox.kick })],
    pages: notifyPages({ ...parts, configured: channels.map(({ name }) => name) }),
    jobs: [clearSentNotices],
    figures: createNoticeFigures({ prisma }),
    measure: (metrics) => measurePauses({ metrics, pauses: createPauses({ shared, clock, appId: api.appId }), clock }),
  };
}
