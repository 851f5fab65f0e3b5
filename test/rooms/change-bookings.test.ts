import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { changeBookings } from '../../src/rooms/change-bookings.ts';
import { deleteRoom, editRoom } from '../../src/rooms/edit-rooms.ts';
import { remindBookings } from '../../src/rooms/jobs.ts';
import { readGrid } from '../../src/rooms/queries.ts';
import { waitForSlots } from '../../src/rooms/wait-for-slots.ts';
import { refusalOf, type Somebody, TODAY, TOMORROW, useRoomSchool } from './rooms-school.ts';

const school = useRoomSchool();
let li: Somebody;
let wang: Somebody;
let zhao: Somebody;
let admin: Somebody;

beforeAll(async () => {
  [li, wang, zhao] = (await school.people('李娜', '王强', '赵敏')) as [Somebody, Somebody, Somebody];
  admin = await school.admin();
});
beforeEach(() => school.begin());

const cells = (room: string, ...slots: number[]) => slots.map((slot) => ({ roomId: school.room(room), slot }));
const submit = (
  who: Somebody,
  change: { date?: string; add?: ReturnType<typeof cells>; cancel?: ReturnType<typeof cells> },
) => who.does((scope) => changeBookings(scope, { date: TOMORROW, add: [], cancel: [], ...change }));
const wait = (who: Somebody, ...of: ReturnType<typeof cells>) =>
  who.does((scope) => waitForSlots(scope, { date: TOMORROW, cells: of }));

describe('one submit', () => {
  it('books in several rooms and gives up others at once', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 1);
    await submit(li, { add: [...cells('夏威夷', 4, 3), ...cells('天上人间', 5)], cancel: cells('夏威夷', 1) });
    expect(await school.held()).toEqual([
      '天上人间 2026-11-22 12 李娜',
      '夏威夷 2026-11-22 10 李娜',
      '夏威夷 2026-11-22 11 李娜',
    ]);
  });

  it('of which one slot is taken changes nothing at all and names slot and holder', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 1);
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    const refused = await refusalOf(submit(li, { add: cells('夏威夷', 3, 4, 5), cancel: cells('夏威夷', 1) }));
    expect(refused).toEqual({
      code: 'slot_taken',
      message: '夏威夷明天 11:00 已被王强（市场部）订了。这次什么都没有改',
    });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 8 李娜', '夏威夷 2026-11-22 11 王强']);
  });

  it('of somebody else’s booking, of nobody’s and of an unknown room is refused by name', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    expect(await refusalOf(submit(li, { cancel: cells('夏威夷', 4) }))).toEqual({
      code: 'not_yours',
      message: '夏威夷 11:00 是王强订的，只能取消自己的',
    });
    expect(await refusalOf(submit(li, { cancel: cells('夏威夷', 5) }))).toEqual({
      code: 'not_booked',
      message: '夏威夷 12:00 没有人订，不用取消',
    });
    expect(await refusalOf(submit(li, { add: [{ roomId: 999_999, slot: 1 }] }))).toMatchObject({
      code: 'no_such_room',
      message: expect.stringContaining('999999'),
    });
  });

  it('at 9:59:59 may still book and give up 10:00, at 10:00:00 no more', async () => {
    await school.hold(li, '马尔代夫', TODAY, 3);
    school.moveTo(TODAY, '10:00:00');
    const add = cells('夏威夷', 3);
    const cancel = cells('马尔代夫', 3);
    expect(await refusalOf(submit(li, { date: TODAY, add }))).toEqual({
      code: 'slot_begun',
      message: '今天 10:00 已经开始，订后面的时段吧',
    });
    expect(await refusalOf(submit(li, { date: TODAY, cancel }))).toEqual({
      code: 'slot_begun',
      message: '今天 10:00 已经开始，不能再取消了',
    });
    school.moveTo(TODAY, '09:59:59');
    await submit(li, { date: TODAY, add, cancel });
    expect(await school.held()).toEqual(['夏威夷 2026-11-21 10 李娜']);
  });

  it('for yesterday is refused as past', async () => {
    await school.hold(li, '夏威夷', '2026-11-20', 3);
    expect(await refusalOf(submit(li, { date: '2026-11-20', add: cells('夏威夷', 4) }))).toMatchObject({
      message: '昨天已经过去了，只能订今天和以后的',
    });
    expect(await refusalOf(submit(admin, { date: '2026-11-20', cancel: cells('夏威夷', 3) }))).toMatchObject({
      message: '昨天的预定已经过去，不能再取消了',
    });
  });
});

describe('an administrator’s cancel', () => {
  it('takes anybody’s booking away and tells the owner once, with who did it', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3, 4);
    await submit(admin, { cancel: cells('夏威夷', 3, 4) });
    expect(await school.held()).toEqual([]);
    expect(await school.notices('bookingCancelled')).toEqual([
      { to: li.id, data: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–12:00', by: '林峰' } },
    ]);
  });

  it('passes the slot to who waits; the owner and the next are both told', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await submit(admin, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 王强']);
    expect(await school.notices('bookingMade')).toEqual([
      { to: wang.id, data: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–11:00' } },
    ]);
  });

  it('of one’s own booking tells nobody', async () => {
    await school.hold(admin, '夏威夷', TOMORROW, 3);
    await submit(admin, { cancel: cells('夏威夷', 3) });
    expect(await school.notices('bookingCancelled')).toEqual([]);
  });
});

