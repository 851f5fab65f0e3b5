import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../web/web-school.ts';
import { useRoomsWeb } from './rooms-web.ts';

const TOMORROW = '2026-11-22';
const web = useRoomsWeb();
const { as } = web;
let roomId = 0;
beforeAll(() => {
  roomId = web.roomId();
});

const slots = (body: { rooms: { id: number; slots: { state: string; holder?: { name: string } }[] }[] }) =>
  body.rooms.find(({ id }) => id === roomId)?.slots ?? [];

describe('POST /rooms/grid', () => {
  it('adds and cancels in one submit and answers the day’s grid as its reader sees it', async () => {
    await as.li.json('POST', '/rooms/grid', { date: TOMORROW, add: [{ roomId, slot: 1 }] });
    const answer = await as.li.json('POST', '/rooms/grid', {
      date: TOMORROW,
      add: [
        { roomId, slot: 3 },
        { roomId, slot: 4 },
      ],
      cancel: [{ roomId, slot: 1 }],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ date: TOMORROW, today: '2026-11-21' });
    expect(slots(answer.body).map(({ state }) => state)).toEqual([
      ...['free', 'free', 'mine', 'mine', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free'],
    ]);
    const seen = await as.wang.json('GET', `/rooms/grid?date=${TOMORROW}`);
    expect(slots(seen.body)[2]).toMatchObject({ state: 'taken', holder: { id: 1, name: '李娜' } });
  });

  it('answers 409 slot_taken with slot and holder to who comes too late, and changes nothing', async () => {
    await as.li.json('POST', '/rooms/grid', { date: TOMORROW, add: [{ roomId, slot: 4 }] });
    const late = await as.wang.json('POST', '/rooms/grid', {
      date: TOMORROW,
      add: [3, 4, 5].map((slot) => ({ roomId, slot })),
    });
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: 'slot_taken', message: '夏威夷明天 11:00 已被李娜订了。这次什么都没有改' } },
    });
    expect(await web.prisma().booking.count()).toBe(1);
  });

  it.each([
    ['slot 0', { add: [{ slot: 0 }] }, 422, '没有时段 0，'],
    ['slot 14', { add: [{ slot: 14 }] }, 422, '没有时段 14，'],
    ['an unknown room', { add: [{ slot: 3, roomId: 999_999 }] }, 404, '没有编号 999999 的会议室'],
    ['a past day', { date: '2026-11-20', add: [{ slot: 3 }] }, 409, '昨天已经过去了'],
    ['a slot begun today', { date: '2026-11-21', add: [{ slot: 7 }] }, 409, '今天 14:00 已经开始'],
    ['no day', { date: '2026-02-30', add: [{ slot: 3 }] }, 422, '日期写成'],
    ['nothing', {}, 422, '没有选任何时段'],
    ['the same slot twice over', { add: [{ slot: 3 }], cancel: [{ slot: 3 }] }, 422, '不能又订又取消'],
    ['nobody’s booking', { cancel: [{ slot: 3 }] }, 409, '夏威夷 10:00 没有人订'],
  ])('refuses %s by name', async (_, change, status, message) => {
    const fill = (cells: { slot: number; roomId?: number }[] = []) => cells.map((cell) => ({ roomId, ...cell }));
    const { date = TOMORROW, add, cancel } = change as { date?: string; add?: []; cancel?: [] };
    const answer = await as.li.json('POST', '/rooms/grid', { date, add: fill(add), cancel: fill(cancel) });
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringContaining(message) } } });
  });

  it('is for those who may book rooms, and shows what has begun as past', async () => {
    expect((await as.student.json('POST', '/rooms/grid', { date: TOMORROW, add: [] })).status).toBe(403);
    const today = await as.li.json('GET', '/rooms/grid');
    expect(slots(today.body).map(({ state }) => state)).toEqual([
      ...['past', 'past', 'past', 'past', 'past', 'past', 'past', 'free', 'free', 'free', 'free', 'free', 'free'],
    ]);
    expect((await as.li.json('GET', '/rooms/grid?date=tomorrow')).status).toBe(400);
  });
});

describe('POST /rooms/waits', () => {
  it('waits for a taken slot and stops waiting; the grid shows both', async () => {
    await as.li.json('POST', '/rooms/grid', { date: TOMORROW, add: [{ roomId, slot: 3 }] });
    const cells = [{ roomId, slot: 3 }];
    const waiting = await as.wang.json('POST', '/rooms/waits', { date: TOMORROW, cells });
    expect(slots(waiting.body)[2]).toMatchObject({ state: 'taken', waiting: 1, iWait: true });
    const stopped = await as.wang.json('POST', '/rooms/waits', { date: TOMORROW, cells, stop: true });
    expect(slots(stopped.body)[2]).toMatchObject({ state: 'taken', waiting: 0, iWait: false });
    expect((await as.wang.json('POST', '/rooms/waits', { date: TOMORROW, cells: [] })).status).toBe(422);
  });
});

