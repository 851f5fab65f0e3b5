import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { seedRoles } from '../../src/access/seed-roles.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import { type Actor, systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock, wallNow } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import {
  bindPages,
  createCheckCredentials,
  createCheckGuess,
  createFollowEvents,
  createLoadSession,
  createManagePeople,
  createPasswords,
  departmentsTable,
  loadActor,
  makeBindTicket,
  rolesTable,
  signInPages,
  staffTable,
} from '../../src/people/index.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { createApp } from '../../src/web/app.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';

export const NOW = TEST_NOW;
export const PASSWORD = 'xiaoxin-demo';
const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const time = createSchoolTime('Asia/Shanghai');

type Own = { name?: string; username?: string; roles?: readonly string[]; active?: boolean; openid?: string };

/** Somebody at a browser or a program: keeps cookies and, once signed in, the CSRF token. */
export type Visitor = {
  csrf: string;
  cookies: readonly string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted, not used.
  json(method: string, path: string, body?: unknown): Promise<{ status: number; body: any; headers: Headers }>;
  form(path: string, fields: Record<string, string>): Promise<Response>;
  signIn(username: string, password?: string, more?: Record<string, unknown>): ReturnType<Visitor['json']>;
};

/**
 * The people of a school over this file's own database, with pages over HTTP and phones that scan. The platform in its
 * place gives codes at once; `platform.fails` lets it give none.
 */
export function usePeople() {
  const database = useDatabase();
  const clock = createFixedClock(NOW);
  const passwords = createPasswords();
  const shared = createInProcessState({ wallNow });
  const staffChanges: (number | null)[] = [];
  const platform = { fails: false, asked: [] as { scene: string; expireSeconds: number }[] };
  const events = createFollowEvents({ appId: 'wx1' });
  const checkGuess = createCheckGuess({ passwords, shared });
  const people = createManagePeople({
    passwords,
    checkGuess,
    whenStaffChange: async ({ actor }) => void staffChanges.push(actor.id),
  });
  let server: Server;
  let base = '';
  let hash = '';
  let made = 0;

  const transactionsOf = (node: Pick<Database, 'prisma' | 'context'>) =>
    createTransactions({ database: node, clock, time, log: quietLog, tell: writeNotices }).inTransaction;
  const inTransaction: ReturnType<typeof transactionsOf> = (actor, channel, work, limits) =>
    transactionsOf(database())(actor, channel, work, limits);

  beforeAll(async () => {
    hash = await passwords.hash(PASSWORD);
    await inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));
    const { prisma } = database();
    const app = createApp({
      log: quietLog,
      clock,
      time,
      inTransaction,
      prisma,
      pages: [
        ...signInPages({
          checkCredentials: createCheckCredentials({ prisma, checkGuess }),
          people,
          demo: () => null,
        }),
        ...bindPages({
          createCode: async (scene, expireSeconds) => {
            if (platform.fails) throw new Error('the platform is away');
            platform.asked.push({ scene, expireSeconds });
            return { ticket: `ticket of ${scene}`, url: `http://weixin.qq.com/q/${scene}` };
          },
        }),
      ],
      tables: [staffTable(people), departmentsTable, rolesTable],
      metrics: new Registry(),
      ready: () => [],
      sessionSecret: 'a secret of sixteen signs',
      baseUrl: 'http://localhost',
      templates,
      loadSession: createLoadSession(prisma),
    });
    server = createServer(app.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    await shared.close();
  });

  /** A person with roles, by default a consultant who may sign in with PASSWORD. */
  async function person({ name, username, roles = ['consultant'], active = true, openid }: Own = {}) {
    made += 1;
    const now = new Date(NOW);
    return database().prisma.person.create({
      data: {
        name: name ?? `顾问${made}`,
        username: username ?? `person${made}`,
        passwordHash: hash,
        active,
        openid,
        createdAt: now,
        updatedAt: now,
        staff: { create: {} },
        roles: { create: roles.map((code) => ({ role: { connect: { code } } })) },
      },
    });
  }

  async function actor(id: number): Promise<Actor> {
    const found = await loadActor(database().prisma, id);
    if (!found) throw new Error('nobody active of that id');
    return found;
  }

  function visitor(): Visitor {
    const jar = new Map<string, string>();
    const made: Visitor = {
      csrf: '',
      cookies: [],
      fetch: async (path, init = {}) => {
        const headers = new Headers(init.headers);
        if (jar.size) headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
        const answer = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
        made.cookies = answer.headers.getSetCookie();
        for (const line of made.cookies) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value) jar.set(name, value);
          else jar.delete(name);
        }
        return answer;
      },
      json: async (method, path, body) => {
        const headers: Record<string, string> = { Accept: 'application/json' };
        if (method !== 'GET') headers['x-csrf-token'] = made.csrf;
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        const answer = await made.fetch(path, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
      },
      form: (path, fields) =>
        made.fetch(path, {
          method: 'POST',
          body: new URLSearchParams({ ...(made.csrf && { _csrf: made.csrf }), ...fields }),
          headers: { Accept: 'text/html' },
        }),
      signIn: async (username, password = PASSWORD, more = {}) => {
        const answer = await made.json('POST', '/login', { username, password, ...more });
        if (answer.status === 200) made.csrf = answer.body.csrf;
        return answer;
      },
    };
    return made;
  }

  return {
    prisma: () => database().prisma,
    base: () => base,
    databaseUrl: () => database().databaseUrl,
    transactionsOf,
    inTransaction,
    people,
    passwords,
    platform,
    staffChanges,
    person,
    actor,
    visitor,
    events,
    /** A phone scans a code, or follows by hand; what it is answered, as text. */
    async scans(openid: string, scene?: string, inside = inTransaction) {
      const { lines } = await inside(systemActor, 'chat', (scope) =>
        events.scan(scope, { openid, scene, at: scope.now }),
      );
      return lines.join('\n');
    },
    /** Somebody asks for a code: its scene and id. */
    async ticketFor(personId: number) {
      const asker = await actor(personId);
      return inTransaction(asker, 'web', (scope) => makeBindTicket(scope));
    },
    openidOf: async (personId: number) =>
      (await database().prisma.person.findUniqueOrThrow({ where: { id: personId } })).openid,
  };
}
