import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pooled } from '../../src/before-it-drops/notices.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { OutsideTransaction } from '../../src/database/transaction-context.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import type { Tx } from '../../src/kernel/scope.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';

const database = useDatabase();
const NOW = '2026-03-01T18:30:00.000Z';
const person = { ...systemActor, id: 7, name: '李娜' };

let transactions: ReturnType<typeof createTransactions>;
let told: { now: Date; kinds: string[] }[];

beforeAll(async () => {
  await database().pool.query('CREATE TABLE scratch (id int PRIMARY KEY, word text)');
});

beforeEach(async () => {
  await database().pool.query('TRUNCATE scratch');
  told = [];
  transactions = createTransactions({
    database: database(),
    clock: createFixedClock(NOW),
    time: createSchoolTime('Asia/Shanghai'),
    log: quietLog,
    tell: async (_tx, now, notices) => void told.push({ now, kinds: notices.map(({ kind }) => kind) }),
  });
});

const insert = (tx: Tx, id: number) => tx.$executeRaw`INSERT INTO scratch (id) VALUES (${id})`;
const ids = async () => (await database().pool.query('SELECT id FROM scratch ORDER BY id')).rows.map(({ id }) => id);
const raise = (tx: Tx, code: string) =>
  tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${code}'; END $$`);

