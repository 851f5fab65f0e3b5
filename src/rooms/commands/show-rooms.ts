import { z } from 'zod';
import { takeDay } from '../../chat/dates.ts';
import { defineCommand } from '../../chat/define-command.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { invalidFields } from '../../kernel/refusal.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { spaced } from '../../kernel/spaced.ts';
import { dayOf, nearDay } from '../phrases.ts';
import { type Grid, type GridCell, readGrid } from '../queries.ts';
import { Day, runsOf, saySlots, typeHours } from '../schema.ts';

const MOST_ROOMS = 5;

/** 会议室 [日期] */
export const showRooms = defineCommand({
  id: 'rooms.show',
  words: ['会议室', 'rooms'],
  usage: '会议室 [日期]',
  does: '看哪些会议室空着',
  permission: 'rooms.list',
  menu: { group: '会议室', name: '今天的会议室' },
  input: z.object({ date: Day }),
  read: ({ rest }, { scope }) => {
    const day = rest === '' ? { day: scope.today, rest: '' } : takeDay(rest, scope.today, { want: 'near' });
    if (!day) throw invalidFields({ date: `没看懂日期「${rest}」，写成「会议室 明天」这样` });
    return { date: day.day };
  },
  run: (scope: Scope, { date }) => readGrid(scope, date),
  reply: sayGrid,
});

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
