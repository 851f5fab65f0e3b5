import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { rowScope } from '../../src/access/access.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Actor, Grant } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { createSchoolTime, dayToDb } from '../../src/kernel/school-time.ts';
import { createApp, type WebParts } from '../../src/web/app.ts';
import { definePage, type MenuEntry, type Page } from '../../src/web/define-page.ts';
import { defineTable, type Table } from '../../src/web/define-table.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';

export const NOW = TEST_NOW;
const templates = fileURLToPath(new URL('../../templates', import.meta.url));

const SOURCES = { qqGroup: 'qq群', baidu: '百度推广', website: '官方网站' };
const STATUSES = { notEnrolled: '未报名', enrolled: '已报名' };

/** A table that can do everything, over meeting rooms. */
export const rooms: Table = defineTable({
  id: 'rooms',
  title: '会议室',
  unit: '间',
  model: 'room',
  fields: [
    { name: 'name', title: '名称', kind: 'text', inForm: true, sort: true, filter: true, hint: '比如 夏威夷' },
    { name: 'seats', title: '座位', kind: 'number', inForm: true, sort: true, filter: true },
    { name: 'active', title: '启用', kind: 'flag', inForm: true, filter: true },
  ],
  visible: () => ({}),
  search: (q) => ({ name: { contains: q } }),
  defaultSort: 'name,id',
  present: ({ id, name, seats, active }) => ({ id, name, seats, active }),
  nameOf: (row) => String(row.name),
  presets: [{ title: '大会议室', query: () => 'seats=10..' }],
  add: {
    button: '添加会议室',
    input: z.object({ name: z.string().min(1), seats: z.number().int().min(1), active: z.boolean().default(true) }),
    run: ({ tx }, input: { name: string; seats: number; active: boolean }) => tx.room.create({ data: input }),
  },
  edit: {
    input: z.object({
      name: z.string().min(1).optional(),
      seats: z.number().int().min(1).optional(),
      active: z.boolean().optional(),
    }),
    run: ({ tx }, id, input: { name?: string }) => tx.room.update({ where: { id }, data: input }),
  },
  remove: { run: ({ tx }, id) => tx.room.delete({ where: { id } }) },
  actions: [
    {
      name: 'retire',
      title: '停用',
      permission: 'rooms.edit',
      danger: true,
      run: async ({ tx }, id) => {
        if (await tx.booking.count({ where: { roomId: id } })) throw new Refusal('in_use', 409, '有人订着，先退订');
        await tx.room.update({ where: { id }, data: { active: false } });
        return { message: '停用了' };
      },
      sum: (_, count) => ({ message: `停用了 ${count} 间`, count }),
    },
    {
      name: 'resize',
      title: '改座位',
      permission: 'rooms.edit',
      input: z.object({ seats: z.number().int().min(1) }),
      fields: [{ name: 'seats', title: '座位', kind: 'number' }],
      run: async ({ tx }, id, input) => {
        const { seats } = input as { seats: number };
        await tx.room.update({ where: { id }, data: { seats } });
        return { message: `改成了 ${seats} 座` };
      },
    },
  ],
});

/** A table with owners, choices, days and a relation, only to be read. */
export const customers: Table = defineTable({
  id: 'customers',
  title: '客户',
  unit: '位',
  model: 'customer',
  include: { consultant: { select: { id: true, name: true } } },
  fields: [
    { name: 'name', title: '姓名', kind: 'text', sort: true },
    { name: 'phone', title: '手机', kind: 'text' },
    { name: 'source', title: '来源', kind: 'choice', choices: SOURCES, filter: true, sort: true },
    { name: 'status', title: '状态', kind: 'choice', choices: STATUSES, filter: true },
    {
      name: 'consultant',
      title: '顾问',
      kind: 'relation',
      filter: true,
      options: (tx) => tx.person.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' } }),
    },
    { name: 'receivedOn', title: '接单日期', kind: 'day', filter: true, sort: true },
    { name: 'createdAt', title: '录入时间', kind: 'instant', filter: true },
  ],
  visible: ({ actor }) => (rowScope(actor, 'customers.list') === 'own' ? { consultantId: actor.id } : {}),
  search: (q) => ({ name: { contains: q } }),
  defaultSort: '-receivedOn,-id',
  present: ({ id, name, phone, source, status, consultant, receivedOn, createdAt }) => ({
    id,
    name,
    phone,
    source,
    status,
    consultant,
    receivedOn,
    createdAt,
  }),
  nameOf: (row) => String(row.name),
  timeline: async ({ today }) => [{ day: today, text: '李娜跟进：想先看课表' }],
});

const pages: Page[] = [
  definePage({
    method: 'POST',
    path: '/enter/:who',
    permission: 'public',
    csrf: false,
    handler: (c) => {
      c.startSession(String(c.params.who), { remember: c.body.remember === true });
      c.json({});
    },
  }),
  definePage({
    method: 'POST',
    path: '/upload',
    permission: 'signedIn',
    upload: { maxBytes: 100 * 1024, maxFiles: 2 },
    handler: (c) => c.json({ files: c.files.map(({ name, size }) => ({ name, size })), note: c.body.note ?? null }),
  }),
  definePage({
    method: 'GET',
    path: '/broken',
    permission: 'public',
    handler: () => {
      throw new Error('a secret inside');
    },
  }),
  definePage({
    method: 'GET',
    path: '/late',
    permission: 'signedIn',
    handler: () => {
      throw new Refusal('already_claimed', 409, '晚了一步，王小雨刚被李娜抢到');
    },
  }),
];

