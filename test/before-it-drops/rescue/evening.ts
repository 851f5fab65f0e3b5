import { eveningDigest } from '../../../src/before-it-drops/rescue/job.ts';
import { moveDueToPool } from '../../../src/customers/move-due-to-pool.ts';
import { systemActor } from '../../../src/kernel/actor.ts';
import type { InTransaction } from '../../../src/kernel/scope.ts';
import type { useSalesSchool } from '../../customers/sales-school.ts';

type School = ReturnType<typeof useSalesSchool>;

/** Runs the evening's digest as the scheduler does: batches until none is left. Answers how many were told. */
export async function runDigest(
  school: School,
  { limit = 100, inTransaction = school.node().inTransaction as InTransaction } = {},
): Promise<number> {
  const dueAt = school.clock.now();
  return untilNone(() => inTransaction(systemActor, 'job', (scope) => eveningDigest.run(scope, { dueAt, limit })));
}

/** Runs the sweep of the clock's moment to its end. */
export async function runSweep(school: School): Promise<number> {
  const dueAt = school.clock.now();
  return untilNone(() =>
    school.node().inTransaction(systemActor, 'job', (scope) => moveDueToPool(scope, { dueAt, limit: 1000 })),
  );
}

async function untilNone(batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await batch();
    total += rows;
    if (rows === 0) return total;
  }
}
