import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Reply, reply, tap } from '../../chat/reply.ts';
import { sayDay, weekdayOf } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type BookedRange, bookRange } from '../book-range.ts';
import { bookSeries, type Series } from '../book-series.ts';
import { giveUpBookings } from '../give-up.ts';
import { seenBy } from '../lock-rooms.ts';
import { nearDay, sayTaken } from '../phrases.ts';
import { readRooms } from '../queries.ts';
import { asNumber } from '../range-number.ts';
import { readBookingWords } from '../read-booking.ts';
import { minutesUntil } from '../rules.ts';
import { BookRange, runsOf, saySlots, slotsBetween, typeHours } from '../schema.ts';
import { readAsked } from './read-asked.ts';

type Booked = { range: BookedRange; series: null } | { range: null; series: Series };

/** 订夏威夷明天18-20, 帮我订夏威夷: a room's name right behind the act. */
const RIGHT_BEHIND = /^(?:请?(?:帮我|给我)|我?(?:想要?|要))?\s*订(?:一下|个)?(?=\p{L})(.+)$/su;

/** 预定 会议室 日期 时间 */
export const book = defineCommand({
  id: 'rooms.book',
  words: ['预定', '预订', '订', 'book'],
  usage: '预定 会议室 日期 时间',
  does: '订会议室；日期写每周三就连订四周',
  permission: 'rooms.book',
  takes: 'all',
  hearsQuestions: true,
  guess: async (text, { tx, today }) => {
    const rest = RIGHT_BEHIND.exec(text)?.[1] ?? '';
    const named = rest === '' ? [] : readBookingWords(rest, today, await readRooms(tx)).rooms;
    return named.length > 0 ? { word: '订', rest, args: [] } : null;
  },
  input: BookRange,
  read: ({ rest }, talk) => readAsked(rest, talk, '预定'),
  run: async (scope: Scope, input): Promise<Booked> =>
    input.weeks > 1
      ? { range: null, series: await bookSeries(scope, input) }
      : { range: await bookRange(scope, input), series: null },
  reply: ({ range, series }, { scope }) => {
    if (series) return saySeries(scope, series);
    return range.added.length > 0 ? sayBooked(scope, range) : sayRefused(scope, range);
  },
  // What was refused is kept for 候补, what was booked for 退订 1.
  keeps: ({ range }) =>
    range && { kind: range.added.length > 0 ? 'bookings' : 'wantedSlots', items: [asNumber(range)] },
  undo: {
    keep: ({ range, series }) => {
      const ids = series ? series.bookingIds : range.added.map(({ id }) => id);
      return ids.length > 0 ? ids : null;
    },
    restore: async (scope, kept) => {
      const gone = await giveUpBookings(scope, z.array(z.number()).parse(kept));
      if (gone === null) throw refuseChat.changed_since({ what: '这个预定' });
      return reply(`已撤销，不订了：${gone}`);
    },
  },
});

function sayBooked(scope: Scope, { room, date, from, to }: BookedRange): Reply {
  return reply(`订好了：${room} · ${sayDay(date, scope.today)} · ${saySlots(slotsBetween(from, to))}`, [
    sayReminder(scope, date, from),
    tap('退订 1'),
  ]);
}

/** The reminder goes out a quarter of an hour before; who books later than that gets none. */
export function sayReminder(scope: Scope, date: string, slot: number): string {
  const minutes = Math.ceil(minutesUntil(scope, date, slot));
  return minutes > 15 ? '提前 15 分钟提醒你。' : `还有 ${minutes} 分钟就开始。`;
}

function sayRefused(scope: Scope, range: BookedRange): Reply {
  const { room, date, from, to, taken, elsewhere } = range;
  const mine = taken.filter(({ personId }) => personId === scope.actor.id);
  const said = sayTaken(taken, seenBy(scope, date));
  const day = nearDay(date, scope.today);
  if (mine.length === taken.length) {
    const left = runsOf(slotsBetween(from, to).filter((slot) => !taken.some((one) => one.slot === slot)));
    const [first] = left;
    return reply(
      first
        ? `${said}。${saySlots(slotsBetween(...first))} 空着：回复「预定 ${room} ${day} ${typeHours(...first)}」接上`
        : said,
    );
  }
  const [other] = elsewhere;
  return reply(
    other
      ? `${said}。${other} ${saySlots(slotsBetween(from, to))} 空着：回复「预定 ${other} ${day} ${typeHours(from, to)}」，或「候补」等${room}`
      : `${said}。这个时段没有别的会议室空着，回复「候补」等${room}`,
  );
}

const MOST_SKIPPED = 3;

function saySeries(scope: Scope, { room, from, to, weeks }: Series): Reply {
  const [booked, skipped] = [weeks.filter((week) => week.booked), weeks.filter((week) => !week.booked)];
  const weekday = '一二三四五六日'[weekdayOf(weeks[0]?.date ?? scope.today) - 1];
  const short = (date: string) => (date.slice(0, 4) === scope.today.slice(0, 4) ? date.slice(5) : date);
  return reply(
    `订好了 ${booked.length} 周：${room} · 每周${weekday} ${saySlots(slotsBetween(from, to))}`,
    booked.map(({ date }) => short(date)).join('、'),
    ...skipped.slice(0, MOST_SKIPPED).map(({ date, taken }) => `跳过：${sayTaken(taken, seenBy(scope, date))}`),
    skipped.length > MOST_SKIPPED && `另外 ${skipped.length - MOST_SKIPPED} 周也有人订了，跳过`,
    '每次提前 15 分钟提醒你。',
  );
}
