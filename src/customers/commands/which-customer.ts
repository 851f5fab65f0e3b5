import { askWhich } from '../../chat/ask-back.ts';
import type { Talk } from '../../chat/define-command.ts';
import { readPlaces } from '../../chat/lists.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { normalName } from '../../kernel/normal/name.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { refuse } from '../phrases.ts';
import { visibleCustomers } from '../visibility.ts';
import { customersByWords, tellApart } from './find-by-words.ts';

/** The kinds of lists whose numbers are customers: the pool, one's own, what drops, whom to contact today. */
export const CUSTOMER_LISTS: readonly string[] = ['pool', 'mine', 'rescue', 'nextContacts'];

/** Among whom somebody is looked for; `say` is the act, for asking back with numbers, `from` the words that list them. */
export type Among = { among?: Prisma.CustomerWhereInput; say?: string; from?: readonly string[] };

const NUMBERS = { kinds: CUSTOMER_LISTS, from: ['我的客户', '公海'], which: '哪一位' } as const;

/**
 * The customer somebody means by a number of the list shown last, by the beginning of a name, or by a phone or QQ they
 * may see, among those they may do this with: the exact name first, else the only one that begins so.
 * @throws Refusal `no_such_number`, `no_such_customer`; AskBack with the candidates, numbered
 */
export async function meantCustomer(said: string | undefined, talk: Talk, options: Among = {}): Promise<number> {
  // One number only: several are asked back.
  if (said === undefined || readPlaces(said) !== null) return talk.nth(said, NUMBERS);
  const [only = 0] = await meantCustomers([said], talk, options);
  return only;
}

/**
 * All customers somebody means: by numbers of the list shown last (2、3), or by names.
 * @throws Refusal `no_such_number`, `no_such_customer`; AskBack where a name is several people's
 */
export async function meantCustomers(
  said: readonly string[],
  talk: Talk,
  { among = visibleCustomers(talk.scope.actor), say = '客户', from = NUMBERS.from }: Among = {},
): Promise<number[]> {
  const numbers = { ...NUMBERS, from };
  if (said.length === 0) return talk.nths(undefined, numbers);
  const ids: number[] = [];
  for (const word of said) {
    if (readPlaces(word) !== null || !/\p{L}|\d{5}/u.test(word)) ids.push(...talk.nths(word, numbers));
    else ids.push(await byWords(word, talk, { among, say }));
  }
  return [...new Set(ids)];
}

async function byWords(
  said: string,
  talk: Talk,
  { among, say }: { among: Prisma.CustomerWhereInput; say: string },
): Promise<number> {
  const { scope } = talk;
  const found = await customersByWords(scope, said, among);
  const [only] = found;
  if (!only) throw (await runsOn(scope, said, { among, say })) ?? refuse.no_such_customer({ said });
  if (found.length === 1) return only.id;
  const candidates = found.map((customer) => ({ id: customer.id, line: tellApart(scope, customer) }));
  const kind = found.every(({ consultantId }) => consultantId === null) ? 'pool' : 'mine';
  throw askWhich({ said, kind, candidates, say: `${say} 1` });
}

/** 跟进 李雷聊过了: a name that what was said begins with is asked about, for 李雷聊 might be somebody else. */
async function runsOn(
  { tx }: Pick<Talk['scope'], 'tx'>,
  said: string,
  { among, say }: { among: Prisma.CustomerWhereInput; say: string },
): Promise<Refusal | null> {
  const signs = [...normalName(said)];
  const beginnings = signs.map((_, at) => signs.slice(0, at + 1).join('')).filter((name) => [...name].length > 1);
  const known = await tx.customer.findMany({
    where: { AND: [among, { name: { in: beginnings } }] },
    select: { name: true },
    distinct: ['name'],
  });
  const name = known.map((one) => one.name).sort((a, b) => b.length - a.length)[0];
  return name === undefined ? null : refuse.name_runs_on({ name, say, rest: signs.slice([...name].length).join('') });
}

/** The number a customer has in the list shown last, for the next thing to say; null where it has none. */
export function numberOf(customerId: number, talk: Talk): number | null {
  const list = talk.list();
  const place = list && CUSTOMER_LISTS.includes(list.kind) ? list.items.indexOf(customerId) : -1;
  return place < 0 ? null : place + 1;
}
