import { Prisma } from '../generated/prisma/client.ts';
import type { Notice } from '../kernel/notice.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { ASSIGNMENT_STATES } from './choices.ts';
import { dropped, myCustomersSubject, poolSubject } from './notices.ts';
import { dropLimits } from './rules.ts';

type Dropped = { id: number; name: string; consultantId: number; noDeal: boolean };

const MOST_NAMED = 3;

/**
 * Moves customers who were not contacted, or not won, in time to the pool (rule 2), at most `limit` of them; returns how
 * many. Their rows end with the reason, each consultant is told what they lost; how many came into the pool is the
 * morning's message to say (8:30).
 */
export async function moveDueToPool(scope: Scope, { dueAt, limit }: { dueAt: Date; limit: number }): Promise<number> {
  const day = scope.time.dayOf(dueAt);
  const moved = await drop(scope, { day, limit, waits: false });
  if (moved.length === 0) {
    // Rows somebody is changing this moment were passed over: wait for them, then look once more.
    moved.push(...(await drop(scope, { day, limit, waits: true })));
  }
  await scope.tell(...tellLosers(moved, day));
  return moved.length;
}

/**
 * The condition stands in the statement that takes the rows, so a second sweep, or one at the same time, changes nothing
 * more, and a follow-up written meanwhile saves its customer. Consultant by consultant, so that a large sweep tells each
 * of them in few messages; each one's due customers are a range of an index, so that a batch reads no others.
 */
async function drop(
  { tx, now, today }: Scope,
  { day, limit, waits }: { day: SchoolDay; limit: number; waits: boolean },
): Promise<Dropped[]> {
  const { contactedBefore, receivedBefore } = dropLimits(day, await readSettings(tx));
  const noContact = Prisma.sql`"lastContactedOn" < ${contactedBefore}::date`;
  const noDeal = Prisma.sql`"receivedOn" < ${receivedBefore}::date`;
  const take = (condition: Prisma.Sql, most: Prisma.Sql) => Prisma.sql`
    SELECT taken.* FROM holders CROSS JOIN LATERAL (
      SELECT id, name, "consultantId", ${noDeal} AS "noDeal", ${noContact} AS "noContact"
      FROM "Customer"
      WHERE "consultantId" = holders.id AND status = 'notEnrolled' AND ${condition}
      LIMIT ${limit}
      FOR UPDATE ${waits ? Prisma.empty : Prisma.sql`SKIP LOCKED`}
    ) taken LIMIT ${most}`;
  return tx.$queryRaw<Dropped[]>`
    WITH RECURSIVE holders AS (
      SELECT min("consultantId") AS id FROM "Customer"
      UNION ALL
      SELECT (SELECT min("consultantId") FROM "Customer" WHERE "consultantId" > holders.id)
      FROM holders WHERE holders.id IS NOT NULL
    ), silent AS (${take(noContact, Prisma.sql`${limit}`)}
    ), late AS (${take(Prisma.sql`${noDeal} AND NOT ${noContact}`, Prisma.sql`${limit} - (SELECT count(*) FROM silent)`)}
    ), due AS (
      SELECT * FROM silent UNION ALL SELECT * FROM late
    ), pooled AS (
      UPDATE "Customer" c
      SET "consultantId" = NULL, "pooledAt" = ${now}, "lastConsultantId" = due."consultantId", "nextContactOn" = NULL,
        "poolReason" = (CASE WHEN due."noDeal" THEN 'noDeal' ELSE 'noContact' END)::"PoolReason",
        version = c.version + 1, "updatedAt" = ${now}
      FROM due WHERE c.id = due.id
      RETURNING c.id
    ), ended AS (
      UPDATE "Assignment" a
      SET state = (CASE WHEN due."noDeal" THEN 'lostNoDeal' ELSE 'lostNoContact' END)::"AssignmentState",
        memo = CASE WHEN due."noDeal" AND due."noContact" THEN concat_ws('；', nullif(a.memo, ''), ${BOTH}::text) ELSE a.memo END,
        "endedOn" = ${today}::date, "updatedAt" = ${now}
      FROM due WHERE a."customerId" = due.id AND a.state = 'following'
    )
    SELECT due.id, due.name, due."consultantId", due."noDeal" FROM due JOIN pooled ON pooled.id = due.id ORDER BY due.id`;
}

/** What the memo says where both hold: no deal names the drop, and both are kept. */
const BOTH = `${ASSIGNMENT_STATES.lostNoDeal}、${ASSIGNMENT_STATES.lostNoContact}`;

/** One notice for each who lost some in this batch; the customers' ids make it the same notice however often it is written. */
function tellLosers(moved: readonly Dropped[], day: SchoolDay): Notice[] {
  const losers = [...new Set(moved.map(({ consultantId }) => consultantId))];
  return losers.map((to) => {
    const lost = moved.filter(({ consultantId }) => consultantId === to);
    const [first] = lost;
    const named = lost.slice(0, MOST_NAMED).map(({ name }) => name);
    const customer = lost.length > MOST_NAMED ? `${named.join('、')}等 ${lost.length} 位` : named.join('、');
    const about = lost.length === 1 && first ? poolSubject.of(first.id) : myCustomersSubject.of();
    return dropped.to(
      to,
      { customer, reason: sayReasons(lost), count: lost.length },
      { once: `dropped:${to}:${day}:${first?.id}`, about },
    );
  });
}

function sayReasons(lost: readonly Dropped[]): string {
  const noDeal = lost.filter((customer) => customer.noDeal).length;
  const noContact = lost.length - noDeal;
  if (noDeal === 0) return ASSIGNMENT_STATES.lostNoContact;
  if (noContact === 0) return ASSIGNMENT_STATES.lostNoDeal;
  return `${ASSIGNMENT_STATES.lostNoContact} ${noContact} 位，${ASSIGNMENT_STATES.lostNoDeal} ${noDeal} 位`;
}
