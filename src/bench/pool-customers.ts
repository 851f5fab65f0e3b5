import type { Scope } from '../kernel/scope.ts';
import type { Parts } from '../wire.ts';

/** Puts so many customers into the pool, lost by nobody; returns their ids. */
export async function addPoolCustomers({ database, clock, time }: Parts, count: number): Promise<number[]> {
  const now = clock.now();
  const rows = await database.prisma.$queryRaw<{ id: number }[]>`
    INSERT INTO "Customer" (name, qq, "enteredOn", "receivedOn", "lastContactedOn", "pooledAt", "poolReason", "createdAt", "updatedAt")
    SELECT '客户' || n, (600000000 + n)::text, d, d, d, ${now}, 'unassigned', ${now}, ${now}
    FROM generate_series(1, ${count}::int) n, (SELECT ${time.dayOf(now)}::date AS d) today
    ON CONFLICT DO NOTHING RETURNING id`;
  return rows.map(({ id }) => id);
}

/** A statement a use case sent, as `pg` takes it. */
export type Statement = { text: string; values: readonly unknown[] };

/** The scope with a `tx` that notes every raw query a use case sends. */
export function recording(scope: Scope, statements: Statement[]): Scope {
  const tx = new Proxy(scope.tx, {
    get(target, name, receiver) {
      const own = Reflect.get(target, name, receiver);
      if (name !== '$queryRaw') return own;
      return (strings: TemplateStringsArray, ...values: unknown[]) => {
        statements.push({ text: strings.reduce((text, part, n) => `${text}$${n}${part}`), values });
        return own.call(target, strings, ...values);
      };
    },
  });
  return { ...scope, tx };
}
