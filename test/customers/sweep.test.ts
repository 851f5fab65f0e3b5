import { beforeEach, describe, expect, it } from 'vitest';
import { nextContactReminder } from '../../src/before-it-drops/reminders/job.ts';
import { dailySweep } from '../../src/customers/jobs.ts';
import { moveDueToPool } from '../../src/customers/move-due-to-pool.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import type { InTransaction } from '../../src/kernel/scope.ts';
import { changeSettings } from '../../src/settings/index.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { type Somebody, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();

beforeEach(async () => {
  await school.empty();
  school.moveTo('2026-11-22', '02:00');
});

/** One run as the scheduler makes it: batches until none is left, or only so many before the process dies. */
async function sweep({
  limit = 1000,
  batches = 100,
  inTransaction = school.node().inTransaction as InTransaction,
  dueAt = school.clock.now(),
} = {}) {
  let total = 0;
  for (let n = 0; n < batches; n += 1) {
    const rows = await inTransaction(systemActor, 'job', (scope) => moveDueToPool(scope, { dueAt, limit }));
    total += rows;
    if (rows === 0) break;
  }
  return total;
}

/** Rows as they end, whoever ended them. */
async function finalRows() {
  const customers = await school.prisma().customer.findMany({
    orderBy: { id: 'asc' },
    select: {
      name: true,
      consultantId: true,
      poolReason: true,
      lastConsultantId: true,
      assignments: { select: { state: true, memo: true, endedOn: true } },
    },
  });
  return { customers };
}

describe('每日筛选', () => {
  it('takes who was not contacted for three days or not won in fifteen, and leaves the others', async () => {
    const li = await school.consultant('李娜');
    const wang = await school.consultant('王强');
    const fresh = await school.customer({ heldBy: li, received: '2026-11-19' });
    const contacted = await school.customer({ heldBy: li, received: '2026-11-08', contacted: '2026-11-19' });
    const cold = await school.customer({
      name: '李明',
      heldBy: li,
      received: '2026-11-10',
      contacted: '2026-11-18',
      nextContactOn: new Date('2026-11-25'),
    });
    const old = await school.customer({
      name: '王小雨',
      heldBy: wang,
      received: '2026-11-06',
      contacted: '2026-11-21',
    });
    const both = await school.customer({ name: '赵六', heldBy: li, received: '2026-11-06', contacted: '2026-11-08' });
    const won = await school.customer({ heldBy: li, status: 'enrolled', state: 'won', received: '2026-01-01' });

    expect(await sweep()).toBe(3);
    for (const id of [fresh, contacted])
      expect(await school.states(id)).toEqual([{ consultantId: li.id, state: 'following' }]);
    expect(await school.states(won)).toEqual([{ consultantId: li.id, state: 'won' }]);
    expect(await school.stored(cold)).toMatchObject({
      consultantId: null,
      poolReason: 'noContact',
      lastConsultantId: li.id,
      nextContactOn: null,
      assignments: [{ state: 'lostNoContact', memo: null, endedOn: new Date('2026-11-22') }],
    });
    expect(await school.stored(old)).toMatchObject({
      poolReason: 'noDeal',
      lastConsultantId: wang.id,
      assignments: [{ state: 'lostNoDeal', memo: null }],
    });
    expect(await school.stored(both)).toMatchObject({
      poolReason: 'noDeal',
      assignments: [{ state: 'lostNoDeal', memo: '十五天未成单、三天未跟进' }],
    });
    expect(await school.notices('dropped')).toMatchObject([
      { personId: li.id, data: { customer: '李明、赵六', reason: '三天未跟进 1 位，十五天未成单 1 位', count: 2 } },
      {
        personId: wang.id,
        data: { customer: '王小雨', reason: '十五天未成单', count: 1 },
        entity: 'pool',
        entityId: old,
      },
    ]);
    // At night only who lost somebody is told; how many came into the pool is the morning's to say.
    expect(await school.notices('pooled')).toEqual([]);
    school.moveTo('2026-11-22', '08:30');
    await school
      .node()
      .inTransaction(systemActor, 'job', (scope) => nextContactReminder.run(scope, { dueAt: scope.now, limit: 10 }));
    const told = (await school.notices('pooled')).filter(({ personId }) => personId === li.id || personId === wang.id);
    expect(told).toMatchObject([{ data: { count: 3 } }, { data: { count: 3 } }]);
  });

  it('run twice at one due time does what it does once', async () => {
    const li = await school.consultant('李娜');
    for (let n = 0; n < 5; n += 1) await school.customer({ heldBy: li, received: '2026-11-10' });
    await sweep({ limit: 2 });
    const once = await finalRows();
    expect(await sweep({ limit: 2 })).toBe(0);
    expect(await finalRows()).toEqual(once);
  });

  it('killed half-way and taken up again, ends with the rows of one run', async () => {
    const li = await school.consultant('李娜');
    const dueAt = school.clock.now();
    for (let n = 0; n < 7; n += 1) await school.customer({ heldBy: li, received: '2026-11-10' });
    expect(await sweep({ limit: 2, batches: 2, dueAt })).toBe(4);
    expect(await school.notices('pooled')).toEqual([]);
    school.moveTo('2026-11-22', '02:05');
    expect(await sweep({ limit: 2, dueAt })).toBe(3);
    const { customers } = await finalRows();
    expect(
      customers.every(
        ({ consultantId, assignments }) => consultantId === null && assignments[0]?.state === 'lostNoContact',
      ),
    ).toBe(true);
    expect(await school.notices('dropped')).not.toEqual([]);
  });

  it('spares a customer followed up at 01:00', async () => {
    const li = await school.consultant('李娜');
    const id = await school.customer({ heldBy: li, received: '2026-11-18' });
    school.moveTo('2026-11-22', '01:00');
    await li.does((scope) => writeFollowUp(scope, { customerId: id, note: '还在考虑' }));
    school.moveTo('2026-11-22', '02:00');
    expect(await sweep()).toBe(0);
    expect(await school.notices()).toEqual([]);
  });

  it('missed and run late, goes by the day it was due on', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li, received: '2026-11-18' });
    const dueAt = new Date('2026-11-20T18:00:00Z');
    school.moveTo('2026-11-22', '01:00');
    expect(await sweep({ dueAt })).toBe(0);
  });

  it('goes by the settings', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li, received: '2026-11-18' });
    await school.node().inTransaction(systemActor, 'web', (scope) => changeSettings(scope, { noContactDays: 7 }));
    expect(await sweep()).toBe(0);
  });

  it('runs at two o’clock by a setting, and what was missed once', () => {
    expect(dailySweep).toMatchObject({ at: { setting: 'sweepCron' }, missed: 'last' });
  });
});

