import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach } from 'vitest';
import type { Actor, Grant, RowScope } from '../../src/kernel/actor.ts';
import { bookingsTable, roomPages, roomsTable } from '../../src/rooms/index.ts';
import { definePage } from '../../src/web/define-page.ts';
import { type Client, useWeb } from '../web/web-school.ts';

const grants = (permissions: readonly string[], scope: RowScope): Grant[] =>
  permissions.map((permission) => ({ permission, scope }));
const STAFF = ['rooms.list', 'rooms.book', 'bookings.list', 'bookings.add', 'bookings.delete'];
const actor = (id: number, name: string, granted: Grant[]): Actor => ({
  id,
  name,
  roles: [],
  grants: granted,
  departmentId: null,
  campusId: null,
});
const people = {
  li: actor(1, '李娜', grants(STAFF, 'own')),
  wang: actor(2, '王强', grants(STAFF, 'own')),
  admin: actor(3, '林峰', grants(['*'], 'all')),
  student: actor(4, '学员', []),
} satisfies Record<string, Actor>;
type Who = keyof typeof people;

/** A POST here is a sign-in. */
const enter = definePage({
  method: 'POST',
  path: '/enter/:who',
  permission: 'public',
  csrf: false,
  handler: (c) => {
    c.startSession(String(c.params.who), { remember: false });
    c.json({});
  },
});

/** The rooms' pages and tables over HTTP at 14:30 on 2026-11-21, with one room and four people signed in. */
export function useRoomsWeb() {
  const web = useWeb({
    tables: [roomsTable, bookingsTable],
    pages: [enter, ...roomPages],
    loadSession: async (token) => {
      const found = people[token as Who];
      return found ? { actor: found, csrf: `csrf-of-${token}`, bound: true, menu: [], sessionId: token } : null;
    },
  });
  const as = {} as Record<Who, Client>;
  let roomId = 0;

  beforeAll(async () => {
    const now = new Date('2026-11-01T00:00:00Z');
    for (const { id, name } of Object.values(people))
      await web.prisma().person.create({
        data: { id: id ?? 0, name, username: randomUUID(), passwordHash: '-', createdAt: now, updatedAt: now },
      });
    for (const who of Object.keys(people) as Who[]) as[who] = await web.client(who);
    roomId = (await web.buildRoom('夏威夷', 8)).id;
  });
  beforeEach(async () => {
    await web.prisma().booking.deleteMany();
    await web.prisma().roomWaiter.deleteMany();
  });
  return { as, prisma: web.prisma, base: web.base, roomId: () => roomId };
}