const all: Grant[] = [{ permission: '*', scope: 'all' }];
const menu: MenuEntry[] = [
  { title: '会议室', path: '/rooms' },
  { title: '客户', path: '/customers' },
  { title: '报表', path: '/reports/sales' },
  { title: '班级', path: '/cohorts' },
  { title: '课程', path: '/courses' },
];

function somebody(id: number, name: string, grants: Grant[]): Actor {
  return { id, name, roles: [], grants, departmentId: null, campusId: null };
}

/** Who can sign in here, by what their cookie holds. */
export const people: Record<string, Actor> = {
  admin: somebody(1, '管理员', all),
  reader: somebody(2, '李娜', [
    { permission: 'rooms.list', scope: 'all' },
    { permission: 'customers.list', scope: 'own' },
  ]),
  narrowed: somebody(3, '王强', [
    { permission: 'customers.list', scope: 'all', params: { source: ['qqGroup'], status: ['notEnrolled'] } },
    { permission: 'customers.export', scope: 'all' },
  ]),
};

/** Somebody at a browser or a program: keeps cookies and, once signed in, the CSRF token. */
export type Client = {
  csrf: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A JSON call; the answer's status and body. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted, not used.
  json(method: string, path: string, body?: unknown): Promise<{ status: number; body: any; headers: Headers }>;
  /** A form as a browser sends it. */
  form(path: string, fields: Record<string, string | string[]>): Promise<Response>;
};

/** The web view over HTTP, on this file's own database. */
export function useWeb(overrides: Partial<WebParts> = {}) {
  const database = useDatabase();
  let server: Server;
  let base = '';

  beforeAll(async () => {
    const clock = createFixedClock(NOW);
    const time = createSchoolTime('Asia/Shanghai');
    const { prisma, context } = database();
    const log = quietLog as pino.Logger;
    const { inTransaction } = createTransactions({
      database: { prisma, context },
      clock,
      time,
      log,
      tell: async () => {},
    });
    const app = createApp({
      log,
      clock,
      time,
      inTransaction,
      prisma,
      pages,
      tables: [rooms, customers],
      metrics: new Registry(),
      ready: () => [],
      sessionSecret: 'a secret of sixteen signs',
      baseUrl: 'http://localhost',
      templates,
      loadSession: async (token) => {
        const actor = people[token];
        return actor ? { actor, csrf: `csrf-of-${token}`, bound: token !== 'reader', menu, sessionId: token } : null;
      },
      ...overrides,
    });
    server = createServer(app.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Somebody new at the door; signed in where a name is given. */
  async function client(who?: string): Promise<Client> {
    let cookie = '';
    const made: Client = {
      csrf: who ? `csrf-of-${who}` : '',
      fetch: async (path, init = {}) => {
        const headers = new Headers(init.headers);
        if (cookie) headers.set('Cookie', cookie);
        const answer = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
        const given = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
        if (given.length) cookie = [...new Set([...cookie.split('; ').filter(Boolean), ...given])].join('; ');
        return answer;
      },
      json: async (method, path, body) => {
        const headers: Record<string, string> = { Accept: 'application/json' };
        if (method !== 'GET') headers['x-csrf-token'] = made.csrf;
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        const answer = await made.fetch(path, {
          method,
          headers,
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await answer.text();
        return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
      },
      form: async (path, fields) => {
        const body = new URLSearchParams({ _csrf: made.csrf });
        for (const [name, value] of Object.entries(fields))
          for (const one of Array.isArray(value) ? value : [value]) body.append(name, one);
        return made.fetch(path, { method: 'POST', body, headers: { Accept: 'text/html' } });
      },
    };
    if (who) await made.fetch(`/enter/${who}`, { method: 'POST' });
    return made;
  }

  return {
    client,
    prisma: () => database().prisma,
    base: () => base,
    async buildRoom(name: string, seats: number) {
      return database().prisma.room.create({ data: { name, seats } });
    },
    async buildPerson(id: number, name: string) {
      const now = new Date(NOW);
      return database().prisma.person.create({
        data: { id, name, username: `person${id}`, passwordHash: '-', createdAt: now, updatedAt: now },
      });
    },
    async buildCustomer(own: {
      name: string;
      phone: string;
      source?: keyof typeof SOURCES;
      status?: keyof typeof STATUSES;
      consultantId: number;
      receivedOn: string;
      createdAt?: string;
    }) {
      const { receivedOn, createdAt = NOW, ...rest } = own;
      const day = dayToDb(receivedOn);
      return database().prisma.customer.create({
        data: {
          ...rest,
          receivedOn: day,
          lastContactedOn: day,
          enteredOn: day,
          createdAt: new Date(createdAt),
          updatedAt: new Date(createdAt),
        },
      });
    },
  };
}
