import type { Talk } from '../../chat/define-command.ts';
import { readPlace } from '../../chat/lists.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { literally } from '../../kernel/literally.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { refuse } from '../phrases.ts';
import { visibleCustomers } from '../visibility.ts';

/** The kinds of lists whose numbers are customers. */
const CUSTOMER_LISTS = ['pool', 'mine'] as const;
const MOST_NAMED = 5;

/**
 * The customer somebody means by a number of the list shown last, or by the beginning of a name among those they may do
 * this with: the exact name first, else the only one that begins so.
 * @throws Refusal `no_such_number`, `several_customers` with the candidates, `no_such_customer`
 */
export async function meantCustomer(
  said: string | undefined,
  talk: Talk,
  among: Prisma.CustomerWhereInput = visibleCustomers(talk.scope.actor),
): Promise<number> {
  if (said === undefined || !/^\p{L}/u.test(said) || readPlace(said) !== null)
    return talk.nth(said, { kinds: CUSTOMER_LISTS, from: ['我的客户', '公海'], which: '哪一位' });
  const name = normalName(said);
  const begins = await talk.scope.tx.customer.findMany({
    where: { AND: [among, literally({ name: { startsWith: name } })] },
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MOST_NAMED + 1,
  });
  const exact = begins.filter((one) => one.name === name);
  const [only, ...others] = exact.length > 0 ? exact : begins;
  if (!only) throw refuse.no_such_customer({ said });
  if (others.length > 0)
    throw refuse.several_customers({ said, names: [only, ...others].map(({ name }) => name), most: MOST_NAMED });
  return only.id;
}

/** The number a customer has in the person's list, for the next thing to say; null where it has none. */
export function numberOf(customerId: number, talk: Talk): number | null {
  const list = talk.list();
  const place = list && CUSTOMER_LISTS.some((kind) => kind === list.kind) ? list.items.indexOf(customerId) : -1;
  return place < 0 ? null : place + 1;
}
