import { keepLists } from '../../chat/lists.ts';
import { keepNumbers } from '../../customers/index.ts';
import { personOf } from '../../kernel/actor.ts';
import type { Notice } from '../../kernel/notice.ts';
import { addDays } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { nextContact } from '../notices.ts';
import { refuse } from './postpone-contacts.ts';
import { type DueContact, sayContacts } from './say-contacts.ts';

const LATER_MS = 2 * 3_600_000;

export type RemindedLater = { names: string[]; at: Date };

/**
 * Notes that somebody wants to be reminded of some of the day's appointments again, two hours from now; said again for
 * others meanwhile, they come together.
 * @throws Refusal `nothing_to_postpone` where none of them is still to be contacted today
 */
export async function remindLater(
  scope: Scope,
  { customerIds }: { customerIds: readonly number[] },
): Promise<RemindedLater> {
  const personId = personOf(scope.actor);
  const { tx, now } = scope;
  const waiting = await tx.numberedList.findFirst({ where: { personId, slot: 'later', expiresAt: { gt: now } } });
  const wanted = [...new Set([...((waiting?.items as number[] | undefined) ?? []), ...customerIds])];
  const due = await stillDue(scope, [{ personId, items: wanted }]);
  const named = customerIds.flatMap((id) => due.find((customer) => customer.id === id)?.name ?? []);
  if (named.length === 0) throw refuse.nothing_to_postpone();
  const at = new Date(now.getTime() + LATER_MS);
  await keepLists(scope, [{ personId, slot: 'later', kind: 'later', items: due.map(({ id }) => id), expiresAt: at }]);
  return { names: named, at };
}

/**
 * Reminds again of what was put off two hours ago and has not been contacted since, at most `limit` people at a time;
 * returns how many were looked at. The numbers are those of the morning.
 */
export async function remindAgain(scope: Scope, { limit }: { limit: number }): Promise<number> {
  const { tx, now, today, time } = scope;
  const put = await tx.$queryRaw<{ personId: number; items: number[]; expiresAt: Date }[]>`
    DELETE FROM "NumberedList" WHERE id IN (
      SELECT id FROM "NumberedList" WHERE slot = 'later' AND "expiresAt" <= ${now} ORDER BY id LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)
    RETURNING "personId", items, "expiresAt"`;
  if (put.length === 0) return 0;
  const due = await stillDue(scope, put);
  // The reminder shows the morning's numbers again, so from now on a number means them.
  const midnight = time.instantOf(addDays(today, 1));
  const customers = new Map(put.map(({ personId }) => [personId, due.filter((one) => one.consultantId === personId)]));
  const lists = await keepNumbers(scope, {
    list: 'reminder',
    until: midnight,
    customers: new Map([...customers].flatMap(([id, own]) => (own.length > 0 ? [[id, own.map((one) => one.id)]] : []))),
  });
  await scope.tell(
    ...put.flatMap(({ personId, expiresAt }): Notice[] => {
      const numbers = lists.get(personId) ?? [];
      const mine = due
        .filter((customer) => customer.consultantId === personId && numbers.includes(customer.id))
        .map((customer) => ({ ...customer, number: numbers.indexOf(customer.id) + 1 }))
        .sort((a, b) => a.number - b.number);
      if (mine.length === 0) return [];
      const once = `nextContact:${personId}:later:${expiresAt.toISOString()}`;
      return [nextContact.to(personId, { count: mine.length, lines: sayContacts(mine) }, { once })];
    }),
  );
  return put.length;
}

/** A contact clears the day's appointment, so whoever still has it has not been contacted. */
async function stillDue(
  { tx, today }: Scope,
  wanted: readonly { personId: number; items: readonly number[] }[],
): Promise<(DueContact & { consultantId: number })[]> {
  return tx.$queryRaw<(DueContact & { consultantId: number })[]>`
    SELECT c.id, c.name, c.phone, c.qq, c.wechat, c."consultantId",
      (SELECT f.note FROM "FollowUp" f WHERE f."customerId" = c.id ORDER BY f.id DESC LIMIT 1) AS "lastNote"
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS r("personId" int, items jsonb)
    CROSS JOIN jsonb_array_elements_text(r.items) AS item
    JOIN "Customer" c ON c.id = item::int AND c."consultantId" = r."personId" AND c."nextContactOn" = ${today}::date
    ORDER BY c.id`;
}
