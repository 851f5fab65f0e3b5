import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { seedRoles } from '../../src/access/seed-roles.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { linkPages } from '../../src/links/index.ts';
import { noticeCatalogue as catalogue } from '../../src/notice-catalogue.ts';
import { notificationsTable, notifyPages } from '../../src/notify/index.ts';
import { beginSession, createLoadSession } from '../../src/people/index.ts';
import { createApp } from '../../src/web/app.ts';
import { definePage } from '../../src/web/define-page.ts';
import { quietLog } from '../setup/database.ts';
import { time, type useNotify } from './notify-school.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));
/** What a browser sees of an answer. */
type Opened = { status: number; location: string; text: string };

const WECHAT = 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';

/** The pages of notices and links over HTTP, with the sessions people really have. */
export async function startWeb(school: ReturnType<typeof useNotify>, { kick = () => {} } = {}) {
  const { clock, prisma, api, shared, links, inTransaction } = school;
  await inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));
  const me = definePage({
    method: 'GET',
    path: '/me',
    permission: 'signedIn',
    handler: (c) => c.json({ name: c.actor.name }),
  });
  const begin = definePage({
    method: 'POST',
    path: '/enter/:id',
    permission: 'public',
    csrf: false,
    handler: async (c) => {
      const session = await c.inTransactionAs(systemActor, 'web', (scope) =>
        beginSession(scope, { personId: c.id(), remember: false }),
      );
      c.startSession(session.token, { remember: false });
      c.json({ csrf: session.csrf });
    },
  });
  const app = createApp({
    log: quietLog,
    clock,
    time,
    inTransaction,
    prisma,
    loadSession: createLoadSession(prisma),
    pages: [
      me,
      begin,
      ...linkPages({ links, api, beginSession }),
      ...notifyPages({ prisma, api, catalogue, clock, shared, configured: ['wechat', 'email'] }),
    ],
    tables: [notificationsTable({ time, catalogue, kick })],
    metrics: new Registry(),
    ready: () => [],
    sessionSecret: 'a secret of sixteen signs',
    baseUrl: 'http://localhost',
    templates,
  });
  const server: Server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Somebody's browser: keeps cookies as browsers do, each for its path. */
  function browser({ inWechat = false } = {}, cookies = new Map<string, { value: string; path: string }>()) {
    const self = {
      csrf: '',
      /** The same browser asking at the same moment: it has the cookies of now. */
      twin: (): { open(path: string): Promise<Opened> } => browser({ inWechat }, new Map(cookies)),
      async open(path: string, init: RequestInit = {}): Promise<Opened> {
        const headers = new Headers({ accept: 'text/html', ...Object.fromEntries(new Headers(init.headers)) });
        if (inWechat) headers.set('user-agent', WECHAT);
        const fitting = [...cookies].filter(([, { path: at }]) => path.startsWith(at));
        headers.set('cookie', fitting.map(([name, { value }]) => `${name}=${value}`).join('; '));
        const answer = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
        for (const line of answer.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          const at = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/';
          if (value === '') cookies.delete(name);
          else cookies.set(name, { value, path: at });
        }
        const text = await answer.text();
        return { status: answer.status, location: answer.headers.get('location') ?? '', text };
      },
      // biome-ignore lint/suspicious/noExplicitAny: answers are asserted, not used.
      async json(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
        const headers: Record<string, string> = { accept: 'application/json', 'x-csrf-token': self.csrf };
        if (body !== undefined) headers['content-type'] = 'application/json';
        const { status, text } = await self.open(path, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return { status, body: text ? JSON.parse(text) : null };
      },
      form(path: string, fields: Record<string, string>) {
        return self.open(path, { method: 'POST', body: new URLSearchParams({ _csrf: self.csrf, ...fields }) });
      },
      async signIn(personId: number) {
        const { body } = await self.json('POST', `/enter/${personId}`);
        self.csrf = body.csrf;
        return self;
      },
    };
    return self;
  }

  return {
    browser,
    async giveRole(personId: number, code: string) {
      const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { code } });
      await prisma.personRole.create({ data: { personId, roleId } });
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
