import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { createDispatch } from '../../src/chat/dispatch.ts';
import { createRegistry } from '../../src/chat/registry.ts';
import { renderPlain } from '../../src/chat/reply.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import type { Actor, Grant } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { addDays, createSchoolTime, dayFromDb, dayToDb, type SchoolDay } from '../../src/kernel/school-time.ts';
import type { Scope, Tx } from '../../src/kernel/scope.ts';
import { writeNotices } from '../../src/notify/write-notices.ts';
import { roomCommands } from '../../src/rooms/index.ts';
import { useDatabase } from '../setup/database.ts';
import { TEST_DAY } from '../setup/now.ts';
import { testReceipts } from '../setup/receipts.ts';

export const TODAY = TEST_DAY;
export const TOMORROW = addDays(TEST_DAY, 1);

/** Somebody of the school: says things in chat, does things through use cases, on any node. */
export type Somebody = {
  id: number;
  name: string;
  actor: Actor;
  says(text: string, node?: Node): Promise<string>;
  does<T>(work: (scope: Scope) => Promise<T>, node?: Node): Promise<T>;
};
export type Node = ReturnType<typeof openNode>;

const STAFF: Grant[] = ['rooms.list', 'rooms.book'].map((permission) => ({ permission, scope: 'own' }));
const ROOMS = [
  ['天上人间', 12],
  ['夏威夷', 8],
  ['马尔代夫', 6],
] as const;
const EVERYTHING: Grant[] = [{ permission: '*', scope: 'all' }];

/** Three meeting rooms with their own database; the clock stands at 2026-11-21, a Saturday, 9:00. */
export function useRoomSchool() {
  const database = useDatabase();
  const clock = createFixedClock(`${TODAY}T09:00:00+08:00`);
  const actors = new Map<number, Actor>();
  const rooms: Record<string, number> = {};
  let own: Node | undefined;
  const prisma = () => database().prisma;
  const node = (other = database() as Database) => openNode(other, { clock, actors });
  const here = () => {
    own ??= node();
    return own;
  };

  async function person(name: string, department = '市场部', grants = STAFF): Promise<Somebody> {
    const code = 1000 + [...department].reduce((sum, sign) => sum + (sign.codePointAt(0) ?? 0), 0);
    await prisma().department.createMany({ data: { code, title: department }, skipDuplicates: true });
    const { id: departmentId } = await prisma().department.findUniqueOrThrow({ where: { code } });
    const now = clock.now();
    const { id } = await prisma().person.create({
      data: {
        name,
        username: randomUUID(),
        passwordHash: '',
        createdAt: now,
        updatedAt: now,
        staff: { create: { departmentId } },
      },
    });
    const actor: Actor = { id, name, roles: [], grants, departmentId, campusId: null };
    actors.set(id, actor);
    return {
      id,
      name,
      actor,
      says: (text, on = here()) => on.says(id, text),
      does: (work, on = here()) => on.inTransaction(actor, 'web', work),
    };
  }

  return {
    database,
    prisma,
    clock,
    openNode: node,
    person,
    people: (...names: string[]) => Promise.all(names.map((name) => person(name))),
    admin: () => person('林峰', '管理', EVERYTHING),
    room: (name: string) => rooms[name] ?? 0,
    /** Moves the clock to a time of day at the school. */
    moveTo: (day: SchoolDay, at: string) => clock.moveTo(`${day}T${at}+08:00`),
    /** Books slots behind everybody's back. */
    hold: (who: Somebody, room: string, date: SchoolDay, ...slots: number[]) =>
      prisma().booking.createMany({
        data: slots.map((slot) => ({
          roomId: rooms[room] ?? 0,
          date: dayToDb(date),
          slot,
          personId: who.id,
          createdAt: clock.now(),
        })),
      }),
    /** Who has what: 夏威夷 2026-11-22 10 王强, by hour. */
    held: async () =>
      (
        await prisma().booking.findMany({
          include: { room: true, person: true },
          orderBy: [{ date: 'asc' }, { roomId: 'asc' }, { slot: 'asc' }],
        })
      ).map(({ room, date, slot, person: { name } }) => `${room.name} ${dayFromDb(date)} ${slot + 7} ${name}`),
    waiting: async () =>
      (await prisma().roomWaiter.findMany({ include: { person: true }, orderBy: { id: 'asc' } })).map(
        ({ slot, person: { name } }) => `${slot + 7} ${name}`,
      ),
    notices: async (kind: string) =>
      (await prisma().notification.findMany({ where: { kind }, orderBy: { id: 'asc' } })).map(({ personId, data }) => ({
        to: personId,
        data,
      })),
    /** Three empty rooms, open to everybody, nobody waiting, 9:00. */
    begin: async () => {
      clock.moveTo(`${TODAY}T09:00:00+08:00`);
      await prisma().$executeRaw`
        WITH bookings AS (DELETE FROM "Booking"), waits AS (DELETE FROM "RoomWaiter"), notices AS (DELETE FROM "Notification"),
          lists AS (DELETE FROM "NumberedList") DELETE FROM "UndoCode"`;
      for (const [name, seats] of ROOMS) {
        const kept = await prisma().room.upsert({ where: { name }, create: { name, seats }, update: { active: true } });
        rooms[name] = kept.id;
      }
    },
  };
}

function openNode(
  database: Database,
  { clock, actors }: { clock: ReturnType<typeof createFixedClock>; actors: Map<number, Actor> },
) {
  const time = createSchoolTime('Asia/Shanghai');
  /** Everything the node logged: a transaction that is repeated after a deadlock says so. */
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const { inTransaction } = createTransactions({ database, clock, time, log, tell: writeNotices });
  const identify = async (_: Tx, openid: string) => actors.get(Number(openid)) ?? null;
  const dispatch = createDispatch({
    inTransaction,
    registry: createRegistry(roomCommands),
    identify,
    receipts: testReceipts,
    log,
  });
  return {
    inTransaction,
    logged,
    says: async (id: number, text: string) =>
      renderPlain(await dispatch({ channel: 'chat', sender: String(id), text, key: randomUUID() })),
  };
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