describe('the waiting list', () => {
  it('goes by who came first, one for each time the slot is freed', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await wait(zhao, ...cells('夏威夷', 3));
    await submit(li, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 王强']);
    expect(await school.waiting()).toEqual(['10 赵敏']);
    await submit(wang, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 赵敏']);
    expect(await school.waiting()).toEqual([]);
  });

  it('passes over people who have left; back at the school they are first again', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await wait(zhao, ...cells('夏威夷', 3));
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: false } });
    await submit(li, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 赵敏']);
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: true } });
    await submit(zhao, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 王强']);
  });

  it('a freed slot nobody active waits for is free', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: false } });
    await submit(li, { cancel: cells('夏威夷', 3) });
    await school.prisma().person.update({ where: { id: wang.id }, data: { active: true } });
    const { rooms } = await zhao.does((scope) => readGrid(scope, TOMORROW));
    expect(rooms[1]?.slots[2]).toMatchObject({ state: 'free' });
  });
});

describe('a room made inactive', () => {
  const close = (active: boolean) => admin.does((scope) => editRoom(scope, school.room('夏威夷'), { active }));

  it('takes no bookings and no waits; what is booked stays, can be seen and given up', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await close(false);
    expect(await refusalOf(submit(wang, { add: cells('夏威夷', 5) }))).toEqual({
      code: 'room_closed',
      message: '夏威夷停用了，换一间吧',
    });
    expect((await refusalOf(wait(wang, ...cells('夏威夷', 3)))).code).toBe('room_closed');
    const { rooms } = await li.does((scope) => readGrid(scope, TOMORROW));
    expect(rooms.map(({ name, active, slots }) => [name, active, slots[2]?.state, slots[4]?.state])).toEqual([
      ['天上人间', true, 'free', 'free'],
      ['夏威夷', false, 'mine', 'closed'],
      ['马尔代夫', true, 'free', 'free'],
    ]);
    await submit(li, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual([]);
  });

  it('gives what was freed meanwhile to who waits once it is opened again', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await close(false);
    await submit(li, { cancel: cells('夏威夷', 3) });
    expect(await school.held()).toEqual([]);
    await close(true);
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 王强']);
    expect(await school.notices('bookingMade')).toHaveLength(1);
  });

  it('tells who had booked it, once each, and nobody when it was closed already', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3, 4);
    await school.hold(li, '夏威夷', '2026-11-24', 3);
    await school.hold(wang, '夏威夷', TODAY, 1);
    await close(false);
    await close(false);
    expect(await school.notices('bookingCancelled')).toEqual([
      {
        to: li.id,
        data: { room: '夏威夷', day: '明天 11-22 周日 等 2 天', time: '10:00–12:00', by: admin.name, closed: true },
      },
    ]);
    expect(await school.held()).toHaveLength(4);
  });

  it('with bookings cannot be deleted', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    const remove = () => admin.does((scope) => deleteRoom(scope, school.room('夏威夷')));
    expect((await refusalOf(remove())).code).toBe('room_in_use');
    await school.prisma().booking.deleteMany();
    await remove();
    expect(await school.prisma().room.count()).toBe(2);
  });
});

describe('the reminder', () => {
  const remindAt = async (day: string, at: string) => {
    school.moveTo(day, at);
    const node = school.openNode();
    const dueAt = school.clock.now();
    await node.inTransaction(systemActor, 'job', (scope) => remindBookings.run(scope, { dueAt, limit: 1000 }));
  };

  it('goes fifteen minutes before to whoever begins then, once for neighbouring hours, however often it runs', async () => {
    await school.hold(li, '夏威夷', TODAY, 3, 4, 6);
    await school.hold(wang, '马尔代夫', TODAY, 4);
    await remindAt(TODAY, '09:45:00');
    await remindAt(TODAY, '09:46:00');
    await remindAt(TODAY, '10:45:00');
    expect(await school.notices('bookingSoon')).toEqual([
      { to: li.id, data: { room: '夏威夷', day: '今天', time: '10:00–12:00' } },
      { to: wang.id, data: { room: '马尔代夫', day: '今天', time: '11:00–12:00' } },
    ]);
  });

  it('reminds of the first hour and the last', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 1, 13);
    await remindAt(TOMORROW, '07:45:00');
    await remindAt(TOMORROW, '19:45:00');
    expect((await school.notices('bookingSoon')).map(({ data }) => (data as { time: string }).time)).toEqual([
      '08:00–09:00',
      '20:00–21:00',
    ]);
  });

  it('forgets the waits of days gone by', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 3);
    await wait(wang, ...cells('夏威夷', 3));
    await remindAt(TOMORROW, '19:45:00');
    expect(await school.waiting()).toEqual(['10 王强']);
    await remindAt('2026-11-23', '07:45:00');
    expect(await school.waiting()).toEqual([]);
  });
});
