import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { quietLog as log, useDatabase } from '../setup/database.ts';
import { postgresOnly, testDatabaseUrl } from '../setup/services.ts';
import { dropOnServer, emptyOnServer } from '../setup/template.ts';
import { useTemporaryFolders } from './temporary-folder.ts';

const FUNCTION = `-- Why: a body with semicolons
CREATE TABLE word (id int PRIMARY KEY, word text);
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.word := NEW.word || ';！'; RETURN NEW; END $$;
CREATE TRIGGER shout BEFORE INSERT ON word FOR EACH ROW EXECUTE FUNCTION shout();
INSERT INTO word VALUES (1, '你好;');`;

const temporaryFolder = useTemporaryFolders();
const open: Database[] = [];
const urls: string[] = [];

async function folderWith(migrations: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, sql] of Object.entries(migrations)) await addTo(folder, name, sql);
  return folder;
}

async function addTo(folder: string, name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

/** An empty database on either engine. */
async function openEmpty(migrations: string): Promise<Database> {
  if (testDatabaseUrl) return openNode(await newUrl(testDatabaseUrl), migrations);
  const database = await openDatabase({ migrations, log });
  open.push(database);
  return database;
}

async function openNode(databaseUrl: string, migrations: string): Promise<Database> {
  const database = await openDatabase({ databaseUrl, migrations, log });
  open.push(database);
  return database;
}

async function newUrl(serverUrl: string): Promise<string> {
  const url = await emptyOnServer(serverUrl);
  urls.push(url);
  return url;
}

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  for (const url of urls.splice(0)) await dropOnServer(testDatabaseUrl ?? '', url);
});

describe('migrate', () => {
  const migrated = useDatabase();

  it('when everything is applied, applies nothing', async () => {
    expect(await migrated().migrate()).toBe(0);
    expect(await migrated().migrate()).toBe(0);
  });

  it('applies each migration once, in order and in one piece, and goes on from there', async () => {
    const folder = await folderWith({ '20260102_second': `UPDATE word SET id = 2;`, '20260101_first': FUNCTION });
    const database = await openEmpty(folder);
    expect(await database.migrate()).toBe(2);
    expect(await database.migrate()).toBe(0);
    expect((await database.pool.query('SELECT * FROM word')).rows).toEqual([{ id: 2, word: '你好;;！' }]);

    await addTo(folder, '20260103_third', 'CREATE TABLE third (id int)');
    expect(await database.migrate()).toBe(1);
    const { rows } = await database.pool.query(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    );
    expect(rows.map(({ name }) => name)).toEqual(['20260101_first', '20260102_second', '20260103_third']);
  });

  it('when one fails, says which and why, leaves nothing of that run, and succeeds once it is mended', async () => {
    const folder = await folderWith({ '20260101_first': FUNCTION });
    const database = await openEmpty(folder);
    await database.migrate();
    await addTo(folder, '20260102_good', 'CREATE TABLE good (id int)');
    await addTo(folder, '20260103_bad', 'CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1)');
    await expect(database.migrate()).rejects.toThrow(/20260103_bad failed: relation "nowhere" does not exist/);
    const { rows } = await database.pool.query(`SELECT to_regclass('good') AS good, to_regclass('half') AS half`);
    expect(rows).toEqual([{ good: null, half: null }]);

    await writeFile(join(folder, '20260103_bad', 'migration.sql'), 'CREATE TABLE half (id int)');
    expect(await database.migrate()).toBe(2);
  });
});

postgresOnly('migrate on a server', () => {
  it('when several nodes start at once, one migrates and the others wait for it', async () => {
    const folder = await folderWith({ '20260101_first': FUNCTION, '20260102_slow': 'SELECT pg_sleep(0.3)' });
    const url = await newUrl(testDatabaseUrl ?? '');
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openNode(url, folder)));
    const applied = await Promise.all(nodes.map((node) => node.migrate()));
    expect(applied.sort()).toEqual([0, 0, 0, 2]);
  });

  it('leaves no lock behind', async () => {
    const database = await openEmpty(await folderWith({ '20260101_first': FUNCTION }));
    await database.migrate();
    const { rows } = await database.pool.query(
      `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND datname = current_database()`,
    );
    expect(rows).toEqual([]);
  });

  it('when the database is not in UTF8, refuses to open it', async () => {
    const url = await newUrl(testDatabaseUrl ?? '');
    const { pool } = await openNode(url, '');
    await pool.query(
      `CREATE DATABASE ${new URL(url).pathname.slice(1)}_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`,
    );
    urls.push(`${url}_ascii`);
    await expect(openDatabase({ databaseUrl: `${url}_ascii`, log })).rejects.toThrow('SQL_ASCII');
  });
});
