import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, vi } from 'vitest';
import { sandboxOpenid } from '../../src/sandbox/openid.ts';
import { copyEmbeddedSchool, copyServerSchool, type DemoSchool, makeFolder, removeSchool } from './demo-school.ts';
import { type Client, createClient } from './json-client.ts';
import { type Ended, type RunningService, runService } from './node-process.ts';
import { testDatabaseUrl, testRedisUrl } from './services.ts';

// A busy machine needs half a minute to start a service; files that start some wait for it.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

/** What all nodes on a server sign their cookies with. */
export const SESSION_SECRET = 'the same for all nodes of a test';

/** A message on a phone of the sandbox. */
export type PhoneMessage = { id: number; type: string; text?: string; [more: string]: unknown };

export type TestService = {
  readonly url: string;
  readonly school: DemoSchool;
  /** Where the node keeps its shared state, if in Redis. */
  readonly redisUrl: string | undefined;
  /** The child that runs now. */
  readonly running: RunningService;
  /** A client that has signed in as somebody of the demo school. */
  signIn(username: string): Promise<Client>;
  /** A client that has not signed in. */
  stranger(): Client;
  /** The sandbox phone of somebody of the demo school; each call answers once the school has answered. */
  phone(username: string): Phone;
  /** The time at this school: it began at TEST_NOW and runs on. */
  now(): Promise<string>;
  /** Moves the sandbox's clock; answers when all that fell due has been done. */
  clock(now: string): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<Ended>;
  /** Starts it again on the same folder and database; a running one is stopped first. */
  restart(): Promise<void>;
  /** One more node on the same database and Redis, with a data folder of its own. Only on a server. */
  addNode(): Promise<TestService>;
  /** Stops it and takes away all it left. */
  close(): Promise<void>;
};

export type Phone = {
  openid: string;
  say(text: string): Promise<string>;
  sayToBot(text: string): Promise<string>;
  scan(ticket: string): Promise<string>;
  follow(): Promise<string>;
  unfollow(): Promise<string>;
  click(key: string): Promise<string>;
  inbox(): Promise<PhoneMessage[]>;
};

export type ServiceOptions = {
  /** On PostgreSQL, and Redis, where the tests have them; `embedded` whatever they have. */
  engine?: 'any' | 'embedded';
  /** The school to start on, instead of a demo school made by this version. */
  school?: DemoSchool;
  env?: Record<string, string>;
};

/**
 * Starts the real service, as `npm start` does, as a child process on a demo school of its own; answers when it is
 * ready. `close` leaves nothing behind.
 */
export async function startTestService(options: ServiceOptions = {}): Promise<TestService> {
  const { engine = 'any', env = {} } = options;
  const onServer = engine === 'any' && testDatabaseUrl !== undefined;
  const school = options.school ?? (onServer ? await copyServerSchool() : await copyEmbeddedSchool());
  const redisUrl = onServer && testRedisUrl ? withPrefix(testRedisUrl) : undefined;
  const nodes: TestService[] = [];
  const first = await startNode({ school, redisUrl, env, nodes });
  return Object.assign(first, {
    close: async () => {
      for (const node of nodes) await node.kill('SIGTERM');
      for (const { school } of nodes) await removeSchool({ ...school, databaseUrl: undefined });
      await removeSchool(school);
      if (redisUrl) await emptyRedis(redisUrl);
    },
  });
}

/** One service for all tests of a file; the answer is for use inside tests and hooks. */
export function useTestService(options?: ServiceOptions): () => TestService {
  let service: TestService | undefined;
  beforeAll(async () => {
    service = await startTestService(options);
  });
  afterAll(() => service?.close());
  return () => {
    if (!service) throw new Error('the service is there only inside tests and hooks');
    return service;
  };
}

type NodeParts = {
  school: DemoSchool;
  redisUrl: string | undefined;
  env: Record<string, string>;
  /** All nodes on this school. */
  nodes: TestService[];
};

async function startNode({ school, redisUrl, env, nodes }: NodeParts): Promise<TestService> {
  const environment = {
    LOG_LEVEL: 'warn',
    DATA_DIR: school.dataDir,
    ...(school.databaseUrl && { DATABASE_URL: school.databaseUrl, SESSION_SECRET }),
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...env,
  };
  const start = async () => {
    const child = await runService(environment);
    await child.ready();
    return child;
  };
  let running = await start();
  const desk = createClient(() => running.url);

  const node: TestService = {
    school,
    redisUrl,
    get url() {
      return running.url;
    },
    get running() {
      return running;
    },
    stranger: () => createClient(() => running.url),
    signIn: async (username) => {
      const client = createClient(() => running.url);
      await client.signIn(username);
      return client;
    },
    phone: (username) => phoneOf(desk, sandboxOpenid(username)),
    now: async () => (await desk.get('/sandbox/clock')).json.now,
    clock: async (now) => {
      const moved = await desk.post('/sandbox/clock', { now });
      if (moved.status !== 200) throw new Error(`the clock could not be moved: ${moved.text}`);
    },
    kill: (signal = 'SIGKILL') => running.end(signal),
    restart: async () => {
      await running.end('SIGTERM');
      running = await start();
    },
    addNode: async () => {
      return startNode({ school: { ...school, dataDir: await makeFolder() }, redisUrl, env, nodes });
    },
    close: async () => undefined,
  };
  nodes.push(node);
  return node;
}

function phoneOf(desk: Client, openid: string): Phone {
  const act = async (path: string, body: object) => {
    const answer = await desk.post(path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
    return (answer.json.replies as string[]).join('\n');
  };
  const on = (name: string, body: object = {}) => act(`/sandbox/phones/${openid}/${name}`, body);
  return {
    openid,
    say: (text) => on('say', { text }),
    sayToBot: (text) => act(`/sandbox/bot/${openid}/say`, { text }),
    scan: (ticket) => on('scan', { ticket }),
    follow: () => on('follow'),
    unfollow: () => on('unfollow'),
    click: (key) => on('click', { key }),
    inbox: async () => (await desk.get(`/sandbox/phones/${openid}/inbox`)).json.messages,
  };
}

/** ioredis takes options from the address: a school of a test's own in the tests' Redis. */
function withPrefix(redisUrl: string): string {
  const url = new URL(redisUrl);
  url.searchParams.set('keyPrefix', `test:${randomUUID()}:`);
  return url.href;
}

async function emptyRedis(redisUrl: string): Promise<void> {
  const url = new URL(redisUrl);
  const prefix = url.searchParams.get('keyPrefix');
  url.search = '';
  const redis = new Redis(url.href);
  try {
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.del(...keys);
  } finally {
    await redis.quit();
  }
}
