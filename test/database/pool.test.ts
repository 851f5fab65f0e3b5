import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { quietLog as log, useDatabase } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';

const database = useDatabase();

/** Instants at which a zone taken for another shows: around midnight, around new year, at the edges. */
const INSTANTS = [
  '2026-01-01T00:00:00.000Z',
  '2026-03-01T15:59:59.999Z',
  '2026-12-31T16:00:00.123Z',
  '1970-01-01T00:00:00.000Z',
];

describe('pool', () => {
  it('when a query fails with an SQL error, keeps the connection', async () => {
    const { pool } = database();
    await pool.query('SELECT 1');
    const removed: unknown[] = [];
    const note = (client: unknown) => void removed.push(client);
    pool.on('remove', note);
    for (let i = 0; i < 5; i += 1) await expect(pool.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
    await expect(pool.query('SELECT nothing_here')).rejects.toThrow('nothing_here');
    pool.off('remove', note);
    expect(removed).toEqual([]);
  });

  it('runs every connection in UTC and UTF8, without JIT', async () => {
    const { pool } = database();
    const sql = `SELECT current_setting('TimeZone') AS zone, current_setting('client_encoding') AS encoding,
      current_setting('jit') AS jit`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => pool.query(sql)));
    for (const { rows } of answers) expect(rows).toEqual([{ zone: 'UTC', encoding: 'UTF8', jit: 'off' }]);
  });

  it.each(INSTANTS)('gives an instant back as it was written: %s', async (text) => {
    const { prisma } = database();
    const instant = new Date(text);
    const { key } = await prisma.setting.create({ data: { key: `at ${text}`, value: 1, updatedAt: instant } });
    const read = await prisma.setting.findUniqueOrThrow({ where: { key } });
    expect(read.updatedAt).toEqual(instant);
    const raw =
      await prisma.$queryRaw`SELECT "updatedAt", "updatedAt" = ${instant} AS same FROM "Setting" WHERE key = ${key}`;
    expect(raw).toEqual([{ updatedAt: instant, same: true }]);
    expect(await prisma.setting.count({ where: { key, updatedAt: { gte: instant, lte: instant } } })).toBe(1);
  });

  it.each(['2026-01-01', '2026-02-28', '2028-02-29', '2026-12-31'])(
    'gives a day back as it was written: %s',
    async (text) => {
      const { prisma } = database();
      const day = new Date(`${text}T00:00:00.000Z`);
      const raw = await prisma.$queryRaw`SELECT ${day}::date AS day, (${day}::date)::text AS said`;
      expect(raw).toEqual([{ day, said: text }]);
    },
  );

  it('gives whole numbers beyond 53 bits, money and Chinese text back as they were', async () => {
    const rows = await database().prisma.$queryRaw<{ big: bigint; money: { toString(): string }; word: string }[]>`
      SELECT ${9_007_199_254_740_993n}::bigint AS big, ${'12345.67'}::numeric(12, 2) AS money, ${'𠮷野家，北京'} AS word`;
    const [row] = rows;
    expect(row?.big).toBe(9_007_199_254_740_993n);
    expect(row?.money.toString()).toBe('12345.67');
    expect(row?.word).toBe('𠮷野家，北京');
  });

  it('when a statement keeps coming back, plans it under a name on a server, and under none on the embedded database', async () => {
    const { prisma, pool, embedded } = database();
    for (let i = 0; i < 60; i += 1) await prisma.room.findMany({ where: { seats: i } });
    const { rows } = await pool.query('SELECT count(*)::int > 0 AS named FROM pg_prepared_statements');
    expect(rows).toEqual([{ named: !embedded }]);
  });

  it('when a hundred ask at once, answers all over at most ten connections', async () => {
    const { pool } = database();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => pool.query('SELECT $1::int AS n', [i])));
    expect(answers.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(pool.totalCount).toBeLessThanOrEqual(10);
  });
});

postgresOnly('pool on a server', () => {
  it('when the server itself runs in another zone, still runs in UTC', async () => {
    const { pool, databaseUrl } = database();
    await pool.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Shanghai''', current_database()); END $$`,
    );
    const second = await openDatabase({ databaseUrl: databaseUrl ?? '', log });
    try {
      const { rows } = await second.pool.query(
        `SELECT current_setting('TimeZone') AS zone, '2026-03-01 08:00'::timestamptz AS at`,
      );
      expect(rows).toEqual([{ zone: 'UTC', at: new Date('2026-03-01T08:00:00Z') }]);
    } finally {
      await second.close();
    }
  });

  it('when the server ends a connection, the next query gets another', async () => {
    const { pool } = database();
    const { rows } = await pool.query('SELECT pg_backend_pid() AS pid');
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    // Those nobody used leave the pool by themselves, as soon as their end is heard of.
    await expect.poll(() => pool.totalCount).toBe(1);
    await expect(pool.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
    const again = await pool.query('SELECT pg_backend_pid() AS pid');
    expect(again.rows[0].pid).not.toBe(rows[0].pid);
  });
});
