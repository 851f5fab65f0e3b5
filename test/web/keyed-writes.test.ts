import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { createKeyedWrites, REMEMBERED_MS } from '../../src/web/keyed-writes.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';

const SECRET = 'a secret of sixteen signs';
const database = useDatabase();
const keyed = () => createKeyedWrites({ prisma: database().prisma, sessionSecret: SECRET });
const write = { personId: 1, route: 'POST /customers/1/follow-ups', key: 'k', body: 'digest' };

beforeEach(async () => {
  const { prisma } = database();
  await prisma.keyedWrite.deleteMany();
  const now = new Date(wallNow());
  await prisma.person.upsert({
    where: { id: 1 },
    create: { id: 1, name: '李娜', username: 'lina', passwordHash: '-', createdAt: now, updatedAt: now },
    update: {},
  });
});

/** The attempt that may make the write; a failure where there is an answer already. */
async function begin(own: Partial<typeof write> = {}) {
  const begun = await keyed().begin({ ...write, ...own });
  if (!('attempt' in begun)) throw new Error('it was answered already');
  return begun.attempt;
}

const pass = () => database().prisma.keyedWrite.updateMany({ data: { leaseUntil: new Date(wallNow() - 1) } });

describe('a write with a key', () => {
  it('that died before anything was written is made by whoever sends it again', async () => {
    await begin();
    await pass();
    await (await begin()).keep({ status: 201 });
    expect(await keyed().begin(write)).toEqual({ answer: { status: 201 } });
  });

  it('that was written but never answered is not made again', async () => {
    const attempt = await begin();
    await database().prisma.$transaction((tx) => attempt.mark(tx));
    await pass();
    await expect(keyed().begin(write)).rejects.toMatchObject({ code: 'already_done', status: 409 });
  });

  it('whose transaction is late, after another took it over, writes nothing', async () => {
    const late = await begin();
    await pass();
    await begin();
    await expect(database().prisma.$transaction((tx) => late.mark(tx))).rejects.toMatchObject({ code: 'in_flight' });
  });

  it('whose transaction was rolled back is nobody’s again', async () => {
    const attempt = await begin();
    const rolledBack = database().prisma.$transaction(async (tx) => {
      await attempt.mark(tx);
      throw new Error('refused');
    });
    await expect(rolledBack).rejects.toThrow('refused');
    await attempt.letGo();
    await begin();
  });

  it('is remembered for a day, and no longer', async () => {
    await (await begin()).keep({ status: 201 });
    await expect(keyed().begin({ ...write, body: 'another' })).rejects.toMatchObject({ code: 'key_reused' });
    await database().prisma.keyedWrite.updateMany({ data: { createdAt: new Date(wallNow() - REMEMBERED_MS - 1) } });
    await begin({ body: 'another' });
  });

  it('keeps nothing readable of its answer or of what was sent', async () => {
    const body = keyed().digest({ fields: { password: 'a-one-time-word' }, files: [] }, '');
    await (await begin({ body })).keep({ setPasswordUrl: '/set-password/a-one-time-token' });
    expect(JSON.stringify(await database().prisma.keyedWrite.findMany())).not.toMatch(/one-time|set-password/);
  });

  it('with its fields in another order is the same write', () => {
    const digest = (fields: Record<string, unknown>) => keyed().digest({ fields, files: [] }, '');
    expect(digest({ a: 1, b: { c: 2, d: 3 } })).toBe(digest({ b: { d: 3, c: 2 }, a: 1 }));
    expect(digest({ ids: [1, 2] })).not.toBe(digest({ ids: [2, 1] }));
  });
});

postgresOnly('on two nodes', () => {
  it('of twenty at once exactly one is at it, and the others get its answer', async () => {
    const other = await openDatabase({ databaseUrl: database().databaseUrl ?? '', log: quietLog });
    try {
      const nodes = [keyed(), createKeyedWrites({ prisma: other.prisma, sessionSecret: SECRET })];
      let made = 0;
      const one = async (n: number) => {
        const begun = await (nodes[n % 2] as (typeof nodes)[0]).begin(write);
        if ('answer' in begun) return begun.answer;
        made += 1;
        await database().prisma.$transaction((tx) => begun.attempt.mark(tx));
        await begun.attempt.keep({ made });
        return { made };
      };
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)));
      expect(made).toBe(1);
      expect(answers).toEqual(Array(20).fill({ made: 1 }));
    } finally {
      await other.close();
    }
  });
});
