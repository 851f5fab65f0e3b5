import type { Talk } from '../../chat/define-command.ts';

/** The kinds of lists whose numbers are customers. */
export const CUSTOMER_LISTS = ['pool', 'mine'] as const;

/** Reads the number of a customer from whichever list of customers was shown last. */
export function nthCustomer(n: string | undefined, talk: Talk): number {
  return talk.nth(n, { kinds: CUSTOMER_LISTS, from: ['我的客户', '公海'], which: '哪一位' });
}

/** The number a customer still has in the person's list, for the next thing to say; 1 stands for it where there is none. */
export function numberOf(customerId: number, talk: Talk): number {
  const place = talk.list()?.items.indexOf(customerId) ?? -1;
  return place < 0 ? 1 : place + 1;
}
