import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { enterCustomer } from '../../src/customers/enter-customer.ts';
import { moveDueToPool } from '../../src/customers/move-due-to-pool.ts';
import { releaseCustomer } from '../../src/customers/release-customer.ts';
import { EnterCustomer } from '../../src/customers/schema.ts';
import { transferCustomer } from '../../src/customers/transfer-customer.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { loadActor } from '../../src/people/index.ts';
import type { At } from '../seed.ts';
import { LIVES, type Life } from './lives.ts';

type School = { at: At; ids: ReadonlyMap<string, number> };

const SWEEP_MINUTE = 120;
const OLDEST_DAY = 40;

/**
 * Lives the last weeks again, day by day: at two the sweep, then what each customer's life holds for that day. What
 * stands in the pool, was lost, won or claimed today came there by the school's own rules.
 */
export async function seedCustomers({ tx }: Scope, { at, ids }: School): Promise<void> {
  const courses = await tx.course.findMany({ orderBy: { id: 'asc' } });
  const actors = new Map<string, Actor>();
  for (const [username, id] of ids) {
    const actor = await loadActor(tx, id);
    if (actor) actors.set(username, actor);
  }
  const actorOf = (username: string) => actors.get(username) as Actor;
  const customerIds = new Map<Life, number>();

  for (let daysAgo = OLDEST_DAY; daysAgo >= 0; daysAgo -= 1) {
    const dueAt = at(daysAgo, SWEEP_MINUTE).now;
    while ((await moveDueToPool(at(daysAgo, SWEEP_MINUTE), { dueAt, limit: 1000 })) > 0);
    for (const [index, life] of LIVES.entries()) {
      // Each life has minutes of its own, so that lists have an order.
      const minute = 9 * 60 + index * 3;
      if (life.entered === daysAgo) {
        const input = EnterCustomer.parse({
          ...life.facts,
          courseIds: life.courses.map((name) => courses.find((course) => course.name === name)?.id ?? 0),
        });
        const assignTo = life.consultant
          ? ({ kind: 'consultant', id: ids.get(life.consultant) ?? 0, turnId: null } as const)
          : ({ kind: 'pool' } as const);
        const { customerId } = await enterCustomer(at(daysAgo, minute, actorOf('admin')), input, assignTo);
        customerIds.set(life, customerId);
      }
      const customerId = customerIds.get(life);
      if (customerId === undefined) continue;
      for (const [n, event] of life.events.filter((candidate) => candidate.daysAgo === daysAgo).entries()) {
        const scope = at(daysAgo, minute + 60 + n, actorOf(event.by));
        if (event.does === 'follow') await writeFollowUp(scope, { customerId, note: event.note });
        if (event.does === 'claim') await claimCustomer(scope, { customerId });
        if (event.does === 'release') await releaseCustomer(scope, { customerId, reason: event.note });
        if (event.does === 'transfer')
          await transferCustomer(scope, { customerId, consultantId: ids.get(event.to ?? '') ?? 0, reason: event.note });
        if (event.does === 'enrol') await enrol(scope, customerId);
      }
    }
  }
}

/** Enrolled customers of the demo school: status and won assignment, as an administrator sets it. */
async function enrol({ tx, now, today }: Scope, customerId: number): Promise<void> {
  await tx.$executeRaw`UPDATE "Customer" SET status = 'enrolled', version = version + 1, "updatedAt" = ${now} WHERE id = ${customerId}`;
  await tx.$executeRaw`
    UPDATE "Assignment" SET state = 'won', "endedOn" = ${today}::date, "updatedAt" = ${now}
    WHERE "customerId" = ${customerId} AND state = 'following'`;
}
