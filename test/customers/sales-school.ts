import { randomUUID } from 'node:crypto';
import { reminderCommands } from '../../src/before-it-drops/reminders/commands.ts';
import { rescueCommands } from '../../src/before-it-drops/rescue/commands.ts';
import { customersToday } from '../../src/before-it-drops/today.ts';
import { createDispatch } from '../../src/chat/dispatch.ts';
import { createRegistry } from '../../src/chat/registry.ts';
import { renderPlain } from '../../src/chat/reply.ts';
import { customerCommands } from '../../src/customers/commands.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import type { AssignmentState, Prisma } from '../../src/generated/prisma/client.ts';
import type { Actor, Grant, RowScope } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { createSchoolTime, dayToDb, type SchoolDay } from '../../src/kernel/school-time.ts';
import type { Scope, Tx } from '../../src/kernel/scope.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import { quietLog, type TestDatabase, useDatabase } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';
import { testReceipts } from '../setup/receipts.ts';

/** Somebody of the school: says things in chat, does things through use cases. */
export type Somebody = {
  id: number;
  name: string;
  actor: Actor;
  says(text: string): Promise<string>;
  does<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
};

const OWN = ['list', 'show', 'add', 'edit', 'export', 'claim', 'release', 'followUp'];
const HEAD = [...OWN, 'transfer'];

/** A sales department with its own database and a clock that stands still: 2026-11-21, a Saturday, 14:30. */
export function useSalesSchool() {
  const database = useDatabase();
  const clock = createFixedClock(TEST_NOW);
  const time = createSchoolTime('Asia/Shanghai');
  const actors = new Map<number, Actor>();
  let node: ReturnType<typeof openNode> | undefined;
  const own = () => {
    node ??= openNode(database(), { clock, actors });
    return node;
  };
  const prisma = () => database().prisma;

  async function person(
    name: string,
    scope: RowScope,
    permissions: readonly string[],
    departmentCode = 1005,
  ): Promise<Somebody> {
    const now = clock.now();
    // Several people come at once, and upsert reads before it writes.
    await prisma().department.createMany({
      data: { code: departmentCode, title: `部门 ${departmentCode}` },
      skipDuplicates: true,
    });
    const department = await prisma().department.findUniqueOrThrow({ where: { code: departmentCode } });
    const grants: Grant[] = permissions.map((action) => ({ permission: `customers.${action}`, scope }));
    const { id } = await prisma().person.create({
      data: {
        name,
        username: randomUUID(),
        passwordHash: '',
        openid: randomUUID(),
        createdAt: now,
        updatedAt: now,
        staff: { create: { departmentId: department.id } },
        roles: {
          create: {
            role: {
              create: {
                code: randomUUID(),
                title: name,
                scope,
                menu: [],
                grants: { create: grants.map(({ permission }) => ({ permission })) },
              },
            },
          },
        },
      },
    });
    const actor: Actor = { id, name, roles: [], grants, departmentId: department.id, campusId: null };
    actors.set(id, actor);
    return {
      id,
      name,
      actor,
      says: (text) => own().says(id, text),
      does: (work) => own().inTransaction(actor, 'web', work),
    };
  }

  let made = 0;
  /** A customer held by somebody (following since received), or in the pool. */
  async function customer(
    given: {
      name?: string;
      heldBy?: Somebody;
      lostBy?: Somebody;
      received?: SchoolDay;
      contacted?: SchoolDay;
      courses?: readonly string[];
      state?: AssignmentState;
    } & Partial<
      Pick<
        Prisma.CustomerUncheckedCreateInput,
        'qq' | 'phone' | 'wechat' | 'source' | 'status' | 'poolReason' | 'education' | 'nextContactOn'
      >
    > = {},
  ): Promise<number> {
    made += 1;
    const {
      name = `客户${made}`,
      heldBy,
      lostBy,
      received = '2026-11-20',
      contacted = received,
      courses = [],
      state,
      ...rest
    } = given;
    const now = new Date(clock.now().getTime() + made);
    const row = await prisma().customer.create({
      data: {
        name,
        ...(rest.qq === undefined &&
          rest.phone === undefined &&
          rest.wechat === undefined && { qq: String(10_000_000 + made) }),
        enteredOn: dayToDb(received),
        receivedOn: dayToDb(received),
        lastContactedOn: dayToDb(contacted),
        ...(heldBy
          ? { consultantId: heldBy.id }
          : { pooledAt: now, poolReason: 'noContact' as const, lastConsultantId: lostBy?.id ?? null }),
        createdAt: now,
        updatedAt: now,
        courses: {
          create: courses.map((course) => ({
            course: { connectOrCreate: { where: { name: course }, create: { name: course } } },
          })),
        },
        ...(heldBy && {
          assignments: {
            create: {
              consultantId: heldBy.id,
              date: dayToDb(received),
              state: state ?? 'following',
              createdAt: now,
              updatedAt: now,
            },
          },
        }),
        ...rest,
      },
    });
    return row.id;
  }

  return {
    database,
    prisma,
    clock,
    time,
    node: own,
    /** Another node of the service on the same server database. */
    openNode: (other: TestDatabase | Database) => openNode(other, { clock, actors }),
    consultant: (name: string) => person(name, 'own', OWN),
    consultants: (...names: string[]) => Promise.all(names.map((name) => person(name, 'own', OWN))),
    head: (name: string, scope: RowScope = 'all') => person(name, scope, HEAD),
    person,
    customer,
    stored: (id: number) =>
      prisma().customer.findUniqueOrThrow({
        where: { id },
        include: { assignments: { orderBy: { id: 'asc' } }, followUps: true },
      }),
    states: async (id: number) =>
      (await prisma().assignment.findMany({ where: { customerId: id }, orderBy: { id: 'asc' } })).map(
        ({ consultantId, state }) => ({ consultantId, state }),
      ),
    notices: (kind?: string) => prisma().notification.findMany({ where: kind ? { kind } : {}, orderBy: { id: 'asc' } }),
    /** Moves the clock to a time of day at the school. */
    moveTo: (day: SchoolDay, at = '14:30') => clock.moveTo(`${day}T${at}:00+08:00`),
    empty: async () => {
      await prisma().$executeRawUnsafe(
        'TRUNCATE "Customer", "Notification", "NumberedList", "UndoCode", "Setting", "Course" RESTART IDENTITY CASCADE',
      );
      clock.moveTo(TEST_NOW);
    },
  };
}

function openNode(
  database: Database,
  { clock, actors }: { clock: ReturnType<typeof createFixedClock>; actors: Map<number, Actor> },
) {
  const time = createSchoolTime('Asia/Shanghai');
  const { inTransaction } = createTransactions({ database, clock, time, log: quietLog, tell: writeNotices });
  const registry = createRegistry([...customerCommands, ...reminderCommands, ...rescueCommands], [customersToday]);
  const identify = async (_: Tx, openid: string) => actors.get(Number(openid)) ?? null;
  const dispatch = createDispatch({ inTransaction, registry, identify, receipts: testReceipts, log: quietLog });
  return {
    database,
    inTransaction,
    says: async (id: number, text: string) =>
      renderPlain(await dispatch({ channel: 'chat', sender: String(id), text, key: randomUUID() })),
  };
}

/** The code a receipt ends with: 撤销 K7Q2. */
export function undoCodeIn(receipt: string): string {
  return /撤销 ([A-Z2-9]{4})/.exec(receipt)?.[0] ?? '';
}

/** What a use case refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  return { code: 'none', message: '' };
}
