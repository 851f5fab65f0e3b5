import pino from 'pino';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { testDatabaseUrl } from './services.ts';
import { copyOnServer, dropOnServer } from './template.ts';

/** Silent: tests look at rows and replies. */
export const quietLog = pino({ level: 'silent' });

/** A database of a test's own, with the way to open it a second time (another node), which only a server allows. */
export type TestDatabase = Database & { databaseUrl: string | undefined };

/**
 * This file's own empty, migrated database: on PostgreSQL where TEST_DATABASE_URL is set, otherwise embedded. Opened
 * before the file's first test, closed and dropped after its last. The answer is for use inside tests and hooks.
 */
export function useDatabase(): () => TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(async () => {
    await database?.close();
  });
  return () => {
    if (!database) throw new Error('the database is there only inside tests and hooks');
    return database;
  };
}

/** Opens a copy of the template; `close` drops it too. */
export async function openTestDatabase(): Promise<TestDatabase> {
  if (!testDatabaseUrl) {
    return { ...(await openDatabase({ loadFrom: inject('embeddedTemplate'), log: quietLog })), databaseUrl: undefined };
  }
  const serverUrl = testDatabaseUrl;
  const databaseUrl = await copyOnServer(serverUrl, inject('serverTemplate'));
  const database = await openDatabase({ databaseUrl, log: quietLog });
  const close = async () => {
    await database.close();
    await dropOnServer(serverUrl, databaseUrl);
  };
  return { ...database, databaseUrl, close };
}
