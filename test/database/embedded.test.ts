import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { RESTORE_FILE, startEmbedded } from '../../src/database/embedded.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { quietLog as log } from '../setup/database.ts';
import { useTemporaryFolders } from './temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = new Set<{ close(): Promise<void> }>();

/** Closed after the test, whatever becomes of it. */
function toClose<T extends { close(): Promise<void> }>(part: T): T {
  open.add(part);
  return part;
}
const openIn = async (dataDir: string, loadFrom = inject('embeddedTemplate')) =>
  toClose(await openDatabase({ dataDir, loadFrom, log }));
const openInMemory = async () => toClose(await openDatabase({ loadFrom: inject('embeddedTemplate'), log }));
const count = async ({ pool }: Database, table: string) =>
  Number((await pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n);

afterEach(async () => {
  for (const part of open) await part.close();
  open.clear();
});

describe('embedded database', () => {
  it('when the service is killed (-9) while writing, keeps every acknowledged row and starts again', async () => {
    const dataDir = await temporaryFolder();
    const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, inject('embeddedTemplate')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 300) child.kill('SIGKILL');
    }
    expect(acknowledged).toBeGreaterThanOrEqual(300);

    const database = await openIn(dataDir);
    const { rows } = await database.pool.query('SELECT count(*)::int AS rows, max(n) AS last FROM acknowledged');
    expect(rows[0].rows).toBeGreaterThanOrEqual(acknowledged);
    expect(rows[0].last).toBe(rows[0].rows);
  });

  it('when a second service wants the same folder, refuses it and says who has it', async () => {
    const dataDir = await temporaryFolder();
    await openIn(dataDir);
    await expect(openDatabase({ dataDir, log })).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('when closed, leaves nothing but its data and can be opened again', async () => {
    const dataDir = await temporaryFolder();
    const first = await startEmbedded({ dataDir, loadFrom: inject('embeddedTemplate'), log });
    expect(existsSync(first.connection.host)).toBe(true);
    await first.close();
    expect(existsSync(first.connection.host)).toBe(false);
    expect(await readdir(dataDir)).toEqual(['database']);
    const second = await openIn(dataDir);
    expect(await count(second, 'pg_class')).toBeGreaterThan(0);
  });

  it('when a backup lies in a folder without a database, begins from it, once', async () => {
    const dataDir = await temporaryFolder();
    const otherDir = await temporaryFolder();
    const first = await openInMemory();
    await first.pool.query(`CREATE TABLE kept (word text); INSERT INTO kept VALUES ('留下')`);
    await first.dump?.(join(dataDir, 'backup.tar.gz'));
    await first.pool.query(`INSERT INTO kept VALUES ('later')`);

    await rename(join(dataDir, 'backup.tar.gz'), join(otherDir, RESTORE_FILE));
    const restored = await openIn(otherDir);
    expect((await restored.pool.query('SELECT word FROM kept')).rows).toEqual([{ word: '留下' }]);
    await restored.close();
    expect((await readdir(otherDir)).sort()).toEqual(['database', `${RESTORE_FILE}.restored`]);
  });

  it('when the first start was killed half way, starts anew instead of failing on the half database', async () => {
    const dataDir = await temporaryFolder();
    await mkdir(join(dataDir, 'database.unfinished', 'base'), { recursive: true });
    const database = toClose(await openDatabase({ dataDir, log }));
    expect(await count(database, 'pg_class')).toBeGreaterThan(0);
    expect(existsSync(join(dataDir, 'database.unfinished'))).toBe(false);
  });

  it('when many send statements at once, with parameters larger than one read, answers each its own', async () => {
    const { pool } = await openInMemory();
    const large = '课'.repeat(100_000);
    const questions = Array.from({ length: 150 }, async (_, i) => {
      if (i % 3 === 0) return (await pool.query('SELECT length($1::text) AS n', [large + '程'.repeat(i)])).rows[0].n;
      if (i % 3 === 1) return (await pool.query('SELECT $1::int + $2::int AS n', [large.length, i])).rows[0].n;
      return pool.query('SELECT 1 / $1::int', [0]).then(
        () => 'no error',
        (error) => error.message,
      );
    });
    const expected = questions.map((_, i) => (i % 3 === 2 ? 'division by zero' : large.length + i));
    expect(await Promise.all(questions)).toEqual(expected);
  });

  it('when a connection is lost inside a transaction, rolls it back and lets the others go on', async () => {
    const database = await openInMemory();
    await database.pool.query('CREATE TABLE t (n int)');
    const { host, port, user, database: name } = database.pool.options;
    const lost = new pg.Client({ host, port, user, database: name });
    lost.on('error', () => undefined);
    await lost.connect();
    await lost.query('BEGIN');
    await lost.query('INSERT INTO t VALUES (1)');
    const waiting = count(database, 't');
    await lost.end();
    expect(await waiting).toBe(0);
  });

  it('when one statement takes long, leaves the service free to do other work meanwhile', async () => {
    const { pool } = await openInMemory();
    await pool.query('CREATE TABLE big AS SELECT n, n::text AS word FROM generate_series(1, 100000) AS n');
    let finished = false;
    const update = pool.query(`UPDATE big SET word = word || 'x'`).finally(() => {
      finished = true;
    });
    let turns = 0;
    while (!finished) {
      await new Promise(setImmediate);
      turns += 1;
    }
    await update;
    expect(turns).toBeGreaterThan(100);
  });

  it('knows Chinese trigrams and exclusion of ranges', async () => {
    const { pool } = await openInMemory();
    await pool.query('CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS btree_gist');
    const { rows } = await pool.query(`SELECT similarity('天上人间', '天上人') > 0.3 AS alike`);
    expect(rows).toEqual([{ alike: true }]);
  });

  it('when its thread is gone, answers queries with an error instead of waiting', async () => {
    const database = await startEmbedded({ loadFrom: inject('embeddedTemplate'), log });
    const client = new pg.Client(database.connection);
    client.on('error', () => undefined);
    await client.connect();
    const ended = new Promise((resolve) => client.once('end', resolve));
    await database.close();
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });
});
