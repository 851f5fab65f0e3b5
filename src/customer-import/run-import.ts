import type { EnterMany } from '../assignment/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { personOf } from '../kernel/actor.ts';
import type { InTransaction, Scope } from '../kernel/scope.ts';
import { addCameAgain, type CameAgain, endImport } from './end-import.ts';
import type { Lease } from './leases.ts';
import { runBatch } from './run-batch.ts';

const LIMITS = { timeoutMs: 30_000 };

type Parts = { inTransaction: InTransaction; enterMany: EnterMany; isStopping(): boolean };

/**
 * Enters what waits of an import, batch by batch, and ends it. Answers the lease where this process stops half-way, so
 * that it can be let go; null where the import has ended or somebody else has it.
 */
export async function runImport(
  { inTransaction, enterMany, isStopping }: Parts,
  first: Lease,
  actor: Actor,
): Promise<Lease | null> {
  const transact = <T>(work: (scope: Scope) => Promise<T>) => inTransaction(actor, 'import', work, LIMITS);
  const personId = personOf(actor);
  let lease = first;
  for (;;) {
    if (isStopping()) return lease;
    const batch = await transact((scope) => runBatch(scope, { lease, personId, enterMany }));
    if (!batch) return null;
    lease = batch.lease;
    if (batch.ended === 0) break;
  }
  const again: CameAgain = new Map();
  for (let after = 0; ; ) {
    if (isStopping()) return lease;
    const from = after;
    const page = await transact((scope) => addCameAgain(scope, lease, from));
    if (!page) return null;
    lease = page.lease;
    merge(again, page.again);
    if (page.last === null) break;
    after = page.last;
  }
  await transact((scope) => endImport(scope, lease, again));
  return null;
}

function merge(into: CameAgain, more: CameAgain): void {
  for (const [to, customers] of more) into.set(to, new Map([...(into.get(to) ?? []), ...customers]));
}
