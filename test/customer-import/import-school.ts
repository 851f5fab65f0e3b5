import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { afterAll, beforeEach } from 'vitest';
import { createCustomerImport, type ImportFeature } from '../../src/customer-import/feature.ts';
import type { ImportProgress } from '../../src/customer-import/queries.ts';
import type { Database } from '../../src/database/open.ts';
import type { Actor, Grant } from '../../src/kernel/actor.ts';
import { openWorkbook } from '../../src/spreadsheet/read-workbook.ts';
import { createApp } from '../../src/web/app.ts';
import { definePage } from '../../src/web/define-page.ts';
import { buildPerson, buildRanked, emptySchool, openNode } from '../assignment/assignment-school.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { RANKS } from './ranks.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Answer = { status: number; body: Record<string, unknown> & { error?: { code: string; message: string } } };

/** An administrator at the import's pages over HTTP, on a school of three consultants (2, 4 and 1 turns) and two courses. */
export function useImportSchool() {
  const database = useDatabase();
  let server: Server | undefined;
  let feature: ImportFeature;
  let node: ReturnType<typeof openNode>;
  let base = '';
  let cookie = '';
  let actor: Actor;

  beforeEach(async () => {
    await close();
    await emptySchool(database());
    await buildCourses(database());
    await buildRanked(database(), RANKS);
    actor = (await buildPerson(database(), '管理员', 'admin')).actor;
    node = openNode(database());
    feature = openImport(database(), node);
    server = createServer(buildApp(database(), node, feature, () => actor).callback());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const entered = await fetch(`${base}/enter`, { method: 'POST' });
    cookie = entered.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  });
  afterAll(close);

  async function close(): Promise<void> {
    if (!server) return;
    await feature.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
  }

  const call = async (method: string, path: string, given?: FormData | object): Promise<Answer> => {
    const isJson = given !== undefined && !(given instanceof FormData);
    const headers = {
      Accept: 'application/json',
      Cookie: cookie,
      'x-csrf-token': 'csrf',
      ...(isJson && { 'Content-Type': 'application/json' }),
    };
    const body = isJson ? JSON.stringify(given) : given;
    const answer = await fetch(`${base}${path}`, { method, headers, body, redirect: 'manual' });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  const progress = async (id: number) =>
    (await call('GET', `/customers/import/${id}`)).body as unknown as ImportProgress;

  return {
    database,
    call,
    progress,
    node: () => node,
    feature: () => feature,
    actAs: (grants: Grant[]) => {
      actor = { ...actor, grants };
    },
    page: (path: string) => fetch(`${base}${path}`, { headers: { Accept: 'text/html', Cookie: cookie } }),
    download: async (path: string): Promise<Buffer> => {
      const answer = await fetch(`${base}${path}`, { headers: { Cookie: cookie } });
      return Buffer.from(await answer.arrayBuffer());
    },
    upload: (bytes: Buffer, name = '客户.xlsx') => call('POST', '/customers/import', formOf(bytes, name)),
    /** Uploads and waits for the preview, or for why there is none. */
    async read(bytes: Buffer): Promise<ImportProgress> {
      const { body } = await call('POST', '/customers/import', formOf(bytes, '客户.xlsx'));
      return until(progress, Number(body.id), 'reading');
    },
    /** Runs it, reading it again first where something else is chosen; the answer where it is refused. */
    async run(id: number, choice?: object): Promise<ImportProgress> {
      await call('POST', `/customers/import/${id}/run`, choice);
      await until(progress, id, 'reading');
      return until(progress, id, 'running');
    },
    /** Sends the page's form as a browser without JavaScript does; answers where it leads. */
    async submit(path: string, fields: Record<string, string>): Promise<string | null> {
      const body = new URLSearchParams({ ...fields, _csrf: 'csrf' });
      const headers = { Accept: 'text/html', Cookie: cookie };
      const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body, redirect: 'manual' });
      return answer.headers.get('location');
    },
    reread: async (bytes: Buffer) => rowsOf(bytes),
  };
}

/** Another node's import over the same database. */
export function openImport(database: Database, node: ReturnType<typeof openNode>): ImportFeature {
  const { inTransaction, assignment } = node;
  return createCustomerImport({
    prisma: database.prisma,
    inTransaction,
    enterMany: assignment.enterMany,
    log: quietLog,
  });
}

/** The rows of a workbook's first sheet as we read them ourselves. */
export async function rowsOf(bytes: Buffer): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { cells } of (await openWorkbook(bytes)).rows(0)) rows.push(cells);
  return rows;
}

export async function buildCourses({ prisma }: Database): Promise<void> {
  for (const name of ['Python全栈', 'Linux云计算'])
    await prisma.course.create({ data: { name, outline: '', weeks: 20, listPrice: 0 } });
}

/** Until an import has left a state. */
export async function until(
  progress: (id: number) => Promise<ImportProgress>,
  id: number,
  left: string,
): Promise<ImportProgress> {
  for (;;) {
    const now = await progress(id);
    if (now.state !== left) return now;
    await sleep(20);
  }
}

/** Stands for the sign-in. */
const enter = definePage({
  method: 'POST',
  path: '/enter',
  permission: 'public',
  csrf: false,
  handler: (c) => {
    c.startSession('admin', { remember: false });
    c.json({});
  },
});

function formOf(bytes: Buffer, name: string): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)], { type: XLSX }), name);
  return form;
}

function buildApp(database: Database, node: ReturnType<typeof openNode>, { pages }: ImportFeature, who: () => Actor) {
  const { clock, time, inTransaction } = node;
  return createApp({
    log: quietLog,
    clock,
    time,
    inTransaction,
    prisma: database.prisma,
    pages: [enter, ...pages],
    tables: [],
    metrics: new Registry(),
    ready: () => [],
    sessionSecret: 'a secret of sixteen signs',
    baseUrl: 'http://localhost',
    templates,
    loadSession: async () => ({ actor: who(), csrf: 'csrf', bound: true, menu: [], sessionId: 'admin' }),
  });
}
