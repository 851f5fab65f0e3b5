import type pg from 'pg';
import { EnterCustomer } from '../customers/index.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Parts } from '../wire.ts';
import { type Benchmark, measure } from './benchmark.ts';

const MOST = 2_000;
const LANES = 8;

/** Entering with a turn of the rota, assignment and alert; against nothing but the rows that leaves. */
export const entry: Benchmark = {
  name: 'entry',
  title: 'a customer entered and assigned by the rota, against the bare statements',
  run: ({ withParts }) =>
    withParts(async (parts) => {
      // The alerts stay in the outbox: sending them has a benchmark of its own.
      await parts.outbox.stop();
      // One without caps: thousands a day would be counted by every turn.
      const { consultantId } = await parts.database.prisma.salesRank.findFirstOrThrow({
        where: { followingCap: null, dailyCap: null },
      });
      const bare = await measure((n) => writeBare(parts, consultantId, n), { lanes: LANES, most: MOST });
      const whole = await measure(
        (n) => {
          const input = EnterCustomer.parse({ name: `客户${n}`, qq: String(800_000_000 + n) });
          return parts.inTransaction(systemActor, 'web', (scope) => parts.assignment.enter(scope, input));
        },
        { lanes: LANES, most: MOST },
      );
      const comparedTo = { what: 'bare statements through pg', ...bare };
      return [comparedTo, { what: 'entry through the use case', ...whole, comparedTo }];
    }),
};

/** What an entry leaves: customer, turn, assignment and alert, in one transaction. */
async function writeBare({ database, clock, time }: Parts, consultantId: number, n: number): Promise<void> {
  const now = clock.now();
  const turn = `bare-${n}`;
  const client: pg.PoolClient = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO "Turn" (id, cycle, position, "consultantId", "takenAt") VALUES ($1, $2, 0, $3, $4)`,
      [turn, 1_000_000 + n, consultantId, now],
    );
    const { rows } = await client.query<{ id: number; customerId: number }>(
      `WITH entered AS (
         INSERT INTO "Customer" (name, qq, "consultantId", "enteredOn", "receivedOn", "lastContactedOn", "createdAt", "updatedAt")
         VALUES ($1, $2, $3, $4::date, $4::date, $4::date, $5, $5) RETURNING id)
       INSERT INTO "Assignment" ("customerId", "consultantId", date, "turnId", "createdAt", "updatedAt")
       SELECT id, $3, $4::date, $6, $5, $5 FROM entered RETURNING id, "customerId"`,
      [`客户${n}`, String(700_000_000 + n), consultantId, time.dayOf(now), now, turn],
    );
    // Not due for a year: it is the other bench that sends.
    await client.query(
      `INSERT INTO "Notification" (kind, "personId", data, entity, "entityId", once, "dueAt", "createdAt")
       VALUES ('assigned', $1, '{}', 'customer', $2, $3, $4::timestamptz + interval '1 year', $4)`,
      [consultantId, rows[0]?.customerId, `bare:${rows[0]?.id}`, now],
    );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
