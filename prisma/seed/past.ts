import { randomUUID } from 'node:crypto';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { addDays, dayToDb } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { buildRota } from '../../src/rota/build-rota.ts';
import { FORMER_COHORTS, type PastLife, pastLives, type Stay } from './past-lives.ts';
import { addStudentsWithoutPassword } from './students.ts';

type School = {
  ids: ReadonlyMap<string, number>;
  /** The cohorts there are, by the keys of past-lives.ts. */
  cohorts: Map<string, { id: number; price: number }>;
};

/** What the months behind leave to who seeds the rest. */
export type Past = {
  /** Cycles of the rota that are used up. */
  cycles: number;
  /** Who signs in as a student, and the customer they were. */
  students: readonly { username: string; customerId: number; cohortId: number; daysAgo: number }[];
};

const SWEEP_MINUTE = 120;
const DEPOSIT = 1000;

/**
 * The fourteen months behind the school, as reports read them: customers who came by the rota, were won or lost and
 * stand in the pool since, the cohorts they joined, what they paid. Written by sets, because living them again day by day
 * would take longer than a first start may; the rows are what the use cases would have left.
 */
export async function seedPast(scope: Scope, { ids, cohorts }: School): Promise<Past> {
  const { tx, today, time } = scope;
  const at = (daysAgo: number, minute: number) => time.instantOf(addDays(today, -daysAgo), minute);
  const on = (daysAgo: number) => dayToDb(addDays(today, -daysAgo));
  const idOf = (username: string) => ids.get(username) ?? 0;
  const before = (await tx.auditEntry.aggregate({ _max: { id: true } }))._max.id ?? 0;
  await seedFormerCohorts(scope, { ids, cohorts });

  const rota = buildRota(await tx.salesRank.findMany());
  const names = new Map([...ids].map(([username, id]) => [id, username]));
  const lives = pastLives(rota.map((id) => names.get(id) ?? ''));
  const cycles = lives.length / rota.length;
  const turns = lives.map(({ entered }, index) => ({
    id: randomUUID(),
    cycle: Math.floor(index / rota.length) + 1,
    position: index % rota.length,
    consultantId: rota[index % rota.length] ?? 0,
    takenAt: at(entered.daysAgo, entered.minute),
  }));
  await tx.rotaCycle.createMany({
    data: Array.from({ length: cycles }, (_, n) => ({
      ...{ cycle: n + 1, original: rota, openedAt: turns[n * rota.length]?.takenAt ?? scope.now },
    })),
  });
  await tx.turn.createMany({ data: turns });

  const made = await tx.customer.createManyAndReturn({
    data: lives.map((life) => asEntered(life, { at, on, idOf })),
    select: { id: true, phone: true },
  });
  const customerOf = new Map(made.map(({ id, phone }) => [phone, id]));
  const all = lives.map((life) => ({ life, customerId: customerOf.get(life.phone) ?? 0 }));
  const courses = new Map((await tx.course.findMany()).map(({ name, id }) => [name, id]));
  await tx.customerCourse.createMany({
    data: all.map(({ life, customerId }) => ({ customerId, courseId: courses.get(life.course) ?? 0 })),
  });
  await tx.assignment.createMany({
    data: all.flatMap(({ life, customerId }, index) =>
      life.stays.map((stay, n) => ({
        ...{ customerId, consultantId: idOf(stay.by), date: on(stay.from), state: stay.state, origin: stay.origin },
        ...{ memo: stay.memo ?? null, endedOn: on(stay.until), turnId: n === 0 ? (turns[index]?.id ?? null) : null },
        ...{ createdAt: at(stay.from, life.entered.minute), updatedAt: at(stay.until, endMinute(stay, life)) },
      })),
    ),
  });
  const talks = all.flatMap(({ life, customerId }) => life.contacts.map((contact) => ({ customerId, ...contact })));
  talks.sort((a, b) => b.daysAgo - a.daysAgo || a.minute - b.minute);
  await tx.followUp.createMany({
    data: talks.map(({ customerId, daysAgo, minute, by, note }) => ({
      ...{ customerId, consultantId: idOf(by), date: on(daysAgo), note, createdAt: at(daysAgo, minute) },
    })),
  });

  const winners = all.filter(({ life }) => life.won);
  const payments = winners.flatMap(({ life, customerId }, index) =>
    paymentsOf(life, index, customerId, { at, on, idOf, cohorts }),
  );
  payments.sort((a, b) => Number(a.createdAt) - Number(b.createdAt));
  await tx.payment.createMany({ data: payments });
  const won = winners.flatMap(({ life, customerId }) => {
    const cohort = life.won && cohorts.get(life.won.cohort);
    return life.won && cohort ? [{ ...life, customerId, cohortId: cohort.id, daysAgo: life.won.daysAgo }] : [];
  });
  await addStudentsWithoutPassword(
    tx,
    won
      .filter(({ username }) => username === null)
      .map(({ customerId, name, phone, cohortId, daysAgo }) => ({
        ...{ customerId, name, phone, username: phone, cohortId, joinedOn: on(daysAgo), at: at(daysAgo, 17 * 60) },
      })),
  );
  await endLives(scope, all, { at, on, idOf });
  await tellPast(scope, before);
  return {
    cycles,
    students: won.flatMap(({ username, customerId, cohortId, daysAgo }) =>
      username === null ? [] : [{ username, customerId, cohortId, daysAgo }],
    ),
  };
}

