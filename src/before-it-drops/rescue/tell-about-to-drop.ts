import { keepNumbers } from '../../customers/index.ts';
import type { Notice } from '../../kernel/notice.ts';
import type { Scope } from '../../kernel/scope.ts';
import { aboutToDrop } from '../notices.ts';
import { type ComingSweep, readComingSweep, saySweep } from './coming-sweep.ts';
import { countAboutToDrop, dueAt, findAboutToDrop } from './find-about-to-drop.ts';
import { readHeads, teamOf } from './heads.ts';
import { sayDrops, sayTeam, withNumbers } from './say-drops.ts';

/** Only the evening before: a school that sweeps once a week is not warned every day. */
const BEFORE_SWEEP_MS = 24 * 3_600_000;

/**
 * Tells each consultant once before a sweep what it will take from them (rule 2), with numbers that save whom a contact
 * saves; at most `limit` consultants at a time, returns how many. To be repeated until 0: then the heads of sales get
 * their people's counts. Run so late that the sweep it was due before is due too, it tells nothing: the next one has an
 * evening of its own.
 */
export async function tellAboutToDrop(scope: Scope, { dueAt, limit }: { dueAt: Date; limit: number }): Promise<number> {
  const sweep = await readComingSweep(scope, dueAt);
  const untilSweepMs = sweep.at.getTime() - scope.now.getTime();
  if (untilSweepMs <= 0 || untilSweepMs > BEFORE_SWEEP_MS) return 0;
  const consultants = await findUntold(scope, sweep, limit);
  if (consultants.length === 0) {
    await tellHeads(scope, sweep);
    return 0;
  }
  const drops = await findAboutToDrop(scope, sweep, consultants);
  const wanted = [...drops].flatMap(([id, { savable }]) =>
    savable.length > 0 ? [[id, savable.map((customer) => customer.id)] as const] : [],
  );
  const numbers = await keepNumbers(scope, { list: 'rescue', until: sweep.at, customers: new Map(wanted) });
  await scope.tell(
    ...[...drops].map(([to, own]) =>
      aboutToDrop.to(
        to,
        {
          count: own.savableCount + own.lostCount,
          lines: sayDrops(own, withNumbers(own, numbers.get(to) ?? []), scope),
          until: saySweep(sweep, scope),
        },
        { once: `aboutToDrop:${to}:${sweep.day}` },
      ),
    ),
  );
  return drops.size;
}

/** Who will lose somebody and has not been told of this sweep; who has left is not told. */
async function findUntold({ tx }: Scope, sweep: ComingSweep, limit: number): Promise<number[]> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT p.id FROM "Person" p
    WHERE p.active AND EXISTS (SELECT 1 FROM "Customer" c WHERE c."consultantId" = p.id AND ${dueAt(sweep)})
      AND NOT EXISTS (SELECT 1 FROM "Notification" n WHERE n.once = 'aboutToDrop:' || p.id || ':' || ${sweep.day})
    ORDER BY p.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

async function tellHeads(scope: Scope, sweep: ComingSweep): Promise<void> {
  const counts = await countAboutToDrop(scope, sweep);
  if (counts.length === 0) return;
  const heads = await readHeads(scope.tx);
  await scope.tell(
    ...heads.flatMap((head): Notice[] => {
      const team = teamOf(counts, head);
      const count = team.reduce((sum, own) => sum + own.count, 0);
      if (count === 0) return [];
      const data = { count, lines: sayTeam(team), until: saySweep(sweep, scope) };
      return [aboutToDrop.to(head.id, data, { once: `aboutToDropTeam:${head.id}:${sweep.day}` })];
    }),
  );
}
