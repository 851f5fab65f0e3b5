import { claimCustomer } from '../customers/claim-customer.ts';
import { loadActor } from '../people/index.ts';
import type { Parts } from '../wire.ts';
import { type Benchmark, measure } from './benchmark.ts';
import { addPoolCustomers, recording, type Statement } from './pool-customers.ts';

const MOST = 3_000;
const LANES = 8;

/** Claims by the use case, whole: transaction, settings, statement, file and answer; against its statement alone. */
export const claim: Benchmark = {
  name: 'claim',
  title: 'a pool customer claimed through the use case, against the same statement through pg',
  run: ({ withParts }) =>
    withParts(async (parts) => {
      const consultants = await loadConsultants(parts);
      const ids = await addPoolCustomers(parts, 2 * MOST + 1);
      const [sample = 0] = ids;
      const statement = await recordClaim(parts, consultants[0] as never, sample);
      const bare = await measure(
        (n) => {
          const [id, consultant] = [ids[n + 1], consultants[n % consultants.length]];
          const values = statement.values.map((value) =>
            value === sample ? id : value === consultants[0]?.id ? consultant?.id : value,
          );
          return parts.database.pool.query(statement.text, values);
        },
        { lanes: LANES, most: MOST },
      );
      const whole = await measure(
        (n) => {
          const actor = consultants[n % consultants.length] as NonNullable<(typeof consultants)[0]>;
          const customerId = ids[MOST + 1 + n] ?? 0;
          return parts.inTransaction(actor, 'web', (scope) => claimCustomer(scope, { customerId }));
        },
        { lanes: LANES, most: MOST },
      );
      const comparedTo = { what: 'its statement through pg', ...bare };
      return [comparedTo, { what: 'claim through the use case', ...whole, comparedTo }];
    }),
};

async function loadConsultants({ database: { prisma } }: Parts) {
  const people = await prisma.person.findMany({ where: { username: { startsWith: 'consultant' } } });
  return Promise.all(
    people.map(async ({ id }) => (await loadActor(prisma, id)) as NonNullable<Awaited<ReturnType<typeof loadActor>>>),
  );
}

/** The very statement the use case sends, taken from one claim of it. */
async function recordClaim({ inTransaction }: Parts, actor: never, customerId: number): Promise<Statement> {
  const statements: Statement[] = [];
  await inTransaction(actor, 'web', (scope) => claimCustomer(recording(scope, statements), { customerId }));
  const found = statements.find(({ text }) => text.includes('INSERT INTO "Assignment"'));
  if (!found) throw new Error('the claim sent no such statement');
  return found;
}
