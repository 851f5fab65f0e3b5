import { randomUUID } from 'node:crypto';
import { createAssignment } from '../../src/assignment/feature.ts';
import { createDispatch } from '../../src/chat/dispatch.ts';
import { createRegistry } from '../../src/chat/registry.ts';
import { renderPlain } from '../../src/chat/reply.ts';
import { EnterCustomer } from '../../src/customers/index.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import type { Actor, Grant } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { createSchoolTime, dayToDb } from '../../src/kernel/school-time.ts';
import type { InTransaction, Scope } from '../../src/kernel/scope.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import type { RotaStore } from '../../src/rota/rota-store.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { quietLog } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';
import { testReceipts } from '../setup/receipts.ts';

export const AT = TEST_NOW;
const GRANTS: Readonly<Record<string, readonly Grant[]>> = {
  consultant: [{ permission: 'customers.*', scope: 'own' }],
  head: [{ permission: 'customers.*', scope: 'department' }],
  admin: [{ permission: '*', scope: 'all' }],
};

export type Ranked = { name: string; weight?: number; slots: number; followingCap?: number; dailyCap?: number };

/** Empties what the tests of one file share. */
export async function emptySchool({ prisma }: Database): Promise<void> {
  await prisma.$executeRawUnsafe(
    'TRUNCATE "Customer", "Assignment", "Turn", "RotaCycle", "SalesRank", "Person", "Role", "Notification", "Course", "AuditEntry" RESTART IDENTITY CASCADE',
  );
}

/** A person with a role; consultants get a staff profile. */
export async function buildPerson(
  { prisma }: Database,
  name: string,
  role: 'consultant' | 'head' | 'admin' = 'consultant',
  onLeaveUntil: string | null = null,
): Promise<{ id: number; name: string; actor: Actor }> {
  const at = new Date(AT);
  const stored = await prisma.role.upsert({
    where: { code: role },
    create: {
      code: role,
      title: role,
      menu: [],
      grants: { create: (GRANTS[role] ?? []).map(({ permission }) => ({ permission })) },
    },
    update: {},
  });
  const { id } = await prisma.person.create({
    data: {
      name,
      username: `${name}-${randomUUID()}`,
      passwordHash: '',
      openid: randomUUID(),
      createdAt: at,
      updatedAt: at,
      staff: { create: { onLeaveUntil: onLeaveUntil ? dayToDb(onLeaveUntil) : null } },
      roles: { create: { roleId: stored.id } },
    },
  });
  const actor: Actor = { id, name, roles: [role], grants: GRANTS[role] ?? [], departmentId: null, campusId: null };
  return { id, name, actor };
}

/** Consultants in the ranks; heavier ones first where no weight is given. */
export async function buildRanked(database: Database, ranked: readonly Ranked[]) {
  const people: Awaited<ReturnType<typeof buildPerson>>[] = [];
  for (const [at, { name, weight = 100 - at, slots, followingCap = null, dailyCap = null }] of ranked.entries()) {
    const person = await buildPerson(database, name);
    await database.prisma.salesRank.create({
      data: { consultantId: person.id, weight, slots, followingCap, dailyCap },
    });
    people.push(person);
  }
  return people;
}

let customers = 0;

/** A customer as entered, with a QQ of its own. */
export function buildEntry(overrides: Record<string, unknown> = {}): EnterCustomer {
  customers += 1;
  return EnterCustomer.parse({ name: `客户${customers}`, qq: String(10_000_000 + customers), ...overrides });
}

/** One node of the service, with the assignment over a rota of its own or a shared one. */
export function openNode(
  database: Database,
  options: { rota?: RotaStore; at?: string; wallNow?: () => number; log?: typeof quietLog } = {},
) {
  const { wallNow = () => Date.parse(AT), log = quietLog } = options;
  const rota = options.rota ?? createInProcessState({ wallNow }).rota;
  const clock = createFixedClock(options.at ?? AT);
  const time = createSchoolTime('Asia/Shanghai');
  const { inTransaction } = createTransactions({ database, clock, time, log, tell: writeNotices });
  const assignment = createAssignment({ rota, prisma: database.prisma });
  const actors = new Map<string, Actor>();
  const registry = createRegistry(assignment.commands);
  const dispatch = createDispatch({
    inTransaction,
    registry,
    identify: async (_, openid) => actors.get(openid) ?? null,
    receipts: testReceipts,
    log,
  });

  const as = <T>(actor: Actor, work: (scope: Scope) => Promise<T>): ReturnType<InTransaction> =>
    inTransaction(actor, 'web', work);
  return {
    rota,
    clock,
    time,
    assignment,
    inTransaction,
    /** Enters by form. */
    enter: (actor: Actor, input = buildEntry()) =>
      inTransaction(actor, 'web', (scope) => assignment.enter(scope, input)),
    as,
    says: async (actor: Actor, text: string) => {
      const sender = `wx-${actor.id}`;
      actors.set(sender, actor);
      return renderPlain(await dispatch({ channel: 'chat', sender, text, key: randomUUID() }));
    },
  };
}

/** Who got the customers, by name, in the order they were entered. */
export async function holders({ prisma }: Database): Promise<(string | null)[]> {
  const rows = await prisma.customer.findMany({ include: { consultant: true }, orderBy: { id: 'asc' } });
  return rows.map(({ consultant }) => consultant?.name ?? null);
}
