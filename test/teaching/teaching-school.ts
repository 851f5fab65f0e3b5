import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { seedRoles } from '../../src/access/seed-roles.ts';
import { createDispatch } from '../../src/chat/dispatch.ts';
import { createRegistry } from '../../src/chat/registry.ts';
import { renderPlain } from '../../src/chat/reply.ts';
import { customerCommands, customerTables } from '../../src/customers/index.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import { createEnrolCustomer, enrolmentCommands, enrolmentPages, paymentsTable } from '../../src/enrolment/index.ts';
import { type Actor, systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock, wallNow } from '../../src/kernel/clock.ts';
import { createSchoolTime, dayToDb, type SchoolDay } from '../../src/kernel/school-time.ts';
import type { InTransaction, Scope } from '../../src/kernel/scope.ts';
import { createLinks, createWechatEntry, linkPages } from '../../src/links/index.ts';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { writeNotices } from '../../src/notify/index.ts';
import { createCheckGuess, createManagePeople, createPasswords, identify, loadActor } from '../../src/people/index.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { teachingCommands, teachingPages, teachingTables } from '../../src/teaching/index.ts';
import { createApp } from '../../src/web/app.ts';
import { definePage } from '../../src/web/define-page.ts';
import type { WechatApi } from '../../src/wechat/index.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { TEST_DAY, TEST_NOW } from '../setup/now.ts';
import { testReceipts } from '../setup/receipts.ts';

/** 2026-11-21, a Saturday, 14:30 at the school. */
export const NOW = TEST_NOW;
export const TODAY = TEST_DAY;
const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const time = createSchoolTime('Asia/Shanghai');
const MENU = [
  { title: '我的学习', path: '/portal' },
  { title: '上课记录', path: '/lessons' },
  { title: '班级', path: '/cohorts' },
];

/** Somebody of the school: chats, does things through use cases, and visits pages. */
export type Somebody = {
  id: number;
  name: string;
  actor: Actor;
  /** `key` names the delivery; said again under it, the platform has sent it again. */
  says(text: string, key?: string): Promise<string>;
  does<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
  visits(): Promise<Visitor>;
};
export type Learner = Somebody & { studentId: number };

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted, not used.
type Answer = { status: number; body: any };

/** A browser or a program with somebody's session. */
export type Visitor = {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  json(method: string, path: string, body?: unknown): Promise<Answer>;
  upload(path: string, file: { name: string; bytes: Uint8Array }, fields?: Record<string, string>): Promise<Answer>;
};

