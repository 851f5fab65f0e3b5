import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { changeBookings } from '../../src/rooms/change-bookings.ts';
import { waitForSlots } from '../../src/rooms/wait-for-slots.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { type Node, refusalOf, type Somebody, TOMORROW, useRoomSchool } from './rooms-school.ts';

postgresOnly('many at once, on two nodes of one PostgreSQL', () => {
  const school = useRoomSchool();
  let other: Database;
  let nodes: Node[];
  let people: Somebody[];
  let admin: Somebody;

  beforeAll(async () => {
    other = await openDatabase({ databaseUrl: school.database().databaseUrl ?? '', log: quietLog });
    nodes = [school.openNode(), school.openNode(other)];
    people = await school.people(...Array.from({ length: 50 }, (_, n) => `同事${n}`));
    admin = await school.admin();
  });
  afterAll(() => other?.close());
  beforeEach(async () => {
    await school.begin();
    for (const { logged } of nodes) logged.length = 0;
  });

  const nodeOf = (n: number) => nodes[n % 2] as Node;
  const cells = (room: string, ...slots: number[]) => slots.map((slot) => ({ roomId: school.room(room), slot }));
  type Cells = ReturnType<typeof cells>;
  const submit = (who: Somebody, node: Node, change: { add?: Cells; cancel?: Cells }) =>
    who.does((scope) => changeBookings(scope, { date: TOMORROW, add: [], cancel: [], ...change }), node);
  /** What went wrong below: deadlocks, write conflicts, errors. */
  const troubles = () => nodes.flatMap(({ logged }) => logged);
  const person = (n: number) => people[n] as Somebody;

  it('fifty submit one slot: one has it, forty-nine are told who', async () => {
    const answers = await Promise.all(
      people.map((who, n) => refusalOf(submit(who, nodeOf(n), { add: cells('夏威夷', 3) }))),
    );
    const [held, ...more] = await school.held();
    expect(more).toEqual([]);
    const winner = held?.split(' ').at(-1);
    const lost = answers.filter(({ code }) => code !== 'none');
    expect(lost).toHaveLength(49);
    expect(new Set(lost.map(({ code, message }) => `${code} ${message}`))).toEqual(
      new Set([`slot_taken 夏威夷明天 10:00 已被${winner}（市场部）订了`]),
    );
    expect(troubles()).toEqual([]);
  });

  it('fifty say it in chat: one is told it is booked, the others who has it and where else', async () => {
    const answers = await Promise.all(people.map((who, n) => who.says('预定 夏威夷 明天 10-12', nodeOf(n))));
    const held = await school.held();
    expect(held).toHaveLength(2);
    const winner = held[0]?.split(' ').at(-1);
    expect(answers.filter((answer) => answer.startsWith('订好了：夏威夷'))).toHaveLength(1);
    expect(
      answers.filter((answer) =>
        answer.startsWith(`夏威夷明天 10:00–12:00 已被${winner}（市场部）订了。天上人间 10:00–12:00 空着`),
      ),
    ).toHaveLength(49);
    expect(troubles()).toEqual([]);
  });

  it('fifty submit overlapping ranges in two rooms: each has all of theirs or nothing, losers hear a name', async () => {
    const wanted = people.map((_, n) => {
      const from = ((n * 7) % 11) + 1;
      const slots = [from, from + 1, from + 2].slice(0, 2 + (n % 2));
      return n % 5 === 0
        ? [...cells('夏威夷', ...slots), ...cells('马尔代夫', from)]
        : cells(n % 2 ? '夏威夷' : '马尔代夫', ...slots);
    });
    const answers = await Promise.all(
      // The order within a submit is the sender's own.
      people.map((who, n) => refusalOf(submit(who, nodeOf(n), { add: n % 3 ? wanted[n] : wanted[n]?.toReversed() }))),
    );
    const rows = await school.prisma().booking.findMany();
    const holderOf = (cell: Cells[number]) =>
      rows.find(({ roomId, slot }) => roomId === cell.roomId && slot === cell.slot)?.personId;
    for (const [n, { code, message }] of answers.entries()) {
      const mine = rows.filter(({ personId }) => personId === person(n).id);
      expect(['none', 'slot_taken']).toContain(code);
      expect(mine).toHaveLength(code === 'none' ? (wanted[n]?.length ?? 0) : 0);
      if (code === 'none') continue;
      const holders = (wanted[n] ?? []).map(holderOf).filter((id) => id !== undefined);
      expect(holders.length).toBeGreaterThan(0);
      const names = holders.map((id) => people.find((somebody) => somebody.id === id)?.name ?? '');
      expect(names.some((name) => message.includes(`已被${name}（`))).toBe(true);
    }
    expect(answers.some(({ code }) => code === 'none')).toBe(true);
    expect(troubles()).toEqual([]);
  });

  it('while people wait, a slot given up again and again goes down their list, whoever else tries for it', async () => {
    const queue = people.slice(1, 7);
    await school.hold(person(0), '夏威夷', TOMORROW, 3);
    for (const who of queue)
      await who.does((scope) => waitForSlots(scope, { date: TOMORROW, cells: cells('夏威夷', 3) }));
    const holders: string[] = [];
    for (const [n, who] of [person(0), ...queue.slice(0, -1)].entries()) {
      const cancel =
        n % 2
          ? submit(admin, nodeOf(n), { cancel: cells('夏威夷', 3) })
          : submit(who, nodeOf(n), { cancel: cells('夏威夷', 3) });
      const tries = people
        .slice(10, 20)
        .map((late, m) => refusalOf(submit(late, nodeOf(m), { add: cells('夏威夷', 3, 4) })));
      await cancel;
      expect(new Set((await Promise.all(tries)).map(({ code }) => code))).toEqual(new Set(['slot_taken']));
      holders.push((await school.held()).map((line) => line.split(' ').at(-1)).join());
    }
    expect(holders).toEqual(queue.map(({ name }) => name));
    expect(await school.waiting()).toEqual([]);
    expect(troubles()).toEqual([]);
  });

  it('somebody who begins to wait in the moment of a cancel gets the slot, never an unheard wait', async () => {
    for (let slot = 1; slot <= 13; slot += 1) {
      await school.hold(person(0), '夏威夷', TOMORROW, slot);
      await Promise.all([
        person(1).does((scope) => waitForSlots(scope, { date: TOMORROW, cells: cells('夏威夷', slot) }), nodeOf(slot)),
        submit(person(0), nodeOf(slot + 1), { cancel: cells('夏威夷', slot) }),
      ]);
    }
    const held = await school.held();
    expect(held).toHaveLength(13);
    expect(held.every((line) => line.endsWith(person(1).name))).toBe(true);
    expect(await school.waiting()).toEqual([]);
  });

  it('people who swap slots across rooms, against each other, lock nobody out', async () => {
    const rooms = ['天上人间', '夏威夷', '马尔代夫'] as const;
    for (let n = 0; n < 24; n += 1) await school.hold(person(n), rooms[n % 3] ?? '', TOMORROW, Math.floor(n / 3) + 1);
    const own = (n: number) => cells(rooms[n % 3] ?? '', Math.floor(n / 3) + 1);
    const answers = await Promise.all(
      people.slice(0, 24).map((who, n) => {
        const swap = { add: own((n + 5) % 24), cancel: own(n) };
        return refusalOf(
          submit(who, nodeOf(n), n % 4 ? swap : { ...swap, add: [...swap.add, ...cells('夏威夷', 13)] }),
        );
      }),
    );
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['slot_taken']));
    expect(await school.held()).toHaveLength(24);
    expect(troubles()).toEqual([]);
  });
});