type Reckoning = {
  at: (daysAgo: number, minute: number) => Date;
  on: (daysAgo: number) => Date;
  idOf: (username: string) => number;
};

async function seedFormerCohorts({ tx, today }: Scope, { ids, cohorts }: School): Promise<void> {
  const campuses = new Map((await tx.campus.findMany()).map(({ name, id }) => [name, id]));
  const courses = new Map((await tx.course.findMany()).map((course) => [course.name, course]));
  const made = await tx.cohort.createManyAndReturn({
    data: FORMER_COHORTS.map(({ course, campus, term, began, days }) => ({
      ...{ campusId: campuses.get(campus) ?? 0, courseId: courses.get(course)?.id ?? 0, term, memo: '脱产班' },
      price: courses.get(course)?.listPrice ?? null,
      startsOn: dayToDb(addDays(today, -began)),
      graduatesOn: dayToDb(addDays(today, days - began)),
      tutorId: ids.get('tutor1') ?? null,
    })),
    select: { id: true, courseId: true, term: true, price: true },
  });
  for (const { key, course, term } of FORMER_COHORTS) {
    const cohort = made.find((one) => one.courseId === courses.get(course)?.id && one.term === term);
    if (cohort) cohorts.set(key, { id: cohort.id, price: Number(cohort.price) });
  }
  await tx.cohortLecturer.createMany({
    data: FORMER_COHORTS.map(({ key, campus }) => ({
      cohortId: cohorts.get(key)?.id ?? 0,
      personId: ids.get(campus === '北京' ? 'lecturer1' : 'lecturer2') ?? 0,
    })),
  });
}

/** The customer on the day it came: with whom the rota named. */
function asEntered(life: PastLife, { at, on, idOf }: Reckoning): Prisma.CustomerCreateManyInput {
  const { name, phone, qq, gender, education, experience, source, entered, stays } = life;
  const [day, moment] = [on(entered.daysAgo), at(entered.daysAgo, entered.minute)];
  return {
    ...{ name, phone, qq, gender, education, experience, source, consultantId: idOf(stays[0].by) },
    ...{ enteredOn: day, receivedOn: day, lastContactedOn: day, enteredById: idOf('admin') },
    ...{ createdAt: moment, updatedAt: moment },
  };
}

/** The sweep ends what was lost; everything else somebody did in office hours. */
function endMinute({ state }: Stay, { entered }: PastLife): number {
  return state.startsWith('lost') ? SWEEP_MINUTE : Math.max(entered.minute, 12 * 60);
}

