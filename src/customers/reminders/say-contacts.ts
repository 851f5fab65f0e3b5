import { shorten } from '../phrases.ts';

/** A customer somebody meant to contact today. */
export type DueContact = { id: number; name: string; lastNote: string | null };

const MOST_NUMBERED = 5;
const LONGEST_LINE = 44;

/** The reminder's lines: whom to contact, numbered, what was said last, and how to answer. */
export function sayContacts(customers: readonly (DueContact & { number: number })[]): string[] {
  const rest = customers.length - MOST_NUMBERED;
  const first = customers[0]?.number ?? 1;
  return [
    ...customers
      .slice(0, MOST_NUMBERED)
      .map(({ number, name, lastNote }) =>
        shorten([`${number} ${name}`, lastNote].filter(Boolean).join(' · '), LONGEST_LINE),
      ),
    ...(rest > 0 ? [`……还有 ${rest} 位`] : []),
    `聊完回复「${first} 内容」记跟进，「${first} 明天」改天，「稍后」两小时后再提醒`,
  ];
}
