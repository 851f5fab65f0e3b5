import { claimed } from '../customers/notices.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Parts } from '../wire.ts';
import { type Benchmark, type Measured, measure, summarize } from './benchmark.ts';

const NOTICES = 1_500;
/** As many as the outbox has in flight. */
const LANES = 20;

/** Draining the outbox over the WeChat channel to a platform that answers at once, against the same number of calls. */
export const outbox: Benchmark = {
  name: 'outbox',
  title: 'notices sent as template messages to a platform that answers at once, against its calls alone',
  run: ({ withParts }) =>
    withParts(async (parts) => {
      const { api, database } = parts;
      const people = await database.prisma.person.findMany({ where: { openid: { not: null } } });
      const bare = await measure(
        (n) =>
          api.sendTemplate({
            openid: people[n % people.length]?.openid ?? '',
            templateId: 't',
            data: {},
            clientMsgId: `${n}`,
          }),
        { lanes: LANES, most: NOTICES },
      );
      await parts.outbox.settle();
      await parts.inTransaction(systemActor, 'system', (scope) =>
        scope.tell(
          ...Array.from({ length: NOTICES }, (_, n) =>
            claimed.to(
              people[n % people.length]?.id ?? 0,
              { customer: `客户${n}`, by: '王强' },
              { once: `bench:${n}` },
            ),
          ),
        ),
      );
      const drained = await drain(parts);
      const comparedTo = { what: 'template/send alone', ...bare };
      return [comparedTo, { what: 'notices claimed, sent, settled', ...drained, comparedTo }];
    }),
};

async function drain({ outbox, database: { prisma } }: Parts): Promise<Measured> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await outbox.settle();
  const [seconds, spent] = [(performance.now() - began) / 1000, process.cpuUsage(cpu)];
  const count = await prisma.notification.count({ where: { once: { startsWith: 'bench:' }, state: 'sent' } });
  if (count < NOTICES) throw new Error(`only ${count} of ${NOTICES} notices were sent`);
  const each = (seconds * 1000 * LANES) / count;
  return summarize(
    Array.from({ length: count }, () => each),
    seconds,
    spent,
  );
}
