import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../src/chat/define-command.ts';
import { createDispatch } from '../../src/chat/dispatch.ts';
import type { Incoming } from '../../src/chat/incoming.ts';
import { refuse } from '../../src/chat/phrases.ts';
import { createRegistry } from '../../src/chat/registry.ts';
import { type Reply, renderPlain, reply } from '../../src/chat/reply.ts';
import { createTransactions } from '../../src/database/in-transaction.ts';
import type { Database } from '../../src/database/open.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { defineRefusals } from '../../src/kernel/refusal.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import type { Tx } from '../../src/kernel/scope.ts';
import { quietLog } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';
import { testReceipts } from '../setup/receipts.ts';

const refuseRoom = defineRefusals({ full: { status: 409, say: () => '这层满了，回复「房间」看别的' } });
const AddRoom = z.object({ name: z.string().max(6, '名字最多六个字'), seats: z.coerce.number() });
const PAGE = 3;

/** Adds a room; takes it back where nobody changed its seats since. */
const addRoom = defineCommand({
  id: 'test.addRoom',
  words: ['建房', 'room'],
  usage: '建房 名字 座位',
  does: '建一间会议室',
  permission: 'rooms.add',
  input: AddRoom,
  read: ({ args: [name, seats] }) => ({ name, seats }),
  run: async ({ tx, afterCommit }, { name, seats }) => {
    const room = await tx.room.create({ data: { name, seats } });
    afterCommit(() => void committed.push(name));
    if (name === '满') throw refuseRoom.full();
    if (name === '炸') throw new Error('the roof came down');
    return room;
  },
  reply: ({ name, seats }) => reply(`建好了：${name}`, `${seats} 座`),
  undo: {
    keep: ({ id, name, seats }) => ({ id, name, seats }),
    restore: async ({ tx }, kept) => {
      const { id, name, seats } = z.object({ id: z.number(), name: z.string(), seats: z.number() }).parse(kept);
      const { count } = await tx.room.deleteMany({ where: { id, seats } });
      if (count === 0) throw refuse.changed_since({ what: name });
      return reply(`撤回了：${name}`);
    },
  },
});

const listRooms = defineCommand({
  id: 'test.rooms',
  words: ['房间', 'rooms'],
  usage: '房间',
  does: '看有哪些会议室',
  permission: null,
  makes: ['room'],
  menu: { group: '会议室', name: '房间' },
  input: z.object({ page: z.number().default(1) }),
  read: () => ({}),
  run: ({ tx }, { page }) => tx.room.findMany({ orderBy: { id: 'asc' }, skip: (page - 1) * PAGE, take: PAGE }),
  keeps: (rooms) => ({ kind: 'room', items: rooms.map(({ id }) => id) }),
  reply: (rooms) => reply(...rooms.map(({ name }, index) => `${index + 1} ${name}`)),
});

const showRoom = defineCommand({
  id: 'test.showRoom',
  words: ['看房', 'show'],
  usage: '看房 N',
  does: '看一间会议室',
  permission: null,
  input: z.object({ id: z.number() }),
  read: ({ args: [n] }, talk) => ({ id: talk.nth(n, { kinds: ['room'], which: '哪一间' }) }),
  run: ({ tx }, { id }) => tx.room.findUniqueOrThrow({ where: { id } }),
  reply: ({ name, seats }) => reply(`${name} · ${seats} 座`),
});

/** Lists people, so that the last list can be of another kind. */
const listPeople = defineCommand({
  id: 'test.people',
  words: ['同事'],
  usage: '同事',
  does: '看同事',
  permission: null,
  makes: ['person'],
  input: z.object({}),
  read: () => ({}),
  run: ({ tx }) => tx.person.findMany({ orderBy: { id: 'asc' } }),
  keeps: (people) => ({ kind: 'person', items: people.map(({ id }) => id) }),
  reply: (people) => reply(...people.map(({ name }) => name)),
});

/** What ran after a commit, across one test file. */
export const committed: string[] = [];

const commands: readonly AnyCommand[] = [addRoom, listRooms, showRoom, listPeople];

/** A node of the service with the test's commands: people say things to it and read its answers. */
export function openConversation(database: Database, options: { at?: string; log?: typeof quietLog } = {}) {
  const clock = createFixedClock(options.at ?? TEST_NOW);
  const time = createSchoolTime('Asia/Shanghai');
  const log = options.log ?? quietLog;
  const { inTransaction } = createTransactions({ database, clock, time, log, tell: async () => undefined });
  const registry = createRegistry(commands);
  const dispatch = createDispatch({ inTransaction, registry, identify, receipts: testReceipts, log });

  async function answer(message: Partial<Incoming> & { sender: string }): Promise<Reply> {
    return dispatch({ channel: 'chat', key: `gh_test|${message.sender}|${randomUUID()}`, ...message });
  }
  return {
    clock,
    time,
    inTransaction,
    dispatch,
    answer,
    says: async (sender: string, text: string) => renderPlain(await answer({ sender, text })),
  };
}

/** Everybody may see; who is called 王 something may also add rooms. */
async function identify(tx: Tx, openid: string): Promise<Actor | null> {
  const person = await tx.person.findUnique({ where: { openid } });
  if (!person) return null;
  const grants = person.name.startsWith('王') ? [{ permission: 'rooms.*', scope: 'all' as const }] : [];
  return { id: person.id, name: person.name, roles: [], grants, departmentId: null, campusId: null };
}

/** Somebody bound to an openid of their name. */
export async function aPerson({ prisma }: Database, name: string): Promise<string> {
  const now = new Date('2026-11-01T00:00:00Z');
  const openid = `openid-${name}`;
  await prisma.person.create({
    data: { name, username: name, passwordHash: '', openid, createdAt: now, updatedAt: now },
  });
  return openid;
}
