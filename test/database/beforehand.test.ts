import { describe, expect, it } from 'vitest';
import { askedAgain } from '../../src/customers/notices.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import { quietLog, useDatabase } from '../setup/database.ts';

const database = useDatabase();

function inTransaction<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  return createTransactions({
    database: database(),
    clock: createFixedClock('2026-11-21T06:30:00Z'),
    time: createSchoolTime('Asia/Shanghai'),
    log: quietLog,
    tell: writeNotices,
  }).inTransaction(systemActor, 'web', work);
}

const roomNames = async () =>
  (await database().prisma.room.findMany({ orderBy: { id: 'asc' } })).map(({ name }) => name);

describe('beforehand', () => {
  it('a use case wants something done first: what it wrote is rolled back, it is done outside, and all begins again', async () => {
    const ended: number[] = [];
    const answer = await inTransaction(async ({ tx, beforehand }) => {
      await tx.room.create({ data: { name: '夏威夷', seats: 8 } });
      const first = await beforehand(
        'rooms',
        () => database().prisma.room.count(),
        async (value) => void ended.push(value),
      );
      return [first, await beforehand('rooms', async () => 99)];
    });
    expect(answer).toEqual([0, 0]);
    expect(await roomNames()).toEqual(['夏威夷']);
    expect(ended).toEqual([0]);
  });

  it('the transaction fails: atEnd still runs, once, and afterCommit does not', async () => {
    const called: string[] = [];
    const failing = inTransaction(async ({ tx, beforehand, afterCommit }) => {
      await beforehand(
        'a',
        async () => 'a',
        async (value) => void called.push(value),
      );
      afterCommit(() => void called.push('committed'));
      await tx.room.create({ data: { name: '巴黎', seats: 8 } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(called).toEqual(['a']);
    expect(await roomNames()).not.toContain('巴黎');
  });

  it('it commits: afterCommit runs before atEnd', async () => {
    const called: string[] = [];
    await inTransaction(async ({ beforehand, afterCommit }) => {
      await beforehand(
        'a',
        async () => 'a',
        async () => void called.push('end'),
      );
      afterCommit(() => void called.push('committed'));
    });
    expect(called).toEqual(['committed', 'end']);
  });

  it('the keys are new each time: an error in the end, not for ever', async () => {
    let n = 0;
    const endless = inTransaction(({ beforehand }) => {
      n += 1;
      return beforehand(`key ${n}`, async () => n);
    });
    await expect(endless).rejects.toThrow('are the keys the same each time?');
  });

  it('a refusal that somebody is told of: nothing else is kept', async () => {
    const person = await database().prisma.person.create({
      data: { name: '李娜', username: 'li', passwordHash: '', createdAt: new Date(0), updatedAt: new Date(0) },
    });
    const data = { customer: '张三', by: '王强' };
    const refused = inTransaction(async ({ tx }) => {
      await tx.room.create({ data: { name: '伦敦', seats: 8 } });
      throw new Refusal('known', 409, '已在李娜名下').telling(askedAgain.to(person.id, data, { once: 'a' }));
    });
    await expect(refused).rejects.toMatchObject({ code: 'known' });
    expect(await roomNames()).not.toContain('伦敦');
    expect(await database().prisma.notification.findMany()).toMatchObject([
      { kind: 'duplicate', personId: person.id, data },
    ]);
  });
});
