import { randomUUID } from 'node:crypto';
import { recordTurns } from '../../src/assignment/record-turns.ts';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { enterCustomer } from '../../src/customers/enter-customer.ts';
import { moveDueToPool } from '../../src/customers/move-due-to-pool.ts';
import { releaseCustomer } from '../../src/customers/release-customer.ts';
import { EnterCustomer } from '../../src/customers/schema.ts';
import { transferCustomer } from '../../src/customers/transfer-customer.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { tellAudit } from '../../src/database/in-transaction.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { addDays, dayToDb, type SchoolDay } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { loadActor } from '../../src/people/index.ts';
import type { Rank } from '../../src/rota/build-rota.ts';
import { type Rota, takeTurns } from '../../src/rota/rota.ts';
import type { Turn } from '../../src/rota/rota-store.ts';
import type { At } from '../seed.ts';
import { LIVES, type Life, type LifeEvent } from './lives.ts';
import { addStudentsWithoutPassword } from './students.ts';

type School = {
  /** Days before the last sweep's: between midnight and two what drops next is still yesterday's. */
  at: At;
  ids: ReadonlyMap<string, number>;
  cohorts: ReadonlyMap<string, { id: number; price: number }>;
  /** Cycles of the rota used before. */
  cycles: number;
};

const SWEEP_MINUTE = 120;
const OLDEST_DAY = 28;
/** Only those who enrolled came earlier: no sweep before would find anybody. */
const FIRST_SWEEP = 17;

/**
 * Lives the last weeks again, day by day: at two the sweep, then what each customer's life holds for that day. What
 * stands in the pool, was lost, won or claimed today came there by the school's own rules.
 */
export async function seedCustomers(whole: Scope, { at, ids, cohorts, cycles }: School): Promise<void> {
  const { tx } = whole;
  const courses = await tx.course.findMany({ orderBy: { id: 'asc' } });
  const actors = new Map<string, Actor>();
  for (const [username, id] of ids) {
    const actor = await loadActor(tx, id);
    if (actor) actors.set(username, actor);
  }
  const actorOf = (username: string) => actors.get(username) as Actor;
  const usernames = new Map([...ids].map(([username, id]) => [id, username]));
  const takeTurn = createTurns(await tx.salesRank.findMany(), cycles);
  const lived = new Map<Life, { customerId: number; events: readonly LifeEvent[] }>();

  for (let daysAgo = OLDEST_DAY; daysAgo >= 0; daysAgo -= 1) {
    if (daysAgo <= FIRST_SWEEP) {
      const sweep = at(daysAgo, SWEEP_MINUTE);
      await tellAudit(tx, sweep);
      while ((await moveDueToPool(sweep, { dueAt: sweep.now, limit: 1000 })) > 0);
    }
    for (const [index, life] of LIVES.entries()) {
      // Each life has minutes of its own, so that lists have an order.
      const minute = 9 * 60 + index * 3;
      if (life.entered === daysAgo) {
        const input = EnterCustomer.parse({
          ...life.facts,
          courseIds: life.courses.map((name) => courses.find((course) => course.name === name)?.id ?? 0),
        });
        const scope = at(daysAgo, minute, actorOf('admin'));
        await tellAudit(tx, scope);
        const turn = life.events && (await takeTurn(scope));
        const assignTo = turn
          ? ({ kind: 'consultant', id: turn.consultantId, turnId: turn.turnId } as const)
          : ({ kind: 'pool' } as const);
        const { customerId } = await enterCustomer(scope, input, assignTo);
        const events = (turn && life.events?.(usernames.get(turn.consultantId) ?? '')) ?? [];
        lived.set(life, { customerId, events });
      }
      const living = lived.get(life);
      if (!living) continue;
      const { customerId, events } = living;
      for (const [n, event] of events.filter((candidate) => candidate.daysAgo === daysAgo).entries()) {
        const scope = at(daysAgo, minute + 60 + n, actorOf(event.by));
        await tellAudit(tx, scope);
        if (event.does === 'follow') await writeFollowUp(scope, { customerId, ...talkOf(event, whole.today) });
        if (event.does === 'claim') await claimCustomer(scope, { customerId });
        if (event.does === 'release') await releaseCustomer(scope, { customerId, reason: event.note });
        if (event.does === 'transfer')
          await transferCustomer(scope, { customerId, consultantId: ids.get(event.to ?? '') ?? 0, reason: event.note });
        if (event.does === 'enrol') await enrol(scope, customerId, cohorts.get(event.note) as Cohort);
        if (event.does === 'pay') await payRest(scope, customerId);
      }
    }
  }
  await tellAudit(tx, whole);
}

/** What a talk was about, and the appointment it ended with. */
function talkOf({ note, nextIn }: LifeEvent, today: SchoolDay) {
  return { note, ...(nextIn !== undefined && { nextContactOn: addDays(today, nextIn) }) };
}

/** The rota goes on with a new cycle: everybody could always take a turn, and each is recorded, so that 为什么 tells it. */
function createTurns(ranks: readonly Rank[], cycle: number) {
  const known = ranks.map(({ consultantId }) => consultantId);
  let rota: Rota = { cycle, original: [], lapsed: [], working: [], resetMarked: true, outstanding: new Map() };
  return async (scope: Scope): Promise<Turn> => {
    const wanted = { ranks, known, turnIds: [randomUUID()], takenAtMs: scope.now.getTime() };
    const { rota: next, taken } = takeTurns(rota, wanted);
    const [turn] = taken.turns;
    if (!turn) throw new Error('the demo school has no sales ranks');
    rota = { ...next, outstanding: new Map() };
    await recordTurns(scope, [{ ...turn, fate: 'used' }], taken.cycles);
    return turn;
  };
}

type Cohort = { id: number; price: number };

const DEPOSIT = 1000;

/** Enrols a customer as the use case does, with deposit, student and cohort, but for a password. */
async function enrol({ tx, now, today }: Scope, customerId: number, cohort: Cohort): Promise<void> {
  const { name, phone, qq, consultantId } = await tx.customer.update({
    where: { id: customerId },
    data: { status: 'enrolled', nextContactOn: null, version: { increment: 1 }, updatedAt: now },
    select: { name: true, phone: true, qq: true, consultantId: true },
  });
  await tx.assignment.updateMany({
    where: { customerId, state: 'following' },
    data: { state: 'won', endedOn: dayToDb(today), updatedAt: now },
  });
  await addStudentsWithoutPassword(tx, [
    {
      customerId,
      name,
      phone,
      username: phone ?? qq ?? `stu${customerId}`,
      cohortId: cohort.id,
      joinedOn: dayToDb(today),
      at: now,
    },
  ]);
  const payment = { customerId, cohortId: cohort.id, consultantId, dealAmount: cohort.price, quote: cohort.price };
  await tx.payment.create({ data: { ...payment, paid: DEPOSIT, date: dayToDb(today), createdAt: now } });
}

/** The rest of the price, after the deposit. */
async function payRest({ tx, now, today }: Scope, customerId: number): Promise<void> {
  const { cohortId, consultantId, dealAmount, quote } = await tx.payment.findFirstOrThrow({ where: { customerId } });
  await tx.payment.create({
    data: {
      ...{ kind: 'tuition', customerId, cohortId, consultantId, dealAmount, quote },
      ...{ paid: Number(dealAmount) - DEPOSIT, date: dayToDb(today), createdAt: now },
    },
  });
}
