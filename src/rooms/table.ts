import type { z } from 'zod';
import { may, rowScope } from '../access/access.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import { defineTable, type Table, type TableAction } from '../web/define-table.ts';
import { changeBookings } from './change-bookings.ts';
import { addRoom, deleteRoom, editRoom } from './edit-rooms.ts';
import { endSeries } from './end-series.ts';
import { BookOne, hourOf, RoomChange, RoomInput, SLOTS, sayHour } from './schema.ts';

const SLOT_TITLES = Object.fromEntries(SLOTS.map((slot) => [String(slot), sayHour(hourOf(slot))]));

/** 会议室 */
export const roomsTable: Table = defineTable({
  id: 'rooms',
  title: '会议室',
  unit: '间',
  model: 'room',
  fields: [
    { name: 'name', title: '名字', kind: 'text', inForm: true, sort: true },
    { name: 'seats', title: '座位', kind: 'number', inForm: true, sort: true },
    { name: 'active', title: '可预定', kind: 'flag', inForm: true, filter: true },
  ],
  visible: () => ({}),
  search: (q) => ({ name: { contains: q, mode: 'insensitive' } }),
  defaultSort: 'id',
  present: ({ id, name, seats, active }) => ({ id, name, seats, active }),
  nameOf: ({ name }) => String(name),
  card: ({ seats, active }) => [`${seats} 座`, active ? '可预定' : '停用'],
  add: { title: '加一间会议室', button: '加上', input: RoomInput, run: (scope, input) => addRoom(scope, input) },
  edit: { input: RoomChange, run: (scope, id, input) => editRoom(scope, id, input) },
  remove: { run: (scope, id) => deleteRoom(scope, id) },
  links: [{ title: '按天预定', href: '/rooms/grid', permission: 'rooms.book', primary: true }],
  empty: '还没有会议室，先加一间',
});

type BookingRow = {
  id: number;
  date: Date;
  slot: number;
  series: string | null;
  room: { id: number; name: string };
  person: { id: number; name: string };
};

/** 退订 of a weekly series from the chosen booking's day on; several bookings of one series are one. */
const endSeriesAction: TableAction = {
  name: 'end-series',
  title: '从这天起不再连订',
  permission: 'bookings.delete',
  danger: true,
  offered: ({ weekly, person }, { actor }) =>
    weekly === true && ((person as { id: number }).id === actor.id || may(actor, 'rooms.cancelAny')),
  together: async (tx, ids) => {
    const rows = await tx.booking.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, series: true },
      orderBy: [{ date: 'asc' }, { slot: 'asc' }],
    });
    const lots = new Map<string, number[]>();
    for (const { id, series } of rows) {
      const key = series ?? `alone ${id}`;
      lots.set(key, [...(lots.get(key) ?? []), id]);
    }
    return [...lots.values()];
  },
  runTogether: async (scope, [first = 0]) => {
    const { room, days } = await endSeries(scope, first);
    return { message: `退订了 ${days.length} 周：${room} · ${days[0]} 起` };
  },
  sum: (done) => ({ message: done.map(({ message }) => message).join('；') }),
};

/** 预定: everybody's for those with a wider scope, else one's own. */
export const bookingsTable: Table = defineTable({
  id: 'bookings',
  title: '预定',
  unit: '条',
  model: 'booking',
  include: { room: { select: { id: true, name: true } }, person: { select: { id: true, name: true } } },
  fields: [
    { name: 'date', title: '日期', kind: 'day', sort: true, filter: true, inForm: true },
    {
      name: 'slot',
      title: '时段',
      kind: 'choice',
      choices: SLOT_TITLES,
      inForm: true,
      filter: (values) => ({ slot: { in: values.map(Number) } }),
    },
    {
      name: 'room',
      title: '会议室',
      kind: 'relation',
      filter: true,
      inForm: true,
      options: (tx, _, q) =>
        tx.room.findMany({ where: { active: true, name: { contains: q ?? '' } }, select: { id: true, name: true } }),
    },
    { name: 'person', title: '谁订的', kind: 'relation' },
    {
      name: 'weekly',
      title: '每周',
      kind: 'flag',
      filter: (values) => ({ series: values.includes('true') ? { not: null } : null }),
    },
  ],
  visible: ({ actor }) => (rowScope(actor, 'bookings.list') === 'own' ? { personId: actor.id ?? 0 } : {}),
  search: (q) => ({ OR: [{ room: { name: { contains: q } } }, { person: { name: { contains: q } } }] }),
  defaultSort: '-date',
  present: (row) => {
    const { id, date, slot, room, person, series } = row as unknown as BookingRow;
    return { id, date: dayFromDb(date), slot, room, person, weekly: series !== null };
  },
  nameOf: ({ room, date }) => `${(room as { name: string }).name} ${String(date)}`,
  card: ({ slot, person, weekly }) => [
    `${sayHour(hourOf(Number(slot)))}${weekly ? ' · 每周' : ''}`,
    (person as { name: string }).name,
  ],
  actions: [endSeriesAction],
  add: {
    title: '订会议室',
    button: '预定',
    input: BookOne,
    run: async (scope, { date, roomId, slot }: z.output<typeof BookOne>) => {
      const { added } = await changeBookings(scope, { date, add: [{ roomId, slot }], cancel: [] });
      return { id: added[0]?.id ?? 0 };
    },
  },
  remove: {
    run: async (scope, id) => {
      const row = await scope.tx.booking.findUnique({ where: { id } });
      if (!row) throw refuseAnybody.not_found({ what: '个预定' });
      await changeBookings(scope, {
        date: dayFromDb(row.date),
        add: [],
        cancel: [{ roomId: row.roomId, slot: row.slot }],
      });
    },
  },
  links: [{ title: '按天看', href: '/rooms/grid', permission: 'rooms.book' }],
  empty: '还没有预定，到「按天看」里选一个时段',
});
