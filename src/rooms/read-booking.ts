import { takeDay } from '../chat/dates.ts';
import { matchName } from '../chat/names.ts';
import { NUMERAL, readNumeral } from '../chat/numerals.ts';
import { halfWidth } from '../chat/said.ts';
import { type Hours, takeHours } from '../chat/times.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { refuse } from './phrases.ts';
import type { NamedRoom } from './queries.ts';
import { slotAt } from './schema.ts';

/**
 * What a booking's words say, in any order: 夏威夷 明天 10-12, 明天10-12 夏威夷, 夏威夷明天10-12, 夏威夷 每周三 下午2点 4周.
 * `vague` is a time that could be several (10, 下午), for asking back.
 */
export type SaidBooking = {
  name: string;
  date: SchoolDay | null;
  hours: Hours | null;
  weeks: number;
  vague: string | null;
};

const DEFAULT_WEEKS = 4;
const WEEKLY = /^每(?=个?(?:周|星期|礼拜)[一二三四五六日天])/;
const LENGTH = new RegExp(`^(?:共|连续|连|订)?(${NUMERAL})个?(?:周|星期|礼拜)(?=\\s|$)`);
const VAGUE = /^(?:(?:早上|上午|中午|下午|晚上)(?=\s|$)|\d{1,2}(?=\s|$))/;
/** 10-12 is a month's day to a calendar and two hours to somebody who books a room. */
const DAY_OR_HOURS = /^\d{1,2}-\d{1,2}(?![\d:：点时])/;
/** Written like a day or like hours; what is one of them has been taken off before. */
const LIKE_DAY = /^(?:\d{2,4}年)?\d{1,2}月\d{0,2}[日号]?/;
const LIKE_HOURS = /^\d{1,2}(?:[点时]|[:：]\d{2})?\s*(?:-|~|～|—|–|到|至)\s*\d{1,2}(?:[点时]|[:：]\d{2})?/;
const MARKS = /^[\s，,、。；;]+|^的/;

/**
 * Takes a booking's words apart.
 * @throws Refusal `half_hour`; `invalid_fields` where two days or two times are said, or one that does not exist
 */
export function readBookingWords(text: string, today: SchoolDay, rooms: readonly NamedRoom[]): SaidBooking {
  const said: SaidBooking = { name: '', date: null, hours: null, weeks: 1, vague: null };
  let rest = halfWidth(text).trim();
  while (rest !== '') {
    const after = takeRoom(said, rest, rooms) ?? takeTime(said, rest, today) ?? takeName(said, rest, today);
    rest = after.trimStart().replace(MARKS, '').trimStart();
  }
  return said;
}

/** A room's whole name, which may hold what elsewhere is a day or a number (1号厅, 301). */
function takeRoom(said: SaidBooking, rest: string, rooms: readonly NamedRoom[]): string | null {
  if (said.name !== '') return null;
  const named = rooms
    .map(({ name }) => name)
    .sort((a, b) => b.length - a.length)
    .find((name) => halfWidth(rest).toLowerCase().startsWith(halfWidth(name).toLowerCase()));
  if (!named) return null;
  const after = rest.slice(named.length);
  if (/^[\p{L}\d]/u.test(after) && !/^会议室/.test(after) && !startsTime(after)) return null;
  said.name = named;
  return after.replace(/^会议室/, '');
}

function takeTime(said: SaidBooking, rest: string, today: SchoolDay): string | null {
  const length = LENGTH.exec(rest);
  if (length) {
    said.weeks = readNumeral(length[1] ?? '') ?? 1;
    return rest.slice(length[0].length);
  }
  const weekly = WEEKLY.test(rest);
  const day = isHours(said, rest) ? null : takeDay(weekly ? rest.slice(1) : rest, today, { want: 'near' });
  if (day) {
    if (said.date) throw invalidFields({ date: '一次只订一天的，分两次说就行' });
    said.date = day.day;
    if (weekly && said.weeks === 1) said.weeks = DEFAULT_WEEKS;
    return day.rest;
  }
  const hours = takeHours(rest);
  if (hours) {
    if (said.hours) throw invalidFields({ time: '一次只订一段时间，分两次说就行' });
    said.hours = hours.hours;
    return hours.rest;
  }
  const vague = VAGUE.exec(rest)?.[0];
  if (!vague || (said.name === '' && /\d/.test(vague))) return null;
  said.vague = vague;
  return rest.slice(vague.length);
}

/** 10-12 means hours, unless other hours follow it (12-03 10-12) or were said before. */
function isHours(said: SaidBooking, rest: string): boolean {
  const found = DAY_OR_HOURS.exec(rest);
  if (!found || said.hours) return false;
  if (said.date) return true;
  const later = rest.slice(found[0].length).split(/\s+/);
  return !later.some((word) => word !== '' && takeHours(word) !== null);
}

/** What is neither day nor hours is the room's name, up to where a day or hours begin: 夏威明天10-12. */
function takeName(said: SaidBooking, rest: string, today: SchoolDay): string {
  if (said.name !== '') refuseImpossible(rest);
  const [token = ''] = rest.split(/[\s，,]/);
  const signs = [...token];
  const end = signs.findIndex((_, index) => index > 0 && startsTime(signs.slice(index).join(''), today));
  const name = end < 0 ? token : signs.slice(0, end).join('');
  said.name += name;
  return rest.slice(Math.max(name.length, 1));
}

/** 2月30日 and 10-10 are no part of a room's name. */
function refuseImpossible(rest: string): void {
  const day = LIKE_DAY.exec(rest)?.[0];
  if (day) throw invalidFields({ date: `没有「${day}」这一天，看看日历再订` });
  const hours = LIKE_HOURS.exec(rest)?.[0];
  if (hours) throw invalidFields({ time: `「${hours}」不是一段时间，写成「10-12」或「下午2点」这样` });
}

function startsTime(text: string, today: SchoolDay = '2026-01-01'): boolean {
  return WEEKLY.test(text) || takeDay(text, today) !== null || takeHours(text) !== null;
}

/** The slots of some hours. @throws Refusal `opening_hours` outside 8:00 to 21:00 */
export function slotsOf({ from, to }: Hours): { from: number; to: number } {
  const slots = { from: slotAt(from), to: slotAt(to - 1) };
  if (slots.from < 1 || slots.to > 13) throw refuse.opening_hours({ from, to });
  return slots;
}

/**
 * The room meant, by its name or the beginning of it.
 * @throws Refusal `ambiguous_name`, `no_room_named`, `room_closed`
 */
export function roomNamed(said: string, rooms: readonly NamedRoom[]): NamedRoom {
  const open = rooms.filter(({ active }) => active);
  const name = said.replace(/会议室$/, '') || said;
  const begins = (room: NamedRoom) => halfWidth(room.name).toLowerCase().startsWith(halfWidth(name).toLowerCase());
  if (open.some(begins)) return matchName(name, open, { what: '会议室' });
  const closed = rooms.find(begins);
  if (closed) throw refuse.room_closed({ room: closed.name });
  throw refuse.no_room_named({ said: name, rooms: open.map((room) => room.name) });
}