/** A school that teaches, over this file's own database, with chat and pages; the clock stands still. */
export function useTeaching() {
  const database = useDatabase();
  const clock = createFixedClock(NOW);
  const passwords = createPasswords();
  const checkGuess = createCheckGuess({ passwords, shared: createInProcessState({ wallNow }) });
  const people = createManagePeople({ passwords, checkGuess, whenStaffChange: () => undefined });
  const enrol = createEnrolCustomer(people);
  let server: Server | undefined;
  let base = '';
  let made = 0;

  const transactionsOf = (node: Pick<Database, 'prisma' | 'context'>): InTransaction =>
    createTransactions({ database: node, clock, time, log: quietLog, tell: writeNotices }).inTransaction;
  const inTransaction: InTransaction = (actor, channel, work, limits) =>
    transactionsOf(database())(actor, channel, work, limits);
  const links = {
    urlFor: ({ about }: { about: { entity: string; id?: number } }) =>
      `https://xiaoxin.test/l/${about.entity}-${about.id}`,
  };
  const registry = createRegistry([
    ...customerCommands,
    ...teachingCommands({ links }),
    ...enrolmentCommands({ enrol }),
  ]);
  const prisma = () => database().prisma;
  const signed = createLinks({
    sessionSecret: 'a secret of sixteen signs',
    baseUrl: () => 'http://localhost',
    catalogue: noticeCatalogue,
  });
  /** A platform on which the code of an authorization is the openid itself. */
  const wechat = {
    authorizeUrl: ({ state }: { state: string }) => `https://open.test/authorize?state=${state}`,
    identify: async (code: string) => ({ openid: code }) as Awaited<ReturnType<WechatApi['identify']>>,
  };

  /** Sessions that links began, by token. */
  const begun = new Map<string, number>();
  beforeAll(async () => {
    await inTransaction(systemActor, 'system', ({ tx }) => seedRoles(tx));
    const app = createApp({
      log: quietLog,
      clock,
      time,
      inTransaction,
      prisma: prisma(),
      pages: [
        definePage({
          method: 'GET',
          path: '/enter/:who',
          permission: 'public',
          handler: (c) => {
            c.startSession(String(c.params.who), { remember: false });
            c.json({});
          },
        }),
        ...linkPages({
          links: signed,
          api: wechat,
          beginSession: async (_, { personId, token }) => {
            begun.set(token, personId);
            return { token };
          },
        }),
        ...teachingPages({
          prisma: prisma(),
          baseUrl: () => 'https://xiaoxin.test',
          enterByWechat: createWechatEntry({ links: signed, api: wechat }),
        }),
        ...enrolmentPages({ enrol }),
      ],
      tables: [...customerTables(), ...teachingTables({ people }), paymentsTable],
      metrics: new Registry(),
      ready: () => [],
      sessionSecret: 'a secret of sixteen signs',
      baseUrl: 'http://localhost',
      templates,
      loadSession: async (token) => {
        const actor = await loadActor(prisma(), begun.get(token) ?? Number(token));
        return actor && { actor, csrf: 'csrf', bound: true, menu: MENU, sessionId: token };
      },
    });
    server = createServer(app.callback());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  });

  async function somebody(id: number): Promise<Somebody> {
    const { name } = await prisma().person.findUniqueOrThrow({ where: { id } });
    const actor = await loadActor(prisma(), id);
    if (!actor) throw new Error('nobody active of that id');
    const dispatch = createDispatch({ inTransaction, registry, identify, receipts: testReceipts, log: quietLog });
    return {
      id,
      name,
      actor,
      says: async (text, key = randomUUID()) =>
        renderPlain(await dispatch({ channel: 'chat', sender: `openid-${id}`, text, key })),
      does: (work) => inTransaction(actor, 'web', work),
      visits: () => visit(id),
    };
  }

  async function visit(id: number): Promise<Visitor> {
    const entered = await fetch(`${base}/enter/${id}`);
    const cookie = entered.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const visitor: Visitor = {
      fetch: (path, init = {}) => {
        const headers = new Headers(init.headers);
        headers.set('Cookie', cookie);
        return fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
      },
      json: async (method, path, body) => {
        const answer = await visitor.fetch(path, {
          method,
          headers: {
            Accept: 'application/json',
            'x-csrf-token': 'csrf',
            ...(body !== undefined && { 'Content-Type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: text ? JSON.parse(text) : null };
      },
      upload: async (path, { name, bytes }, fields = {}) => {
        const form = new FormData();
        for (const [field, value] of Object.entries(fields)) form.set(field, value);
        form.set('file', new Blob([new Uint8Array(bytes)]), name);
        const headers = { Accept: 'application/json', 'x-csrf-token': 'csrf' };
        const answer = await visitor.fetch(path, { method: 'POST', body: form, headers });
        return { status: answer.status, body: await answer.json() };
      },
    };
    return visitor;
  }

  async function person(name: string, roles: readonly string[]): Promise<Somebody> {
    made += 1;
    const now = new Date(NOW);
    const { id } = await prisma().person.create({
      data: {
        name,
        username: `person${made}`,
        passwordHash: '-',
        createdAt: now,
        updatedAt: now,
        staff: { create: {} },
        roles: { create: roles.map((code) => ({ role: { connect: { code } } })) },
      },
    });
    await prisma().person.update({ where: { id }, data: { openid: `openid-${id}` } });
    return somebody(id);
  }

  /** A cohort of a course of its own, running. */
  async function cohort(
    own: {
      course?: string;
      campus?: string;
      term?: number;
      lecturers?: readonly Somebody[];
      tutor?: Somebody;
      price?: number;
      graduatesOn?: SchoolDay;
    } = {},
  ) {
    made += 1;
    const { course = `课程${made}`, term = 9, lecturers = [], tutor, price = 19800, graduatesOn } = own;
    const { campus: name = '北京' } = own;
    const campus = await prisma().campus.upsert({ where: { name }, create: { name }, update: {} });
    const { id: courseId } = await prisma().course.upsert({
      where: { name: course },
      create: { name: course, outline: '先学语言，再做项目' },
      update: {},
    });
    return prisma().cohort.create({
      data: {
        campusId: campus.id,
        courseId,
        term,
        price,
        startsOn: dayToDb('2026-11-01'),
        graduatesOn: graduatesOn ? dayToDb(graduatesOn) : null,
        tutorId: tutor?.id ?? null,
        lecturers: { create: lecturers.map(({ id }) => ({ personId: id })) },
      },
    });
  }

  async function student(name: string, cohortId?: number, joinedOn: SchoolDay = '2026-11-01'): Promise<Learner> {
    made += 1;
    const now = new Date(NOW);
    const { id, student } = await prisma().person.create({
      data: {
        name,
        username: `student${made}`,
        passwordHash: '-',
        openid: `openid-of-student-${made}`,
        createdAt: now,
        updatedAt: now,
        roles: { create: { role: { connect: { code: 'student' } } } },
        student: { create: cohortId ? { cohorts: { create: { cohortId, joinedOn: dayToDb(joinedOn) } } } : {} },
      },
      include: { student: true },
    });
    await prisma().person.update({ where: { id }, data: { openid: `openid-${id}` } });
    return { ...(await somebody(id)), studentId: student?.id ?? 0 };
  }

  async function lesson(
    cohortId: number,
    number = 1,
    date: SchoolDay = TODAY,
    more: { lecturerId?: number; hasHomework?: boolean; title?: string } = {},
  ) {
    return prisma().lesson.create({ data: { cohortId, number, date: dayToDb(date), ...more } });
  }

  /** A customer somebody follows. */
  async function customer(name: string, holder: Somebody | null, own: { phone?: string; qq?: string } = {}) {
    made += 1;
    const now = new Date(NOW);
    const day = dayToDb('2026-11-20');
    return prisma().customer.create({
      data: {
        name,
        phone: own.phone ?? (own.qq ? null : `138${String(10_000_000 + made)}`),
        qq: own.qq ?? null,
        enteredOn: day,
        receivedOn: day,
        lastContactedOn: day,
        createdAt: now,
        updatedAt: now,
        ...(holder
          ? {
              consultantId: holder.id,
              assignments: { create: { consultantId: holder.id, date: day, createdAt: now, updatedAt: now } },
            }
          : { pooledAt: now, poolReason: 'noContact' as const }),
      },
    });
  }

  return {
    prisma,
    base: () => base,
    database,
    clock,
    people,
    enrol,
    inTransaction,
    transactionsOf,
    person,
    lecturer: (name: string) => person(name, ['lecturer', 'staff']),
    tutor: (name: string) => person(name, ['tutor', 'staff']),
    admin: (name = '林峰') => person(name, ['administrator']),
    consultant: (name: string) => person(name, ['consultant']),
    cohort,
    student,
    lesson,
    customer,
    /** A cohort with a lecturer, a tutor, students and today's lesson. */
    async classOf<const Names extends readonly string[]>(...names: Names) {
      made += 1;
      const course = `Python全栈${made}`;
      const zhang = await person('张伟', ['lecturer', 'staff']);
      const zheng = await person('郑洁', ['tutor', 'staff']);
      const group = await cohort({ course, lecturers: [zhang], tutor: zheng });
      const students: Learner[] = [];
      for (const name of names) students.push(await student(name, group.id));
      const today = await lesson(group.id, 3, TODAY, { lecturerId: zhang.id });
      const all = students as unknown as { [Place in keyof Names]: Learner };
      return { lecturer: zhang, tutor: zheng, cohort: group, students: all, lesson: today, name: `${course}(9期)` };
    },
    /** WeChat's browser on a phone opens an address of ours and is led through the authorization; where it ends. */
    async scansInWechat(openid: string, path: string): Promise<{ status: number; text: string }> {
      const cookies = new Map<string, string>();
      const open = async (url: string) => {
        const answer = await fetch(new URL(url, base), {
          redirect: 'manual',
          headers: {
            Accept: 'text/html',
            'User-Agent': 'MicroMessenger/8.0.50',
            Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          },
        });
        for (const line of answer.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        return answer;
      };
      let answer = await open(path);
      for (let hops = 0; hops < 5 && answer.headers.has('location'); hops += 1) {
        const to = new URL(answer.headers.get('location') ?? '', base);
        answer = await open(to.host === 'open.test' ? `/wechat/oauth${to.search}&code=${openid}` : to.pathname);
      }
      return { status: answer.status, text: await answer.text() };
    },
    attendanceOf: async (lessonId: number) =>
      Object.fromEntries(
        (
          await prisma().studyRecord.findMany({
            where: { lessonId },
            include: { student: { include: { person: true } } },
            orderBy: { studentId: 'asc' },
          })
        ).map(({ student, attendance }) => [student.person.name, attendance]),
      ),
    notices: (kind: string) => prisma().notification.findMany({ where: { kind }, orderBy: { id: 'asc' } }),
  };
}

/** What a use case refused with. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; fields?: Record<string, string> }> {
  try {
    await work;
  } catch (error) {
    const { code, message, fields } = error as { code: string; message: string; fields?: Record<string, string> };
    return { code, message, ...(fields && { fields }) };
  }
  return { code: 'none', message: '' };
}