postgresOnly('每日筛选 on two nodes', () => {
  it('at once, ends with the rows of one run and counts each customer once', async () => {
    const people = (await school.consultants('李娜', '王强', '赵敏')) as [Somebody, Somebody, Somebody];
    for (let n = 0; n < 60; n += 1) await school.customer({ heldBy: people[n % 3]!, received: '2026-11-10' });
    const other = await openDatabase({ databaseUrl: school.database().databaseUrl!, log: quietLog });
    try {
      const dueAt = school.clock.now();
      const second = school.openNode(other).inTransaction as InTransaction;
      const [a, b] = await Promise.all([sweep({ limit: 7, dueAt }), sweep({ limit: 7, dueAt, inTransaction: second })]);
      expect(a + b).toBe(60);
    } finally {
      await other.close();
    }
    const { customers } = await finalRows();
    expect(
      customers.every(({ assignments }) => assignments.length === 1 && assignments[0]?.state === 'lostNoContact'),
    ).toBe(true);
    const told = await school.notices('dropped');
    expect(told.reduce((sum, { data }) => sum + (data as { count: number }).count, 0)).toBe(60);
  });
});

describe('the morning’s reminder', () => {
  it('names once a day whom a consultant meant to contact', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ name: '王小雨', heldBy: li, nextContactOn: new Date('2026-11-22') });
    await school.customer({ name: '李明', heldBy: li, nextContactOn: new Date('2026-11-23') });
    school.moveTo('2026-11-22', '08:30');
    const remind = () =>
      school
        .node()
        .inTransaction(systemActor, 'job', (scope) => nextContactReminder.run(scope, { dueAt: scope.now, limit: 10 }));
    expect(await remind()).toBe(1);
    expect(await remind()).toBe(0);
    expect(await school.notices()).toMatchObject([
      {
        kind: 'nextContact',
        personId: li.id,
        data: { count: 1, lines: [expect.stringMatching(/^1 王小雨 QQ \d+$/), expect.stringContaining('「1 明天」')] },
      },
    ]);
  });
});
