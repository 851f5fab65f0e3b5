import { keepLists } from '../chat/lists.ts';
import type { Scope } from '../kernel/scope.ts';

/** The evening's and the morning's lists: where their numbers are kept, their kind, and the command that shows a page. */
export const KEPT = {
  rescue: { slot: 'rescue', kind: 'rescue', command: 'customers.about-to-drop' },
  reminder: { slot: 'reminder', kind: 'nextContacts', command: 'customers.contacts-today' },
} as const;

/** Which list, until when its numbers hold, and who is in it by person. */
export type Wanted = { list: keyof typeof KEPT; until: Date; customers: ReadonlyMap<number, readonly number[]> };

/**
 * Gives the customers of each person numbers that last: whoever has one already keeps it, done with or not, so that
 * number 3 is one customer all the evening; others are put behind. From now on these are the lists shown last. Returns
 * each person's customers in the order of their numbers.
 */
export async function keepNumbers(
  scope: Pick<Scope, 'tx' | 'now'>,
  { list, until, customers }: Wanted,
): Promise<Map<number, number[]>> {
  const { tx, now } = scope;
  const { slot, kind, command } = KEPT[list];
  const live = await tx.numberedList.findMany({
    where: { slot, personId: { in: [...customers.keys()] }, expiresAt: { gt: now } },
    select: { personId: true, items: true },
  });
  const before = new Map(live.map(({ personId, items }) => [personId, items as number[]]));
  const numbers = new Map(
    [...customers].map(([personId, ids]) => [personId, [...new Set([...(before.get(personId) ?? []), ...ids])]]),
  );
  await keepLists(
    scope,
    [...numbers].map(([personId, items]) => ({
      personId,
      slot,
      kind,
      items,
      expiresAt: until,
      pageQuery: { command, args: {}, page: 1 },
    })),
  );
  return numbers;
}
