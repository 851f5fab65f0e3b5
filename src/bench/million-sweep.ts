import { claimCustomer } from '../customers/claim-customer.ts';
import { moveDueToPool } from '../customers/move-due-to-pool.ts';
import { dropLimits } from '../customers/rules.ts';
import type { Database } from '../database/open.ts';
import { type Actor, systemActor } from '../kernel/actor.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import { type Measured, summarize } from './benchmark.ts';

const BATCH = 1_000;

export type SweepFigures = {
  dropped: number;
  raw: Measured;
  swept: Measured;
  /** Claims through the use case: with nothing beside them, beside the raw statement, beside the sweep. */
  alone: Claims;
  besideRaw: Claims;
  besideSweep: Claims;
};

type Claims = Measured & { slowestMs: number };

/**
 * Sweeps all who are due in batches of a thousand, as the job does, against the same change in one raw statement, which
 * is rolled back first; consultants claim one after another meanwhile.
 */
export async function measureSweep(
  { database, inTransaction }: { database: Pick<Database, 'pool'>; inTransaction: InTransaction },
  { consultants, today, now }: { consultants: readonly Actor[]; today: SchoolDay; now: Date },
): Promise<SweepFigures> {
  const { pool } = database;
  const free = await pool.query<{ id: number; lost: number | null }>(
    `SELECT id, "lastConsultantId" AS lost FROM "Customer" WHERE "consultantId" IS NULL ORDER BY "pooledAt" DESC, id DESC LIMIT 5000`,
  );
  let next = 0;
  const claimNext = () => {
    const customer = free.rows[next++];
    const claimant = consultants.find(({ id }) => id !== customer?.lost) as Actor;
    return inTransaction(claimant, 'chat', (scope) => claimCustomer(scope, { customerId: customer?.id ?? 0 }));
  };
  const beside = async (work: () => Promise<void>): Promise<{ claims: Claims; work: Measured }> => {
    const times: number[] = [];
    const cpu = process.cpuUsage();
    const began = performance.now();
    const underWay = { still: true };
    const working = work().finally(() => {
      underWay.still = false;
    });
    while (underWay.still && next < free.rows.length) {
      const at = performance.now();
      await claimNext();
      times.push(performance.now() - at);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await working;
    const seconds = (performance.now() - began) / 1000;
    const used = process.cpuUsage(cpu);
    return {
      claims: { ...summarize(times, seconds, used), slowestMs: Math.max(...times) },
      work: summarize([seconds * 1000], seconds, used),
    };
  };

  await beside(() => pause(500));
  const alone = await beside(() => pause(3_000));
  const raw = await beside(() => runRaw(pool, today, now));
  await pool.query('VACUUM "Customer"');
  await pool.query('VACUUM "Assignment"');
  let dropped = 0;
  const swept = await beside(async () => {
    for (let rows = 1; rows > 0; dropped += rows)
      rows = await inTransaction(systemActor, 'job', (scope) => moveDueToPool(scope, { dueAt: now, limit: BATCH }), {
        timeoutMs: 30_000,
        now,
      });
  });
  return {
    dropped,
    raw: { ...raw.work, count: dropped },
    swept: { ...swept.work, count: dropped },
    alone: alone.claims,
    besideRaw: raw.claims,
    besideSweep: swept.claims,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What somebody would type who has to do it by hand, once. */
async function runRaw(pool: Database['pool'], today: SchoolDay, now: Date): Promise<void> {
  const { contactedBefore, receivedBefore } = dropLimits(today, { noContactDays: 3, noDealDays: 15 });
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `WITH pooled AS (
         UPDATE "Customer" c
         SET "consultantId" = NULL, "pooledAt" = $1, "lastConsultantId" = c."consultantId", "nextContactOn" = NULL,
           "poolReason" = (CASE WHEN "receivedOn" < $2 THEN 'noDeal' ELSE 'noContact' END)::"PoolReason",
           version = version + 1, "updatedAt" = $1
         WHERE "consultantId" IS NOT NULL AND status = 'notEnrolled' AND ("receivedOn" < $2 OR "lastContactedOn" < $3)
         RETURNING id, "poolReason"
       )
       UPDATE "Assignment" a
       SET state = (CASE "poolReason" WHEN 'noDeal' THEN 'lostNoDeal' ELSE 'lostNoContact' END)::"AssignmentState",
         "endedOn" = $4, "updatedAt" = $1
       FROM pooled WHERE a."customerId" = pooled.id AND a.state = 'following'`,
      [now, receivedBefore, contactedBefore, today],
    );
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
}