describe('inTransaction', () => {
  it('when work succeeds, commits it and returns its result', async () => {
    const result = await transactions.inTransaction(person, 'web', async ({ tx }) => {
      await insert(tx, 1);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await ids()).toEqual([1]);
  });

  it('when work throws, rolls back and passes the error on', async () => {
    const work = transactions.inTransaction(person, 'web', async ({ tx }) => {
      await insert(tx, 1);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await ids()).toEqual([]);
  });

  it('gives work one moment, the school day of it, and the actor', async () => {
    await transactions.inTransaction(person, 'chat', async (scope) => {
      expect(scope.now.toISOString()).toBe(NOW);
      expect(scope.today).toBe('2026-03-02');
      expect(scope.actor.name).toBe('李娜');
      expect(scope.channel).toBe('chat');
    });
  });

  it('tells the audit triggers who acts, through which door and when, only inside', async () => {
    const settings = (tx: Pick<Tx, '$queryRaw'>) => tx.$queryRaw`SELECT
      coalesce(current_setting('xiaoxin.actor', true), '') AS actor,
      coalesce(current_setting('xiaoxin.channel', true), '') AS channel,
      coalesce(current_setting('xiaoxin.now', true), '') AS now`;
    await transactions.inTransaction(person, 'bot', async ({ tx }) => {
      expect(await settings(tx)).toEqual([{ actor: '7', channel: 'bot', now: NOW }]);
    });
    await transactions.inTransaction(systemActor, 'job', async ({ tx }) => {
      expect(await settings(tx)).toEqual([{ actor: '', channel: 'job', now: NOW }]);
    });
    expect(await settings(database().prisma)).toEqual([{ actor: '', channel: '', now: '' }]);
  });

  it('writes an audit entry with them', async () => {
    const room = await transactions.inTransaction(systemActor, 'web', ({ tx }) =>
      tx.room.create({ data: { name: '夏威夷', seats: 20 } }),
    );
    const entries = await database().prisma.auditEntry.findMany({ where: { entity: 'Room', entityId: room.id } });
    expect(entries).toMatchObject([{ channel: 'web', at: new Date(NOW) }]);
  });

  it('hands notices to the outbox with its moment', async () => {
    await transactions.inTransaction(person, 'web', async ({ tell }) => {
      await tell(pooled.to(7, { count: 2 }, { once: 'a' }));
    });
    expect(told).toEqual([{ now: new Date(NOW), kinds: ['pooled'] }]);
  });

  it('at a pretended time hands them over with that where it is past, and at once where it is still to come', async () => {
    const pretend = (at: string) =>
      transactions.inTransaction(
        person,
        'job',
        async ({ now, tell }) => {
          expect(now).toEqual(new Date(at));
          await tell(pooled.to(7, { count: 2 }, { once: at }));
        },
        { now: new Date(at) },
      );
    await pretend('2026-01-01T00:00:00.000Z');
    await pretend('2031-01-01T00:00:00.000Z');
    expect(told.map(({ now }) => now.toISOString())).toEqual(['2026-01-01T00:00:00.000Z', NOW]);
  });

  it('runs what was left for after the commit in order, outside the transaction', async () => {
    const seen: unknown[] = [];
    await transactions.inTransaction(person, 'web', async ({ tx, afterCommit }) => {
      afterCommit(async () => void seen.push(await ids()));
      afterCommit(() => void seen.push('second'));
      await insert(tx, 1);
      seen.push('work');
    });
    expect(seen).toEqual(['work', [1], 'second']);
  });

  it('when work throws, runs nothing that was left for after the commit', async () => {
    let ran = false;
    const work = transactions.inTransaction(person, 'web', async ({ afterCommit }) => {
      afterCommit(() => {
        ran = true;
      });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(ran).toBe(false);
  });

  it('when something after the commit fails, keeps the result and runs the rest', async () => {
    let ran = false;
    const result = await transactions.inTransaction(person, 'web', async ({ afterCommit }) => {
      afterCommit(() => {
        throw new Error('mail is down');
      });
      afterCommit(() => {
        ran = true;
      });
      return 'kept';
    });
    expect(result).toBe('kept');
    expect(ran).toBe(true);
  });

  it.each(['40001', '40P01'])(
    'when it loses a write conflict (%s), is repeated and runs its afterCommit once',
    async (code) => {
      let attempts = 0;
      let after = 0;
      await transactions.inTransaction(person, 'web', async ({ tx, afterCommit }) => {
        attempts += 1;
        afterCommit(() => {
          after += 1;
        });
        await insert(tx, attempts);
        if (attempts < 3) await raise(tx, code);
      });
      expect({ attempts, after, ids: await ids() }).toEqual({ attempts: 3, after: 1, ids: [3] });
    },
  );

  it('when it keeps losing, gives up after three attempts', async () => {
    let attempts = 0;
    const work = transactions.inTransaction(person, 'web', async ({ tx }) => {
      attempts += 1;
      await raise(tx, '40001');
    });
    await expect(work).rejects.toThrow();
    expect(attempts).toBe(3);
  });

  it('when it fails for another reason, is not repeated', async () => {
    let attempts = 0;
    const work = transactions.inTransaction(person, 'web', async ({ tx }) => {
      attempts += 1;
      await insert(tx, 1);
      await insert(tx, 1);
    });
    await expect(work).rejects.toThrow();
    expect(attempts).toBe(1);
  });

  it('when one is opened inside another, refuses', async () => {
    const work = transactions.inTransaction(person, 'web', () =>
      transactions.inTransaction(person, 'web', async () => 'inner'),
    );
    await expect(work).rejects.toThrow(OutsideTransaction);
  });

  it.each([
    ['a model', () => database().prisma.room.count()],
    ['raw SQL', () => database().prisma.$queryRaw`SELECT 1`],
    ['a transaction', () => database().prisma.$transaction(async () => 1)],
    ['the pool', () => database().pool.query('SELECT 1')],
    ['a connection of the pool', () => database().pool.connect()],
  ])('when work reaches for the outer client (%s), refuses instead of waiting for itself', async (_what, reach) => {
    const work = transactions.inTransaction(person, 'web', async () => {
      await reach();
    });
    await expect(work).rejects.toThrow('only scope.tx may be used');
    await expect(database().prisma.room.count()).resolves.toBeTypeOf('number');
  });

  it('when something started inside runs on after the commit, lets it use the outer client', async () => {
    let later: Promise<number> | undefined;
    let goOn = () => {};
    const committed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await transactions.inTransaction(person, 'web', async () => {
      later = committed.then(() => database().prisma.room.count());
    });
    goOn();
    await expect(later).resolves.toBeTypeOf('number');
  });

  it('when many run at once, all come through', async () => {
    const work = Array.from({ length: 40 }, (_, i) =>
      transactions.inTransaction(person, 'web', async ({ tx }) => {
        await insert(tx, i);
        await insert(tx, i + 1_000);
      }),
    );
    await Promise.all(work);
    expect(await ids()).toHaveLength(80);
  });
});

postgresOnly('inTransaction on a server', () => {
  it('when two deadlock, the loser is repeated and both are done', async () => {
    await database().pool.query(`INSERT INTO scratch VALUES (1, ''), (2, '')`);
    let arrived = 0;
    let meet = () => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const update = (tx: Tx, id: number, mark: string) =>
      tx.$executeRaw`UPDATE scratch SET word = word || ${mark} WHERE id = ${id}`;
    const change = (first: number, second: number, mark: string) =>
      transactions.inTransaction(person, 'web', async ({ tx }) => {
        await update(tx, first, mark);
        arrived += 1;
        if (arrived >= 2) meet();
        await both;
        await update(tx, second, mark);
      });
    await Promise.all([change(1, 2, 'a'), change(2, 1, 'b')]);
    const { rows } = await database().pool.query('SELECT word FROM scratch ORDER BY id');
    expect(rows.map(({ word }) => [...word].sort().join(''))).toEqual(['ab', 'ab']);
  });
});
