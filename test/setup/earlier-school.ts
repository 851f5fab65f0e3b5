import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import pg from 'pg';
import { openDatabase } from '../../src/database/open.ts';
import { sandboxAccount } from '../../src/sandbox/index.ts';
import { quietLog } from './database.ts';
import { type DemoSchool, makeFolder } from './demo-school.ts';
import { testDatabaseUrl } from './services.ts';
import { emptyOnServer } from './template.ts';

/** What a fixture's JSON tells of the school beside it; each version adds what it left behind. */
export type EarlierFacts = {
  /** When the dump was made, by the school's clock. */
  dumpedAt: string;
  sessionSecret: string;
  /** Openids by username. */
  phones: Record<string, string>;
  /** The last undo code of each, open for ten minutes from `dumpedAt` on. */
  undo: Record<string, string>;
  link: { to: string; url: string; opens: string };
  [more: string]: unknown;
};

/** A school as an earlier version left it: where its database now is, and what is known of it. */
export type EarlierSchool = { school: DemoSchool; facts: EarlierFacts };

/**
 * Loads the dump of a school that ran under an earlier version, `test/fixtures/version-….sql.gz`, into a database of the
 * test's own, untouched by any migration: the service that starts on it migrates it. Its clock is forgotten, so that the
 * service begins at the TEST_NOW it is given.
 */
export async function loadEarlierSchool(version: string): Promise<EarlierSchool> {
  const fixture = (ending: string) => readFile(new URL(`../fixtures/version-${version}.${ending}`, import.meta.url));
  const facts = JSON.parse((await fixture('json')).toString()) as EarlierFacts;
  const dump = (await promisify(gunzip)(await fixture('sql.gz'))).toString();
  // Lines for psql only (\restrict …) are no SQL.
  const sql = dump.replace(/^\\.*$/gm, '');

  const dataDir = await makeFolder();
  const databaseUrl = testDatabaseUrl && (await emptyOnServer(testDatabaseUrl));
  if (databaseUrl) await loadOnServer(databaseUrl, sql);
  else await loadEmbedded(dataDir, sql);
  const database = await openDatabase({ ...(databaseUrl ? { databaseUrl } : { dataDir }), log: quietLog });
  try {
    // The earlier version's columns: nothing is migrated yet, and Prisma knows only today's.
    await database.pool.query(`DELETE FROM "Setting" WHERE key = 'sandbox.clockOffset'`);
    return { school: { dataDir, databaseUrl, account: await sandboxAccount(database.prisma) }, facts };
  } finally {
    await database.close();
  }
}

async function loadOnServer(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function loadEmbedded(dataDir: string, sql: string): Promise<void> {
  const database = await openDatabase({ dataDir, log: quietLog });
  // Closed afterwards: the dump sets its session's search path.
  await database.pool.query(sql).finally(() => database.close());
}
