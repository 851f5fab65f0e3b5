import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makeFolder } from '../setup/demo-school.ts';
import { createClient } from '../setup/json-client.ts';
import { runService } from '../setup/node-process.ts';
import { SESSION_SECRET } from '../setup/service.ts';
import { postgresOnly, testDatabaseUrl } from '../setup/services.ts';
import { dropOnServer, emptyOnServer } from '../setup/template.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

postgresOnly('two nodes started at once on an empty database', () => {
  it('with data folders nobody has made, both get ready with one demo school between them', async () => {
    const serverUrl = testDatabaseUrl ?? '';
    const databaseUrl = await emptyOnServer(serverUrl);
    cleanups.push(() => dropOnServer(serverUrl, databaseUrl));
    const folder = await makeFolder();
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const start = (name: string) =>
      runService({ LOG_LEVEL: 'warn', DATA_DIR: join(folder, name), DATABASE_URL: databaseUrl, SESSION_SECRET });

    const nodes = await Promise.all([start('one'), start('two')]);
    for (const node of nodes) cleanups.push(() => node.end('SIGTERM'));
    const urls = await Promise.all(nodes.map((node) => node.ready()));

    for (const url of urls) {
      const client = createClient(() => url);
      await client.signIn('admin');
      // Sixty of today and 132 of the months behind, once.
      expect((await client.get('/customers?size=1')).json.total).toBe(192);
    }
  });
});
