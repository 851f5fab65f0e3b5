import { keepNumbers, poolConsultants } from '../../customers/index.ts';
import { addDays } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { nextContact, pooled } from '../notices.ts';
import { readDueContacts, sayContacts } from './say-contacts.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * The morning's message: reminds each consultant of the customers they meant to contact that day, and says how many came
 * into the pool since the morning before; at most `limit` consultants at a time, returns how many. To be repeated until
 * 0: then those with nobody to contact hear of the pool alone. Who was reminded today is left out. The numbers hold until
 * midnight. A morning missed is over: at night nobody is reminded of the day to come.
 */
export async function remindNextContacts(
  scope: Scope,
  { dueAt, limit }: { dueAt: Date; limit: number },
): Promise<number> {
  const { tx, today, time } = scope;
  if (time.dayOf(dueAt) < today) return 0;
  const pool = await readNewcomers(scope, dueAt);
  const consultants = await tx.$queryRaw<{ id: number }[]>`
    SELECT p.id FROM "Person" p
    WHERE p.active AND EXISTS (SELECT 1 FROM "Customer" c WHERE c."consultantId" = p.id AND c."nextContactOn" = ${today}::date)
      AND NOT EXISTS (SELECT 1 FROM "Notification" n WHERE n.once = 'nextContact:' || p.id || ':' || ${today})
    ORDER BY p.id LIMIT ${limit}`;
  if (consultants.length === 0) {
    await tellOthers(scope, pool);
    return 0;
  }
  const due = await readDueContacts(scope, { consultantIds: consultants.map(({ id }) => id) });
  const numbers = await keepNumbers(scope, {
    list: 'reminder',
    until: time.instantOf(addDays(today, 1)),
    customers: new Map([...due].map(([id, customers]) => [id, customers.map((customer) => customer.id)])),
  });
  const claimers = new Set((await readClaimers(scope)).map(({ id }) => id));
  await scope.tell(
    ...[...due].map(([to, customers]) => {
      const places = numbers.get(to) ?? [];
      const numbered = customers.map((customer) => ({ ...customer, number: places.indexOf(customer.id) + 1 }));
      const newcomers = claimers.has(to) && pool.count > 0 && { pooled: pool.count };
      return nextContact.to(
        to,
        { count: customers.length, lines: sayContacts(numbered), ...newcomers },
        { once: `nextContact:${to}:${today}` },
      );
    }),
  );
  return due.size;
}

type Newcomers = { count: number; newest: string | null };

/** Who came into the pool since the morning before and is still there. */
async function readNewcomers({ tx }: Scope, dueAt: Date): Promise<Newcomers> {
  const since = new Date(dueAt.getTime() - DAY_MS);
  const where = { consultantId: null, pooledAt: { gte: since, lt: dueAt } };
  const count = await tx.customer.count({ where });
  const newest = await tx.customer.findFirst({
    where,
    orderBy: [{ pooledAt: 'desc' }, { id: 'desc' }],
    select: { name: true },
  });
  return { count, newest: newest?.name ?? null };
}

async function readClaimers({ tx }: Scope): Promise<{ id: number }[]> {
  return tx.person.findMany({ where: poolConsultants, select: { id: true }, orderBy: { id: 'asc' } });
}

/** The pool's consultants who have nobody to contact; the notice's key tells each once a morning. */
async function tellOthers(scope: Scope, { count, newest }: Newcomers): Promise<void> {
  const { tx, today } = scope;
  if (count === 0 || newest === null) return;
  const claimers = await readClaimers(scope);
  const reminded = await tx.notification.findMany({
    where: { once: { in: claimers.map(({ id }) => `nextContact:${id}:${today}`) } },
    select: { personId: true },
  });
  const told = new Set(reminded.map(({ personId }) => personId));
  await scope.tell(
    ...claimers
      .filter(({ id }) => !told.has(id))
      .map(({ id }) => pooled.to(id, { count, customer: newest }, { once: `pooled:${today}:${id}` })),
  );
}
