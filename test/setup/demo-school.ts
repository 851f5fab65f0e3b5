import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { RESTORE_FILE } from '../../src/database/embedded.ts';
import { openDatabase } from '../../src/database/open.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { type SandboxAccount, sandboxAccount } from '../../src/sandbox/index.ts';
import { quietLog } from './database.ts';
import { buildOnce, runService } from './node-process.ts';
import { TEST_NOW } from './now.ts';
import { testDatabaseUrl } from './services.ts';
import { copyOnServer, dropOnServer } from './template.ts';

/** A demo school of a test's own: `account` is the Official Account its sandbox stands for. */
export type DemoSchool = { dataDir: string; databaseUrl: string | undefined; account: SandboxAccount };

const KEEP_MS = 60 * 60_000;
const ACCOUNT_FILE = 'account.json';

/** Copies the embedded demo school, which is made by the service itself, once for a build and a pretended now. */
export async function copyEmbeddedSchool(): Promise<DemoSchool> {
  const template = await embeddedSchool();
  const dataDir = await makeFolder();
  await cp(template, dataDir, { recursive: true });
  return { dataDir, databaseUrl: undefined, account: readAccount(dataDir) };
}

/** Copies the demo school on the test server, which is made by the service itself, once for a run. */
export async function copyServerSchool(): Promise<DemoSchool> {
  const serverUrl = testDatabaseUrl ?? '';
  const template = await serverSchool(serverUrl);
  const databaseUrl = await copyOnServer(serverUrl, template);
  const database = await openDatabase({ databaseUrl, log: quietLog });
  try {
    return { dataDir: await makeFolder(), databaseUrl, account: await sandboxAccount(database.prisma) };
  } finally {
    await database.close();
  }
}

/** Takes away a demo school's folder and database. */
export async function removeSchool({ dataDir, databaseUrl }: DemoSchool): Promise<void> {
  await rm(dataDir, { recursive: true, force: true });
  if (databaseUrl) await dropOnServer(testDatabaseUrl ?? '', databaseUrl);
}

/** A folder of the test's own in the system's place for such. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'xiaoxin-test-'));
}

async function embeddedSchool(): Promise<string> {
  const build = await buildOnce();
  const cache = join(build.root, 'node_modules', '.cache', 'xiaoxin');
  const made = join(cache, `school-${build.stamp}-${new Date(TEST_NOW).toISOString().replace(/\W/g, '')}`);
  if (existsSync(made)) return made;

  await mkdir(cache, { recursive: true });
  const draft = join(cache, `school-draft-${randomUUID()}`);
  // From the migrated template: making a database anew takes longer than its school.
  await mkdir(draft);
  await copyFile(inject('embeddedTemplate'), join(draft, RESTORE_FILE));
  await startAndStop({ DATA_DIR: draft });
  await rm(join(draft, `${RESTORE_FILE}.restored`), { force: true });
  const database = await openDatabase({ dataDir: draft, log: quietLog });
  try {
    await forgetClock(database.prisma);
    await writeFile(join(draft, ACCOUNT_FILE), JSON.stringify(await sandboxAccount(database.prisma)));
  } finally {
    await database.close();
  }
  for (const name of await readdir(cache)) if (name.startsWith('school-')) await removeWhenOld(join(cache, name));
  await takeName(
    () => rename(draft, made),
    () => rm(draft, { recursive: true, force: true }),
  );
  return made;
}

async function serverSchool(serverUrl: string): Promise<string> {
  const made = `${inject('serverTemplate')}_school`;
  if (await onServer(serverUrl, (client) => hasDatabase(client, made))) return made;
  const draftUrl = await copyOnServer(serverUrl, inject('serverTemplate'));
  const draft = new URL(draftUrl).pathname.slice(1);
  const folder = await makeFolder();
  try {
    await startAndStop({ DATA_DIR: folder, DATABASE_URL: draftUrl });
    const database = await openDatabase({ databaseUrl: draftUrl, log: quietLog });
    await forgetClock(database.prisma).finally(() => database.close());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await takeName(
    () => onServer(serverUrl, (client) => client.query(`ALTER DATABASE ${draft} RENAME TO ${made}`)),
    () => dropOnServer(serverUrl, draft),
  );
  return made;
}

/** However long ago the school was made, the first service on a copy begins at the pretended now. */
async function forgetClock(prisma: PrismaClient): Promise<void> {
  await prisma.setting.deleteMany({ where: { key: 'sandbox.clockOffset' } });
}

/** Two test files may make it at the same time: the second one's is not needed. */
async function takeName(take: () => Promise<unknown>, giveUp: () => Promise<unknown>): Promise<void> {
  try {
    await take();
  } catch {
    await giveUp();
  }
}

async function startAndStop(env: Record<string, string>): Promise<void> {
  const service = await runService({ LOG_LEVEL: 'warn', ...env });
  await service.ready();
  await service.end('SIGTERM');
}

function readAccount(folder: string): SandboxAccount {
  return JSON.parse(readFileSync(join(folder, ACCOUNT_FILE), 'utf8'));
}

/** Another run may still be copying one that was the newest a moment ago. */
async function removeWhenOld(folder: string): Promise<void> {
  const madeAt = (await stat(folder).catch(() => null))?.mtimeMs ?? 0;
  if (wallNow() - madeAt > KEEP_MS) await rm(folder, { recursive: true, force: true });
}

async function hasDatabase(client: pg.Client, name: string): Promise<boolean> {
  return (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
}

async function onServer<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
