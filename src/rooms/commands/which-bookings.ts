import { AskBack } from '../../chat/ask-back.ts';
import { takeCourtesy } from '../../chat/courtesy.ts';
import type { Said, Talk } from '../../chat/define-command.ts';
import { readPlaces } from '../../chat/lists.ts';
import { reply } from '../../chat/reply.ts';
import { liesIn } from '../../chat/times.ts';
import { weekdayOf } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { nearDay } from '../phrases.ts';
import { type MyRange, readMyBookings, readMyWaits, readRooms } from '../queries.ts';
import { readBookingWords, type SaidBooking } from '../read-booking.ts';
import { hourOf, sayHour } from '../schema.ts';
import { numberOf, sayRange } from './my-bookings.ts';

const MOST_NAMED = 3;
const MOST_LISTED = 6;
const OWN = /^(?:我的?)?(?:预[定订]|会议室)的?\s*/;
/** 12月9日起, 以后都不要了: from a day on. */
const ONWARD = /\s*(?:起|开始|往后|以后|之后)(?:的|都|全部?|不要|不订|不用|取消|退掉?|了)*$/;
const ALL = /(?:全部|全都|所有的?|都)(?:退掉?|取消|不要|了)*/;
const MOVES = /改到|改成|改期|换到|换成|挪到|调到|推迟|提前到/;

/**
 * Which of one's own bookings and waits somebody means, by the numbers of 我的预定 or in words (后天的, 夏威夷, 明天 10-11,
 * 每周三 12月9日起). What fits none, or several where one was meant, is asked back with the list of what there is.
 * @throws AskBack with the list; Refusal `no_such_number`
 */
export async function whichBookings({ rest, args }: Said, talk: Talk): Promise<number[]> {
  const { scope } = talk;
  const mine = [...(await readMyBookings(scope)), ...(await readMyWaits(scope))];
  if (MOVES.test(rest)) throw askFrom(scope, '改时间分两步：先退掉原来的，再「预定」新的', mine);
  const text = rest.replace(OWN, '');
  const [n = '', ...others] = text === rest ? args : [text];
  const places = readPlaces(n);
  if (places === null) return meantBy(scope, text, mine);

  const shown = talk.list();
  const inList = shown?.kind === 'bookings' && places.every((place) => place <= shown.items.length);
  if (!inList) {
    // 退订 26号的 and 退订 10-12 are a day and hours where the list has no such numbers.
    const when = places.length > 1 ? `${places[0]}-${places.at(-1)}` : `${places[0]}号`;
    const said = await heard(scope, `${when} ${others.join(' ')}`);
    const found = said.unknown.length === 0 && said.unclear === null ? fitting(said, mine) : [];
    const [only] = found;
    if (only && found.length === 1) return [numberOf(only)];
  }
  const numbers = talk.nths(n, { kinds: ['bookings'], from: ['我的预定'], which: '哪一个' });
  return agreeing(scope, numbers, others.join(' '), mine);
}

/** What was said behind the numbers must fit them: 退订 1 夏威夷, 退订 1 以后的. */
async function agreeing(scope: Scope, numbers: number[], behind: string, mine: readonly MyRange[]): Promise<number[]> {
  if (ONWARD.test(behind)) {
    const first = mine.find((range) => numberOf(range) === numbers[0]);
    if (numbers.length === 1 && first) return onward(scope, first.series, first.date, mine);
  }
  const said = await heard(scope, behind);
  const chosen = mine.filter((range) => numbers.includes(numberOf(range)));
  if (said.unknown.length > 0 || said.unclear || said.numbers.length > 0)
    throw askFrom(scope, `没看懂「${behind.trim()}」，先什么都没退`, mine);
  if (fitting(said, chosen).length < chosen.length)
    throw askFrom(scope, `编号和「${behind.trim()}」对不上，先什么都没退`, mine);
  return numbers;
}

async function meantBy(scope: Scope, text: string, mine: readonly MyRange[]): Promise<number[]> {
  const isOnward = ONWARD.test(text);
  const isAll = ALL.test(text);
  const words = text.replace(ONWARD, '').replace(ALL, ' ').trim();
  const said = await heard(scope, words);
  if (said.unclear) throw askFrom(scope, said.unclear.why, mine);
  if (said.unknown.length > 0) throw askFrom(scope, `没看懂「${said.unknown.join(' ')}」，先什么都没退`, mine);
  if (words === '' && !isAll) throw askFrom(scope, '退哪一个？', mine);
  const found = fitting(said, mine);
  const what = sayWhat(scope, said) || words;
  const [only] = found;
  if (!only) throw askFrom(scope, `${what}没有你的预定`, mine);
  if (isOnward || said.weekly) {
    const series = [...new Set(found.flatMap((one) => one.series ?? []))];
    if (series.length <= 1) return onward(scope, series[0] ?? null, said.day ?? only.date, mine);
    throw askFrom(scope, `${what}有 ${series.length} 个连订，退哪一个？说上会议室和时间`, found);
  }
  if (found.length > 1 && !isAll) throw askWhich(scope, what, found);
  return found.map(numberOf);
}

