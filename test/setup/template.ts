import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { openDatabase } from '../../src/database/open.ts';
import { findPrismaFolder, readMigrations } from '../../src/database/read-migrations.ts';
import { wallNow } from '../../src/kernel/clock.ts';

const log = pino({ level: 'warn' });
const KEEP_MS = 60 * 60_000;

/**
 * A dump of an empty, migrated embedded database. Making one takes five seconds, so it is kept in node_modules/.cache
 * for as long as migrations and PGlite stay what they are.
 */
export async function embeddedTemplate(): Promise<string> {
  const prisma = findPrismaFolder();
  const modules = join(prisma, '..', 'node_modules');
  const hash = createHash('sha256').update(await readFile(join(modules, '@electric-sql', 'pglite', 'package.json')));
  for (const { name, checksum } of await readMigrations(join(prisma, 'migrations'))) hash.update(name).update(checksum);
  const folder = join(modules, '.cache', 'xiaoxin');
  const file = join(folder, `template-${hash.digest('hex').slice(0, 16)}.tar.gz`);
  if (existsSync(file)) return file;

  await mkdir(folder, { recursive: true });
  const draft = join(folder, `draft-${randomUUID()}.tar.gz`);
  const database = await openDatabase({ log });
  try {
    await database.migrate();
    await database.dump?.(draft);
  } finally {
    await database.close();
  }
  // The demo schools beside are cleared by who makes them.
  for (const old of await readdir(folder)) if (/^(template|draft)-/.test(old)) await removeWhenOld(join(folder, old));
  await rename(draft, file);
  return file;
}

/** Another run may still be starting from one that was the newest a moment ago. */
async function removeWhenOld(file: string): Promise<void> {
  const made = (await stat(file).catch(() => null))?.mtimeMs ?? 0;
  if (wallNow() - made > KEEP_MS) await rm(file, { recursive: true, force: true });
}

/** Makes an empty, migrated database on the server, to be copied; nobody can connect to it, so copies never wait. */
export async function serverTemplate(serverUrl: string): Promise<string> {
  const name = `xiaoxin_test_${process.pid}_${randomUUID().slice(0, 8)}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const database = await openDatabase({ databaseUrl: urlOf(serverUrl, name), log });
  try {
    await database.migrate();
  } catch (error) {
    await dropOnServer(serverUrl, name);
    throw error;
  } finally {
    await database.close();
  }
  await onServer(serverUrl, `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  return name;
}

/** A copy of the template for one test file; returns its URL. */
export async function copyOnServer(serverUrl: string, template: string): Promise<string> {
  const name = `${template}_${randomUUID().slice(0, 8)}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return urlOf(serverUrl, name);
}

/** An empty database, without even the schema. */
export async function emptyOnServer(serverUrl: string): Promise<string> {
  const name = `xiaoxin_test_${process.pid}_${randomUUID().slice(0, 8)}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  return urlOf(serverUrl, name);
}

export async function dropOnServer(serverUrl: string, nameOrUrl: string): Promise<void> {
  const name = nameOrUrl.includes('/') ? new URL(nameOrUrl).pathname.slice(1) : nameOrUrl;
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
