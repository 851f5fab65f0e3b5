import { sayContact, shorten } from '../../customers/index.ts';
import type { Scope } from '../../kernel/scope.ts';

/** A customer somebody meant to contact today, as the holder sees it. */
export type DueContact = {
  id: number;
  name: string;
  phone: string | null;
  qq: string | null;
  wechat: string | null;
  lastNote: string | null;
};

export const MOST_NUMBERED = 5;
const LONGEST_LINE = 56;

/** Whom these consultants meant to contact today and have not yet: a contact clears the day's appointment. */
export async function readDueContacts(
  { tx, today }: Pick<Scope, 'tx' | 'today'>,
  { consultantIds }: { consultantIds: readonly number[] },
): Promise<Map<number, DueContact[]>> {
  const rows = await tx.$queryRaw<(DueContact & { consultantId: number })[]>`
    SELECT c.id, c.name, c.phone, c.qq, c.wechat, c."consultantId",
      (SELECT f.note FROM "FollowUp" f WHERE f."customerId" = c.id ORDER BY f.id DESC LIMIT 1) AS "lastNote"
    FROM "Customer" c
    WHERE c."consultantId" = ANY(${[...consultantIds]}::int[]) AND c."nextContactOn" = ${today}::date
    ORDER BY c.id`;
  const due = new Map<number, DueContact[]>();
  for (const row of rows) due.set(row.consultantId, [...(due.get(row.consultantId) ?? []), row]);
  return due;
}

/** A page of whom to contact, numbered, with the phone and what was said last, and how to answer. */
export function sayContacts(customers: readonly (DueContact & { number: number })[], page = 1): string[] {
  const shown = customers.slice((page - 1) * MOST_NUMBERED, page * MOST_NUMBERED);
  const rest = customers.length - page * MOST_NUMBERED;
  const first = shown[0]?.number ?? 1;
  return [
    ...shown.map((customer) => {
      const who = [`${customer.number} ${customer.name}`, sayContact(customer)].filter(Boolean).join(' ');
      return shorten([who, customer.lastNote].filter(Boolean).join(' · '), LONGEST_LINE);
    }),
    ...(rest > 0 ? [`……还有 ${rest} 位，「下一页」继续`] : []),
    `聊完回复「${first} 内容」记跟进，「${first} 明天」改天，「稍后」两小时后再提醒`,
  ];
}
