import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { sayDay, weekdayOf } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type MyRange, readMyBookings, readMyWaits } from '../queries.ts';
import { asNumber } from '../range-number.ts';
import { saySlots } from '../schema.ts';

const PAGE = 6;

type Page = { bookings: number; waits: number; page: number; ranges: MyRange[] };

/** 我的预定: what is booked and what is waited for, numbered together */
export const listMine = defineCommand({
  id: 'rooms.mine',
  words: ['我的预定', '我的预订', 'bookings'],
  usage: '我的预定',
  does: '看我订的会议室和候补',
  permission: 'rooms.book',
  menu: { group: '会议室', name: '我的预定' },
  makes: ['bookings'],
  input: z.object({ page: z.number().int().min(1).default(1) }),
  read: () => ({}),
  run: async (scope: Scope, { page }): Promise<Page> => {
    const [bookings, waits] = [await readMyBookings(scope), await readMyWaits(scope)];
    const ranges = [...bookings, ...waits].slice((page - 1) * PAGE, page * PAGE);
    return { bookings: bookings.length, waits: waits.length, page, ranges };
  },
  reply: (output, { scope }) => sayMine(scope, output),
  keeps: ({ ranges }) => ({ kind: 'bookings', items: ranges.map(numberOf) }),
});

/** Waits are kept as negative numbers. */
export function numberOf({ date, roomId, slots, ahead }: Pick<MyRange, 'date' | 'roomId' | 'slots' | 'ahead'>): number {
  const number = asNumber({ date, roomId, from: slots[0] ?? 1, to: slots.at(-1) ?? 1 });
  return ahead === null ? number : -number;
}

function sayMine(scope: Scope, { bookings, waits, page, ranges }: Page): Reply {
  const all = bookings + waits;
  if (all === 0) return reply('你还没有订会议室', '回复「会议室」看看哪些空着');
  const counts = [bookings > 0 && `订了 ${bookings} 个时段`, waits > 0 && `候补 ${waits} 个`].filter(Boolean);
  const isLast = page * PAGE >= all;
  return reply(
    `你${counts.join('，')}：`,
    ...ranges.map((range, index) => `${index + 1} ${sayRange(scope, range)}`),
    isLast ? '回复「退订 1」取消' : '回复「退订 1」取消，「下一页」继续',
  );
}

/** 夏威夷 · 明天 11-22 周日 · 10:00–12:00; with its place where it is waited for, with 每周三 where it is one of a series. */
export function sayRange({ today }: Scope, range: Pick<MyRange, 'room' | 'date' | 'slots'> & Partial<MyRange>): string {
  const { room, date, slots, ahead = null, series = null } = range;
  const waits = ahead === null ? '' : ahead > 0 ? ` · 候补，前面还有 ${ahead} 位` : ' · 候补，排第一';
  const weekly = series === null ? '' : ` · 每周${'一二三四五六日'[weekdayOf(date) - 1]}`;
  return `${room} · ${sayDay(date, today)} · ${saySlots(slots)}${weekly}${waits}`;
}
