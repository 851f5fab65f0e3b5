import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, inject, it } from 'vitest';
import { returnOrphans } from '../../src/assignment/return-orphans.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createRedisState } from '../../src/shared-state/index.ts';
import { useTemporaryFolders } from '../database/temporary-folder.ts';
import { openTestDatabase, quietLog } from '../setup/database.ts';
import { postgresOnly, redisOnly, testRedisUrl } from '../setup/services.ts';
import { buildRanked, holders, openNode } from './assignment-school.ts';

const makeFolder = useTemporaryFolders();
const ranked = [
  { name: 'A', slots: 1 },
  { name: 'B', slots: 1 },
  { name: 'C', slots: 1 },
];

/** Runs the child until it stands before its second commit, and kills it there. */
async function killBeforeCommit(options: Record<string, unknown>): Promise<void> {
  const script = fileURLToPath(new URL('enter-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const _ of createInterface({ input: child.stdout })) child.kill('SIGKILL');
  await exited;
}

it('the embedded service is killed between turn and commit: after the start the same turn is the next one', async () => {
  const dataDir = await makeFolder();
  const first = await openDatabase({ dataDir, loadFrom: inject('embeddedTemplate'), log: quietLog });
  await buildRanked(first, ranked);
  await first.close();
  await killBeforeCommit({ dataDir });

  const database = await openDatabase({ dataDir, log: quietLog });
  try {
    expect(await holders(database)).toEqual(['A']);
    const node = openNode(database);
    await node.enter(systemActor);
    await node.enter(systemActor);
    expect(await holders(database)).toEqual(['A', 'B', 'C']);
  } finally {
    await database.close();
  }
});

postgresOnly('on PostgreSQL', () => {
  redisOnly('and Redis', () => {
    it('a node is killed between turn and commit: the turn is out until the job returns it to the front', async () => {
      const keyPrefix = `test:${randomUUID()}:`;
      const redisUrl = testRedisUrl ?? '';
      const database = await openTestDatabase();
      const state = createRedisState({ url: redisUrl, keyPrefix, onError: () => undefined });
      const admin = new Redis(redisUrl);
      try {
        await buildRanked(database, ranked);
        await killBeforeCommit({ databaseUrl: database.databaseUrl, redisUrl, keyPrefix });
        const node = openNode(database, { rota: state.rota });
        expect(await state.rota.outstanding(0)).toHaveLength(1);
        await node.enter(systemActor);
        const returned = await node.inTransaction(systemActor, 'job', (scope) => returnOrphans(scope, state.rota, 0));
        await node.enter(systemActor);
        await node.enter(systemActor);
        expect(returned).toBe(1);
        expect(await holders(database)).toEqual(['A', 'C', 'B', 'A']);
      } finally {
        await state.close();
        const keys = await admin.keys(`${keyPrefix}*`);
        if (keys.length > 0) await admin.del(...keys);
        await admin.quit();
        await database.close();
      }
    });
  });
});