describe('每周连订', () => {
  async function weekly(personId: number, days: readonly string[]) {
    const series = randomUUID();
    const made = [];
    for (const day of days)
      made.push(
        await web.prisma().booking.create({
          data: { roomId, personId, date: new Date(day), slot: 3, series, createdAt: new Date('2026-11-01T00:00:00Z') },
        }),
      );
    return made.map(({ id }) => id);
  }
  const WEEKS = ['2026-11-22', '2026-11-29', '2026-12-06', '2026-12-13'];
  const left = async () => (await web.prisma().booking.findMany({ orderBy: { date: 'asc' } })).map(({ id }) => id);
  const end = (who: Client, ids: readonly unknown[]) => who.json('POST', '/bookings/actions/end-series', { ids });

  it('is ended from a day on in the table, the weeks before stay', async () => {
    const ids = await weekly(1, WEEKS);
    const { body } = await as.li.json('GET', '/bookings?weekly=true&sort=date');
    expect(body.rows.map(({ weekly }: { weekly: boolean }) => weekly)).toEqual([true, true, true, true]);
    const ended = await end(as.li, [ids[2], ids[1]]);
    expect(ended).toMatchObject({
      status: 200,
      body: {
        message: '退订了 3 周：夏威夷 · 2026-11-29 起',
        results: [
          { id: ids[2], ok: true },
          { id: ids[1], ok: true },
        ],
      },
    });
    expect(await left()).toEqual(ids.slice(0, 1));
  });

  it('of somebody else stays; one that is no series says so; an administrator ends any', async () => {
    const ids = await weekly(1, WEEKS);
    expect((await end(as.wang, [ids[0]])).status).toBe(404);
    const single = await as.li.json('POST', '/bookings', { date: TOMORROW, roomId, slot: 9 });
    expect((await end(as.li, [single.body.row.id])).body.error.code).toBe('no_series');
    expect(await left()).toHaveLength(5);
    expect((await end(as.admin, [ids[3]])).body.message).toBe('退订了 1 周：夏威夷 · 2026-12-13 起');
    const page = await as.li.fetch(`/bookings/${ids[0]}`, { headers: { Accept: 'text/html' } });
    expect(await page.text()).toContain('从这天起不再连订');
  });
});

describe('/bookings', () => {
  const add = (who: Client, slot: number | string) => who.json('POST', '/bookings', { date: TOMORROW, roomId, slot });

  it('adds one with 201 and the row, by number or by hour; a taken one is 409', async () => {
    const made = await add(as.li, 3);
    expect(made).toMatchObject({
      status: 201,
      body: { row: { date: TOMORROW, slot: 3, room: { id: roomId, name: '夏威夷' }, person: { id: 1, name: '李娜' } } },
    });
    expect((await add(as.li, '11:00')).body.row.slot).toBe(4);
    expect(await add(as.wang, 3)).toMatchObject({ status: 409, body: { error: { code: 'slot_taken' } } });
    expect(await add(as.wang, 14)).toMatchObject({
      status: 422,
      body: { error: { fields: { slot: expect.stringContaining('14') } } },
    });
  });

  it('deletes one’s own; somebody else’s is not there for colleagues, and is for administrators', async () => {
    const { id } = (await add(as.li, 3)).body.row;
    const other = (await add(as.li, 4)).body.row;
    expect((await as.wang.json('DELETE', `/bookings/${id}`)).status).toBe(404);
    expect((await as.li.json('DELETE', `/bookings/${id}`)).status).toBe(200);
    expect((await as.admin.json('DELETE', `/bookings/${other.id}`)).status).toBe(200);
    expect(await web.prisma().booking.count()).toBe(0);
    expect((await as.admin.json('DELETE', `/bookings/${other.id}`)).status).toBe(404);
  });

  it('lists one’s own to staff and all to administrators, filtered by room, day and slot', async () => {
    await add(as.li, 3);
    await add(as.wang, 4);
    const rows = async (who: Client, query = '') => (await who.json('GET', `/bookings${query}`)).body.rows.length;
    expect([await rows(as.li), await rows(as.wang), await rows(as.admin)]).toEqual([1, 1, 2]);
    expect(await rows(as.admin, `?roomId=${roomId}&date=${TOMORROW}&slot=4`)).toBe(1);
    expect(await rows(as.admin, '?date=2026-11-23')).toBe(0);
  });
});

describe('/rooms', () => {
  it('changing a closed room’s seats leaves it closed', async () => {
    const { row } = (await as.admin.json('POST', '/rooms', { name: '旧楼', seats: 4, active: false })).body;
    expect((await as.admin.json('PATCH', `/rooms/${row.id}`, { seats: 5 })).body.row).toMatchObject({
      seats: 5,
      active: false,
    });
    expect((await as.admin.json('POST', '/rooms', { name: '旧楼', seats: 4 })).status).toBe(409);
    expect((await as.li.json('POST', '/rooms', { name: '小间', seats: 4 })).status).toBe(403);
    expect((await as.admin.json('DELETE', `/rooms/${row.id}`)).status).toBe(200);
  });
});
