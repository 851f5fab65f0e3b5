import { keepLists } from '../chat/lists.ts';
import type { Notice } from '../kernel/notice.ts';
import { addDays } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { type DueContact, sayContacts } from './reminders/say-contacts.ts';

type Due = { consultantId: number; customers: DueContact[] };

/** The kind of the list whose numbers are the day's appointments. */
const KIND = 'nextContacts';

/**
 * Reminds each consultant in the morning of the customers they meant to contact that day, at most `limit` consultants at
 * a time; returns how many. Who was reminded today is left out. The numbers hold until midnight. A morning missed is over:
 * at night nobody is reminded of the day to come.
 */
export async function remindNextContacts(
  scope: Scope,
  { dueAt, limit }: { dueAt: Date; limit: number },
): Promise<number> {
  const { tx, today, time } = scope;
  if (time.dayOf(dueAt) < today) return 0;
  const due = await tx.$queryRaw<Due[]>`
    SELECT c."consultantId", jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'lastNote',
        (SELECT f.note FROM "FollowUp" f WHERE f."customerId" = c.id ORDER BY f.id DESC LIMIT 1)) ORDER BY c.id) AS customers
    FROM "Customer" c JOIN "Person" p ON p.id = c."consultantId" AND p.active
    WHERE c."nextContactOn" = ${today}::date
      AND NOT EXISTS (SELECT 1 FROM "Notification" n WHERE n.once = 'nextContact:' || c."consultantId" || ':' || ${today})
    GROUP BY c."consultantId" ORDER BY c."consultantId" LIMIT ${limit}`;
  const midnight = time.instantOf(addDays(today, 1));
  await keepLists(
    scope,
    due.map(({ consultantId, customers }) => ({
      personId: consultantId,
      slot: 'reminder' as const,
      kind: KIND,
      items: customers.map(({ id }) => id),
      expiresAt: midnight,
    })),
  );
  await scope.tell(
    ...due.map(
      ({ consultantId, customers }): Notice => ({
        kind: 'nextContact',
        to: consultantId,
        data: {
          count: customers.length,
          lines: sayContacts(customers.map((customer, at) => ({ ...customer, number: at + 1 }))),
        },
        once: `nextContact:${consultantId}:${today}`,
        about: { entity: 'myCustomers' },
      }),
    ),
  );
  return due.length;
}