/** Deposit on the day of enrolling, the rest within two weeks; some owe a part still, a few got money back. */
function paymentsOf(
  life: PastLife,
  index: number,
  customerId: number,
  { at, on, idOf, cohorts }: Reckoning & Pick<School, 'cohorts'>,
): (Prisma.PaymentCreateManyInput & { createdAt: Date })[] {
  const cohort = life.won && cohorts.get(life.won.cohort);
  if (!life.won || !cohort) return [];
  const { daysAgo } = life.won;
  const consultantId = idOf(life.stays.at(-1)?.by ?? '');
  const dealAmount = cohort.price - (index % 5 === 0 ? 1000 : 0);
  const pay = (kind: 'deposit' | 'tuition' | 'refund' | 'withdrawal', paid: number, later: number, note?: string) => ({
    ...{
      kind,
      customerId,
      cohortId: cohort.id,
      paid,
      dealAmount,
      quote: cohort.price,
      note: note ?? null,
      consultantId,
    },
    ...{ date: on(daysAgo - later), createdAt: at(daysAgo - later, 13 * 60 + ((index * 7) % 240)) },
  });
  const rest = dealAmount - DEPOSIT;
  const tuition = pay('tuition', index % 9 === 4 ? rest / 2 : rest, 2 + (index % 12));
  const paid = [pay('deposit', DEPOSIT, 0), tuition];
  if (index % 20 === 7) paid.push(pay('withdrawal', 6000, 24, '家里有事，先退一部分，名额留着'));
  if (index % 20 === 13) paid.push(pay('refund', 1000, 18, '介绍同学，返现'));
  return paid;
}

/** Brings the customers to where they stand since: enrolled with who won them, or in the pool. One statement. */
async function endLives(
  { tx }: Scope,
  all: readonly { life: PastLife; customerId: number }[],
  { at, on, idOf }: Reckoning,
): Promise<void> {
  const rows = all.map(({ life, customerId }) => {
    const last = life.stays.at(-1) ?? life.stays[0];
    const contacted = life.contacts.filter(({ daysAgo }) => daysAgo <= last.from).map(({ daysAgo }) => daysAgo);
    const reasons = { lostNoContact: 'noContact', lostNoDeal: 'noDeal', released: 'released' } as const;
    const endedAt = at(last.until, endMinute(last, life));
    return {
      ...{ id: customerId, won: life.won !== null, holder: idOf(last.by), endedAt, receivedOn: on(last.from) },
      lastContactedOn: on(Math.min(last.from, ...contacted)),
      reason: life.won ? null : reasons[last.state as keyof typeof reasons],
      loser: life.won ? idOf(life.stays.at(-2)?.by ?? '') || null : idOf(last.by),
    };
  });
  await tx.$executeRaw`
    UPDATE "Customer" c
    SET status = (CASE WHEN r.won THEN 'enrolled' ELSE 'notEnrolled' END)::"CustomerStatus",
      "consultantId" = CASE WHEN r.won THEN r.holder END, "pooledAt" = CASE WHEN NOT r.won THEN r."endedAt" END,
      "poolReason" = r.reason::"PoolReason", "lastConsultantId" = r.loser, "updatedAt" = r."endedAt",
      "receivedOn" = r."receivedOn"::date, "lastContactedOn" = r."lastContactedOn"::date, version = 1
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      id int, won boolean, holder int, "endedAt" timestamptz, "receivedOn" timestamptz, "lastContactedOn" timestamptz,
      reason text, loser int)
    WHERE c.id = r.id`;
}

/**
 * Gives the history its own days in 变更记录: who entered, who won, what was paid. What follows from these by itself
 * (rows of roles, courses and cohorts, talks that stand as 跟进记录) is left out.
 */
async function tellPast({ tx }: Scope, before: number): Promise<void> {
  await tx.$executeRaw`
    WITH written AS (
      DELETE FROM "AuditEntry" WHERE id > ${before} RETURNING entity, "entityId", action, before, after
    ), dated AS (
      SELECT w.*, CASE WHEN w.action = 'add' THEN c."createdAt" ELSE c."updatedAt" END AS at,
        CASE WHEN w.action = 'add' THEN c."enteredById" WHEN c.status = 'enrolled' THEN c."consultantId"
          WHEN c."poolReason" = 'released' THEN c."lastConsultantId" END AS "actorId"
      FROM written w JOIN "Customer" c ON w.entity = 'Customer' AND c.id = w."entityId"
      UNION ALL
      SELECT w.*, p."createdAt", p."consultantId" FROM written w JOIN "Payment" p ON w.entity = 'Payment' AND p.id = w."entityId"
      UNION ALL
      SELECT w.*, c."startsOn"::timestamptz, NULL FROM written w JOIN "Cohort" c ON w.entity = 'Cohort' AND c.id = w."entityId"
    )
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before, after)
    SELECT at, "actorId", CASE WHEN "actorId" IS NULL THEN 'job' ELSE 'web' END, entity, "entityId", action, before, after
    FROM dated ORDER BY at, entity, "entityId"`;
}
