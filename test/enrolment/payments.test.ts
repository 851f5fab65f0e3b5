import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { recordPayment } from '../../src/enrolment/payments.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { refusalOf, type Somebody, TODAY, useTeaching } from '../teaching/teaching-school.ts';

const school = useTeaching();

/** A customer who agreed on 19,800 for a cohort and paid 6,000. */
async function paid6000() {
  const li = await school.consultant('李娜');
  const cohort = await school.cohort({ price: 19800 });
  const customer = await school.customer('王小雨', li);
  const { paymentId } = await li.does((scope) =>
    school.enrol(scope, { customerId: customer.id, cohortId: cohort.id, paid: 6000, kind: 'deposit' }),
  );
  const visitor = await (await school.admin()).visits();
  const add = (more: object) =>
    visitor.json('POST', '/payments', { customerId: customer.id, cohortId: cohort.id, ...more });
  return { li, cohort, customer, visitor, add, first: paymentId };
}

describe('a refund', () => {
  it('of 999,999 for 6,000 paid is refused, naming the most', async () => {
    const { add } = await paid6000();
    for (const kind of ['refund', '退款', 'withdrawal']) {
      const answer = await add({ kind, paid: 999_999 });
      expect(answer.status).toBe(422);
      expect(answer.body.error.fields).toEqual({ paid: '退得比交的多了，最多能退 ¥6,000' });
    }
    expect((await add({ kind: 'refund', paid: 4000 })).status).toBe(201);
    expect((await add({ kind: 'refund', paid: 2000.01 })).body.error.fields.paid).toContain('¥2,000');
    expect((await add({ kind: 'refund', paid: 2000 })).status).toBe(201);
    expect((await add({ kind: 'refund', paid: 0.01 })).body.error.fields).toHaveProperty('paid');
  });

  it('is of its own customer and cohort; without a cohort of all that was paid, once', async () => {
    const { add } = await paid6000();
    const other = await school.cohort();
    expect((await add({ kind: 'refund', paid: 1, cohortId: other.id })).body.error.fields).toHaveProperty('paid');
    expect((await add({ kind: 'refund', paid: 6000, cohortId: undefined })).status).toBe(201);
    expect((await add({ kind: 'refund', paid: 1 })).body.error.fields).toHaveProperty('paid');
  });

  it('is not made too high by editing or deleting, of itself or of what was paid', async () => {
    const { add, visitor, first } = await paid6000();
    const { row } = (await add({ kind: 'refund', paid: 5000 })).body;
    const patch = (id: number, change: object) => visitor.json('PATCH', `/payments/${id}`, change);
    for (const [id, change] of [
      [row.id, { paid: 6001 }],
      [first, { paid: 4999 }],
      [first, { kind: 'refund' }],
      [first, { cohortId: (await school.cohort()).id }],
    ] as const)
      expect(await patch(id, change)).toMatchObject({
        status: 422,
        body: { error: { fields: { paid: expect.any(String) } } },
      });
    expect((await visitor.json('DELETE', `/payments/${first}`)).body.error.fields).toHaveProperty('paid');
    expect((await patch(row.id, { paid: 6000, note: '全退' })).status).toBe(200);
    expect((await visitor.json('DELETE', `/payments/${row.id}`)).status).toBe(200);
    expect((await visitor.json('DELETE', `/payments/${first}`)).status).toBe(200);
  });

  it('from before the rule can be put right bit by bit', async () => {
    const { visitor, customer, cohort, add } = await paid6000();
    const { id } = await school.prisma().payment.create({
      data: {
        kind: 'refund',
        customerId: customer.id,
        cohortId: cohort.id,
        paid: 999_999,
        date: new Date(`${TODAY}T00:00:00Z`),
        createdAt: school.clock.now(),
      },
    });
    expect((await visitor.json('PATCH', `/payments/${id}`, { paid: 1_000_000 })).status).toBe(422);
    expect((await visitor.json('PATCH', `/payments/${id}`, { paid: 9000 })).status).toBe(200);
    expect((await add({ kind: 'tuition', paid: 100 })).status).toBe(201);
    expect((await visitor.json('PATCH', `/payments/${id}`, { paid: 6000 })).status).toBe(200);
  });

  it('is no way to enrol', async () => {
    const li = await school.consultant('李娜');
    const cohort = await school.cohort();
    const customer = await school.customer('王小雨', li);
    const answer = await (await li.visits()).json('POST', `/customers/${customer.id}/enrol`, {
      cohortId: cohort.id,
      paid: 5000,
      kind: 'refund',
    });
    expect(answer.status).toBe(422);
    expect(answer.body.error.fields).toHaveProperty('kind');
  });

  const refundOf = (customerId: number, cohortId: number) => ({
    customerId,
    cohortId,
    kind: 'refund' as const,
    paid: 6000,
  });

  it('made twice at once is taken once', async () => {
    const { cohort, customer } = await paid6000();
    const admin = await school.admin();
    const refund = () => refusalOf(admin.does((scope) => recordPayment(scope, refundOf(customer.id, cohort.id))));
    const codes = (await Promise.all([refund(), refund(), refund()])).map(({ code }) => code);
    expect(codes.sort()).toEqual(['invalid_fields', 'invalid_fields', 'none']);
  });

  postgresOnly('with two connections at once', () => {
    it('through two nodes is taken once', async () => {
      const { databaseUrl } = school.database();
      const node = await openDatabase({ databaseUrl, log: quietLog });
      const second = school.transactionsOf(node);
      try {
        for (let round = 0; round < 10; round += 1) {
          const { cohort, customer } = await paid6000();
          const admin: Somebody = await school.admin();
          const input = refundOf(customer.id, cohort.id);
          const through = (work: typeof second) =>
            refusalOf(work(admin.actor, 'web', (scope) => recordPayment(scope, input)));
          const codes = (await Promise.all([through(school.inTransaction), through(second)])).map(({ code }) => code);
          expect(codes.sort()).toEqual(['invalid_fields', 'none']);
        }
      } finally {
        await node.close();
      }
    });
  });
});

describe('what is still due', () => {
  it('is shown with each payment and said after one; a withdrawal ends it', async () => {
    const { add, visitor, customer, first } = await paid6000();
    const list = async () =>
      (await visitor.json('GET', `/payments?customerId=${customer.id}&sort=date`)).body.rows.map(
        ({ due }: { due: number }) => due,
      );
    expect(await list()).toEqual([13800]);
    expect((await add({ kind: 'tuition', paid: 10000 })).body).toMatchObject({
      message: '记下了，还欠 ¥3,800',
      row: { due: 3800 },
    });
    expect((await add({ kind: 'refund', paid: 1000 })).body.message).toBe('记下了，还欠 ¥4,800');
    expect((await add({ kind: 'tuition', paid: 4800 })).body.message).toBe('记下了，交清了');
    expect((await add({ kind: 'withdrawal', paid: 3000 })).body.row.due).toBe(0);
    expect(first).toBeGreaterThan(0);
  });
});

describe('a payment’s day', () => {
  it('is any day to today, kept as given', async () => {
    const { add, visitor, first } = await paid6000();
    const future = await add({ kind: 'tuition', paid: 1, date: '2026-11-22' });
    expect(future).toMatchObject({ status: 422, body: { error: { fields: { date: expect.any(String) } } } });
    expect((await visitor.json('PATCH', `/payments/${first}`, { date: '2027-01-01' })).status).toBe(422);
    expect((await add({ kind: 'tuition', paid: 1, date: '2025-03-01' })).body.row.date).toBe('2025-03-01');
  });
});
