import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createImports } from '../../src/customer-import/imports.ts';
import { importJobs } from '../../src/customer-import/jobs.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { holders, openNode } from '../assignment/assignment-school.ts';
import { useTemporaryFolders } from '../database/temporary-folder.ts';
import { quietLog as log } from '../setup/database.ts';
import { postgresOnly, testDatabaseUrl } from '../setup/services.ts';
import { copyOnServer, dropOnServer } from '../setup/template.ts';

const ROWS = 2_500;
/** Enough for a kill between two batches. */
const FEWER = 1_200;
const CYCLE = ['A', 'B', 'C', 'A', 'B', 'B', 'B'];
const temporaryFolder = useTemporaryFolders();
const after: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of after.splice(0).reverse()) await work();
});

/** Imports in another process and kills it somewhere in the middle; answers how many customers it had told of. */
async function importUntilKilled(where: string, to = 'rota', rows = ROWS): Promise<number> {
  const script = fileURLToPath(new URL('./run-until-killed.ts', import.meta.url));
  const words = [script, where, inject('embeddedTemplate'), String(rows), to];
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let saved = 0;
  let dying: Promise<void> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    saved = Number(line);
    if (saved > 0) dying ??= sleep(Math.random() * 400).then(() => void child.kill('SIGKILL'));
  }
  await dying;
  return saved;
}

/** A new start that finds what was left behind once its lease has run out. */
async function goOn(database: Database): Promise<void> {
  const { prisma } = database;
  await prisma.customerImport.updateMany({ data: { leaseUntil: new Date(0) } });
  const node = openNode(database);
  const { inTransaction, assignment } = node;
  const imports = createImports({ prisma, inTransaction, enterMany: assignment.enterMany, log });
  const [job] = importJobs(imports);
  await inTransaction(systemActor, 'job', async (scope) => job?.run(scope, { dueAt: scope.now, limit: 100 }));
  while ((await prisma.customerImport.count({ where: { state: 'running' } })) > 0) await sleep(20);
  await imports.stop();
}

async function expectWhole(database: Database, before: number): Promise<void> {
  const { prisma } = database;
  const done = await prisma.customerImport.findFirstOrThrow();
  expect(done).toMatchObject({ state: 'done', total: ROWS, saved: ROWS, duplicates: 0, failed: 0 });
  expect(before).toBeLessThanOrEqual(ROWS);
  const names = await prisma.customer.findMany({ select: { name: true }, orderBy: { id: 'asc' } });
  expect(names.map(({ name }) => name)).toEqual(Array.from({ length: ROWS }, (_, n) => `客户${n}`));
  expect(await holders(database)).toEqual(Array.from({ length: ROWS }, (_, n) => CYCLE[n % CYCLE.length]));
  expect(await prisma.assignment.count({ where: { state: 'following', turnId: { not: null } } })).toBe(ROWS);
  expect(await prisma.importRow.count({ where: { state: 'saved', customerId: { not: null } } })).toBe(ROWS);
  const notices = await prisma.notification.groupBy({ by: ['kind'], _count: true, orderBy: { kind: 'asc' } });
  expect(notices).toEqual([
    { kind: 'assigned', _count: 3 },
    { kind: 'importDone', _count: 1 },
  ]);
}

describe('an import whose process is killed (-9) half-way', () => {
  it('embedded: goes on at the next start; every row is there once and the rota as if nothing had been', async () => {
    const dataDir = await temporaryFolder();
    const before = await importUntilKilled(dataDir);
    const database = await openDatabase({ dataDir, log });
    after.push(() => database.close());
    await goOn(database);
    await expectWhole(database, before);
  }, 240_000);

  it.each(['pool', 'C'])(
    'embedded, all to %s: goes on the same, with no turn used',
    async (to) => {
      const dataDir = await temporaryFolder();
      await importUntilKilled(dataDir, to, FEWER);
      const database = await openDatabase({ dataDir, log });
      after.push(() => database.close());
      await goOn(database);
      const { prisma } = database;
      expect(await prisma.customerImport.findFirstOrThrow()).toMatchObject({ state: 'done', saved: FEWER, failed: 0 });
      expect(await holders(database)).toEqual(Array(FEWER).fill(to === 'pool' ? null : to));
      expect(await prisma.turn.count()).toBe(0);
      expect(await prisma.assignment.count()).toBe(to === 'pool' ? 0 : FEWER);
      expect(await prisma.notification.count({ where: { kind: 'assigned' } })).toBe(to === 'pool' ? 0 : 1);
      expect(await prisma.importFile.count()).toBe(0);
    },
    240_000,
  );

  postgresOnly('on a server', () => {
    it('goes on the same', async () => {
      const serverUrl = testDatabaseUrl ?? '';
      const databaseUrl = await copyOnServer(serverUrl, inject('serverTemplate'));
      after.push(() => dropOnServer(serverUrl, databaseUrl));
      const before = await importUntilKilled(databaseUrl);
      const database = await openDatabase({ databaseUrl, log });
      after.push(() => database.close());
      await goOn(database);
      await expectWhole(database, before);
    }, 240_000);
  });
});

describe('two nodes', () => {
  postgresOnly('on one database', () => {
    it('both find the same run left behind: one does it', async () => {
      const serverUrl = testDatabaseUrl ?? '';
      const databaseUrl = await copyOnServer(serverUrl, inject('serverTemplate'));
      after.push(() => dropOnServer(serverUrl, databaseUrl));
      const before = await importUntilKilled(databaseUrl);
      const nodes = await Promise.all([1, 2].map(() => openDatabase({ databaseUrl, log })));
      after.push(() => Promise.all(nodes.map((node) => node.close())));
      await Promise.all(nodes.map((node) => goOn(node)));
      const [database] = nodes;
      if (database) expect(await database.prisma.customer.count()).toBe(ROWS);
      expect(before).toBeLessThanOrEqual(ROWS);
    }, 240_000);
  });
});
