import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { loadDemoSchool } from '../../prisma/seed.ts';
import { readConfig } from '../config.ts';
import { openParts, type Parts } from '../wire.ts';

/** A demo school to measure in, on one engine; everything in it may be changed. */
export type BenchSchool = {
  engine: 'embedded' | 'PostgreSQL';
  /** What the service would be started with. */
  env: Record<string, string>;
  /** The service's parts with nothing listening; the platform they send to takes everything at once. */
  withParts<T>(work: (parts: Parts) => Promise<T>): Promise<T>;
};

/** Silent but for what goes wrong. */
export const benchLog = pino({ level: 'error', base: undefined }, pino.destination(2));

/** Makes a school on an engine, lets `work` measure in it, and takes it away. Without `serverUrl` it is embedded. */
export async function inSchool(serverUrl: string | undefined, work: (school: BenchSchool) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'xiaoxin-bench-'));
  const database = serverUrl && (await createDatabase(serverUrl));
  const env = {
    ...{ PORT: '0', LOG_LEVEL: 'error', DATA_DIR: folder, SESSION_SECRET: randomUUID() },
    ...(database && { DATABASE_URL: database.url }),
  };
  const platform = await startPlatform();
  const withParts: BenchSchool['withParts'] = async (measureIn) => {
    const parts = await openParts({
      config: readConfig(env),
      log: benchLog,
      addresses: { platformUrl: platform.url },
      sessionSecret: env.SESSION_SECRET,
    });
    try {
      await loadDemoSchool(parts, { withPhones: true });
      return await measureIn(parts);
    } finally {
      await parts.close();
    }
  };
  try {
    await work({ engine: database ? 'PostgreSQL' : 'embedded', env, withParts });
  } finally {
    platform.stop();
    if (database) await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function createDatabase(serverUrl: string) {
  const name = `xiaoxin_bench_${process.pid}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await ask(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  return { url: url.href, drop: () => ask(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** A platform that says yes to everything, as fast as it can. */
async function startPlatform() {
  let msgid = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      msgid += 1;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ errcode: 0, errmsg: 'ok', msgid, access_token: 'token', expires_in: 7200, template_list: [] }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