/** All of a series from a day on. */
function onward(scope: Scope, series: string | null, from: string, mine: readonly MyRange[]): number[] {
  const rest = mine.filter((range) => series !== null && range.series === series && range.date >= from);
  if (rest.length === 0) throw askFrom(scope, '这不是每周连订的，只能一个一个退', mine);
  return rest.map(numberOf);
}

async function heard(scope: Scope, text: string): Promise<SaidBooking> {
  const rooms = await readRooms(scope.tx);
  const said = readBookingWords(takeCourtesy(text) ?? text, scope.today, rooms);
  const prefix = said.unknown.join('');
  const begun = prefix === '' ? [] : rooms.filter(({ name }) => name.startsWith(prefix));
  return begun.length === 1 ? { ...said, rooms: [...said.rooms, ...begun], unknown: [] } : said;
}

/** Those of somebody's ranges that room, day and hours fit; a part of a range where that part was said (10-11 of 10–12). */
function fitting(said: SaidBooking, ranges: readonly MyRange[]): MyRange[] {
  const { rooms, day, weekly, hours, isSpan, part } = said;
  return ranges.flatMap((range) => {
    if (rooms.length > 0 && !rooms.some(({ id }) => id === range.roomId)) return [];
    if (day !== null && (weekly ? weekdayOf(range.date) !== weekdayOf(day) || range.date < day : range.date !== day))
      return [];
    const from = hourOf(range.slots[0] ?? 1);
    const to = hourOf(range.slots.at(-1) ?? 1) + 1;
    if (part !== null && !liesIn({ from, to: from + 1 }, part)) return [];
    if (hours === null) return [range];
    if (!isSpan) return from === hours.from ? [range] : [];
    if (hours.from < from || hours.to > to) return [];
    const slots = range.slots.filter((slot) => hourOf(slot) >= hours.from && hourOf(slot) < hours.to);
    return slots.length > 0 ? [{ ...range, slots }] : [];
  });
}

/** 后天, 夏威夷, 夏威夷明天 10:00 */
function sayWhat({ today }: Scope, { rooms, day, daySaid, weekly, hours, part }: SaidBooking): string {
  const when =
    day === null ? '' : weekly ? `每周${'一二三四五六日'[weekdayOf(day) - 1]}` : (daySaid ?? nearDay(day, today));
  const hour = hours ? ` ${sayHour(hours.from)} ` : '';
  return `${rooms.map(({ name }) => name).join('、')}${/^\d/.test(when) ? ` ${when} ` : when}${part ?? ''}${hour}`.trim();
}

function askWhich(scope: Scope, what: string, found: readonly MyRange[]): AskBack {
  const shown = found.slice(0, MOST_LISTED);
  return new AskBack(
    reply(
      `${what}有 ${found.length} 个，退哪一个？`,
      ...shown.map((range, index) => `${index + 1} ${sayRange(scope, range)}`),
      `回复「退订 1」这样的编号，都退就「退订 1-${shown.length}」`,
    ),
    { kind: 'bookings', items: shown.map(numberOf) },
  );
}

/** Why nothing was given up, and what there is, with numbers that 退订 takes. */
export function askFrom(scope: Scope, why: string, mine: readonly MyRange[]): AskBack {
  const items = { kind: 'bookings', items: mine.slice(0, MOST_LISTED).map(numberOf) };
  const sentence = /[。？]$/.test(why) ? why : `${why}。`;
  if (mine.length === 0) return new AskBack(reply(`${sentence}你现在没有订会议室`));
  if (mine.length > MOST_NAMED)
    return new AskBack(
      reply(
        `${sentence}你订的有：`,
        ...mine.slice(0, MOST_LISTED).map((range, index) => `${index + 1} ${sayRange(scope, range)}`),
        '回复「退订 1」这样',
      ),
      items,
    );
  const short = mine.map(
    ({ room, date, slots, ahead }) =>
      `${nearDay(date, scope.today)} ${sayHour(hourOf(slots[0] ?? 1))} ${room}${ahead === null ? '' : '（候补）'}`,
  );
  return new AskBack(reply(`${sentence}${short.join(' · ')}：回复「退订 1」这样`), items);
}
