import { keepLists } from '../../chat/lists.ts';
import type { Scope } from '../../kernel/scope.ts';

/** The kind of the list whose numbers save customers. */
export const RESCUE_KIND = 'rescue';

/**
 * Gives the customers of each person numbers that last until the sweep. Whoever has a number already keeps it, saved or
 * not, so that number 3 is one customer the whole evening; others are put behind. Returns each person's numbers in order.
 */
export async function numberUntilSweep(
  scope: Pick<Scope, 'tx' | 'now'>,
  sweepAt: Date,
  wanted: ReadonlyMap<number, readonly number[]>,
): Promise<Map<number, number[]>> {
  const { tx, now } = scope;
  const live = await tx.numberedList.findMany({
    where: { slot: 'rescue', personId: { in: [...wanted.keys()] }, expiresAt: { gt: now } },
    select: { personId: true, items: true },
  });
  const before = new Map(live.map(({ personId, items }) => [personId, items as number[]]));
  const numbers = new Map(
    [...wanted].map(([personId, ids]) => [personId, [...new Set([...(before.get(personId) ?? []), ...ids])]]),
  );
  await keepLists(
    scope,
    [...numbers].map(([personId, items]) => ({
      personId,
      slot: 'rescue',
      kind: RESCUE_KIND,
      items,
      expiresAt: sweepAt,
    })),
  );
  return numbers;
}
