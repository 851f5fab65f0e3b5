import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { hoursOf } from '../../chat/times.ts';
import { invalidFields } from '../../kernel/refusal.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { spaced } from '../../kernel/spaced.ts';
import { dayOf, nearDay } from '../phrases.ts';
import { type Grid, type GridCell, readGrid, readRooms } from '../queries.ts';
import { readBookingWords, slotsOf } from '../read-booking.ts';
import { Day, hourOf, runsOf, sayHour, saySlots, slotsBetween, typeHours } from '../schema.ts';
import { roomMeant } from './read-asked.ts';

const MOST_ROOMS = 5;
const Hours = z.object({ from: z.number(), to: z.number() });

/** 会议室 [日期], 会议室 明天 10-12, 会议室 夏威夷 明天 */
export const showRooms = defineCommand({
  id: 'rooms.show',
  words: ['会议室', 'rooms'],
  usage: '会议室 [日期]',
  does: '看哪些会议室空着',
  permission: 'rooms.list',
  takes: 'all',
  menu: { group: '会议室', name: '今天的会议室' },
  input: z.object({ date: Day, roomId: z.number().nullable(), hours: Hours.nullable() }),
  read: async ({ rest }, { scope }) => {
    const rooms = await readRooms(scope.tx);
    const said = readBookingWords(rest, scope.today, rooms, { days: true });
    const { room, unknown } = said.rooms.length + said.unknown.length > 0 ? roomMeant(said, rooms) : NO_ROOM;
    const ask = (why: string) => invalidFields({ date: `${why}，写成「会议室 明天」或「会议室 明天 10-12」这样` });
    if (said.unclear) throw ask(said.unclear.why.replace(/[。？]$/, ''));
    const leftOver = [...unknown, ...said.numbers.map(String)].join(' ');
    if (leftOver !== '') throw ask(`没看懂「${leftOver}」`);
    if (said.rooms.length > 1) throw ask('一次看一间或者全部');
    if (said.weekly || said.weeks > 1) throw ask('一次看一天的');
    const part = said.part === null ? null : hoursOf(said.part);
    return { date: said.day ?? scope.today, roomId: room?.id ?? null, hours: said.hours ?? part };
  },
  run: async (scope: Scope, { date, roomId, hours }) => {
    if (hours) slotsOf(hours);
    const grid = await readGrid(scope, date);
    return { ...grid, rooms: grid.rooms.filter(({ id }) => roomId === null || id === roomId), hours };
  },
  reply: ({ hours, ...grid }) => (hours ? sayFreeAt(grid, hours) : sayGrid(grid)),
});

const NO_ROOM = { room: null, unknown: [] };

/** Which rooms are free for all of some hours, and who has the others. */
function sayFreeAt({ date, today, rooms: all }: Grid, hours: z.output<typeof Hours>): Reply {
  const { from, to } = slotsOf(hours);
  const rooms = all.filter(({ active }) => active);
  const within = (cells: readonly GridCell[]) => cells.filter(({ slot }) => slot >= from && slot <= to);
  const when = `${spaced(sayDay(date, today))}${/\d$/.test(sayDay(date, today)) ? '' : ' '}${saySlots(slotsBetween(from, to))}`;
  const free = rooms.filter(({ slots }) => within(slots).every(({ state }) => state === 'free'));
  const lines = rooms.slice(0, MOST_ROOMS).map(({ name, seats, slots }) => {
    if (free.some((one) => one.name === name)) return `${name}（${seats} 座）空着`;
    const [taken] = within(slots).filter(({ state }) => state !== 'free');
    return `${name} ${sayHour(hourOf(taken?.slot ?? from))} ${sayState(taken)}`;
  });
  const [first] = free;
  const day = nearDay(date, today);
  return reply(
    `${when}：`,
    ...lines,
    rooms.length > MOST_ROOMS && `还有 ${rooms.length - MOST_ROOMS} 间，在网页上看`,
    first ? `回复「预定 ${first.name} ${day} ${typeHours(from, to)}」就订好` : '这个时段没有整段空着的',
  );
}

function sayState(cell: GridCell | undefined): string {
  if (cell?.state === 'mine') return '你订了';
  if (cell?.state === 'past') return '已经开始了';
  return `${cell?.holder?.name ?? '别人'}订了`;
}

const slotsIn = (cells: readonly GridCell[], state: GridCell['state']) =>
  cells.filter((cell) => cell.state === state).map(({ slot }) => slot);

function sayGrid({ date, today, rooms: all }: Grid): Reply {
  const rooms = all.filter(({ active }) => active);
  if (rooms.length === 0) return reply('还没有会议室，请管理员先加上');
  if (rooms.every(({ slots }) => slots.every(({ state }) => state === 'past')))
    return date === today
      ? reply('今天没有能订的时段了，回复「会议室 明天」看明天的')
      : reply(`${spaced(sayDay(date, today))}已经过去了，回复「会议室」看今天的`);
  const lines = rooms.slice(0, MOST_ROOMS).map(({ name, seats, slots }) => {
    const free = slotsIn(slots, 'free');
    const mine = slotsIn(slots, 'mine');
    return `${name}（${seats} 座）${free.length > 0 ? `空 ${saySlots(free)}` : '订满了'}${mine.length > 0 ? ` · 我订了 ${saySlots(mine)}` : ''}`;
  });
  return reply(
    `${dayOf(date, today)}会议室：`,
    ...lines,
    rooms.length > MOST_ROOMS && `还有 ${rooms.length - MOST_ROOMS} 间，在网页上看`,
    sayNext({ date, today, rooms }),
  );
}

/** What one can do next: book the first free hours there are, or wait. */
function sayNext({ date, today, rooms }: Grid): string {
  const day = nearDay(date, today);
  for (const { name, slots } of rooms) {
    const [run] = runsOf(slotsIn(slots, 'free'));
    if (run) return `回复「预定 ${name} ${day} ${typeHours(run[0], Math.min(run[1], run[0] + 1))}」就订好`;
  }
  for (const { name, slots } of rooms) {
    const [slot] = slotsIn(slots, 'taken');
    if (slot) return `都订满了，回复「候补 ${name} ${day} ${typeHours(slot, slot)}」排队`;
  }
  return '回复「我的预定」看我订的';
}
