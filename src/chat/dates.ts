import { addDays, daysBetween, isSchoolDay, type SchoolDay, weekdayOf } from '../kernel/school-time.ts';
import { HOLIDAY, HOLIDAY_IN_TEXT, holidayOn } from './holidays.ts';
import { NUMERAL, readNumeral } from './numerals.ts';
import { halfWidth } from './said.ts';

/**
 * `future`: a day without its year (month, week) that is past already means the next one; `near` the same, but a month
 * and day not long past stay past (11-20 said on 11-23 is no day of next year); `any` leaves every day past.
 */
export type DayOptions = { want?: 'future' | 'near' | 'any' };

type Reading = (match: RegExpExecArray, today: SchoolDay, future: boolean) => SchoolDay | null;
/**
 * One way to write a day. `fits`: what another saying of the same day must have in common with it, where it names no one
 * day by itself (周五, 26号); `inText` whether it is looked for in running text as well, where it may mean something else.
 */
type Form = { pattern: string; read: Reading; fits?: (day: SchoolDay, other: SchoolDay) => boolean; inText?: false };

const NEAR: Readonly<Record<string, number>> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2, 大后: 3 };
const WEEKDAY = '[一二三四五六日天1-7]';
const MOST_DAYS_BACK = 180;
const sameDay = (day: SchoolDay, other: SchoolDay) => day === other;
const sameWeekday = (day: SchoolDay, other: SchoolDay) => weekdayOf(day) === weekdayOf(other);
const sameMonthDay = (day: SchoolDay, other: SchoolDay) => day.slice(5) === other.slice(5);
const sameDayOfMonth = (day: SchoolDay, other: SchoolDay) => day.slice(8) === other.slice(8);

/** Every way people write a day, the longer before the shorter where they begin alike. */
const FORMS: readonly Form[] = [
  { pattern: '(\\d{4})(?:-|/|\\.|年)(\\d{1,2})(?:-|/|\\.|月)(\\d{1,2})[日号]?', read: ([, y, m, d]) => dayOf(y, m, d) },
  {
    pattern: `(${NUMERAL})月(?:份)?(${NUMERAL})[日号]?`,
    read: ([, m, d], today, future) => monthDay(readNumeral(m ?? ''), readNumeral(d ?? ''), today, future),
    fits: sameMonthDay,
  },
  {
    pattern: '(\\d{1,2})[-/](\\d{1,2})(?![\\d.:：])[日号]?',
    read: ([, m, d], today, future) => monthDay(Number(m), Number(d), today, future),
    fits: sameMonthDay,
    inText: false,
  },
  {
    pattern: '(\\d{1,2})\\.(\\d{1,2})(?![\\d.]|\\s*(?:小时|个|万|千|元|块|米|%|am|pm|[-~～—–到至]\\s*\\d))[日号]?',
    read: ([, m, d], today, future) => monthDay(Number(m), Number(d), today, future),
    fits: sameMonthDay,
    inText: false,
  },
  {
    pattern: '(大前|前|昨|今|(?<![说声证])明|大后|后)(?:天|日|儿个?)|(昨|今|(?<![说声证])明)(?=早|晚|[上下中]午)',
    read: ([, near, short], today) => addDays(today, NEAR[near ?? short ?? ''] ?? 0),
  },
  {
    pattern: `(${NUMERAL})(天|周|个?星期|个?礼拜)(?:后|以后|之后)`,
    read: ([, n, unit], today) => addDays(today, (readNumeral(n ?? '') ?? 0) * (unit === '天' ? 1 : 7)),
  },
  {
    pattern: `(?:上上|下下|上|下|这|本)个?(?:周|星期|礼拜)(?:${WEEKDAY}|末)`,
    read: ([said = ''], today) => weekDay(said, today, false),
  },
  {
    pattern: `(?:周|星期|礼拜)(?:${WEEKDAY}|末)`,
    read: ([said = ''], today, future) => weekDay(said, today, future),
    fits: sameWeekday,
  },
  {
    pattern: `(?<!上|上个)(下|本|这)?个?(?:(${NUMERAL})月|月)(?:底|末)`,
    read: ([, which, month], today, future) => monthsEnd(which, month, today, future),
  },
  { pattern: '(?<![明去前])(?:今年)?年底', read: (_, today) => `${today.slice(0, 4)}-12-31` },
  {
    pattern: `(?:(下|本|这)个?月)(${NUMERAL})[日号]`,
    read: ([, which, d], today) => dayOfMonth(today, which === '下' ? 1 : 0, readNumeral(d ?? '')),
  },
  {
    pattern: `(${NUMERAL})[日号](?![楼线店院门铺馆厅])`,
    read: ([, d], today, future) => nextDayOfMonth(readNumeral(d ?? ''), today, future),
    fits: sameDayOfMonth,
  },
  {
    pattern: HOLIDAY,
    read: ([, name = ''], today, future) => holidayOn(name, today, future),
    inText: false,
  },
];

/** A day as somebody said it: `fits` tells whether another day said beside it (明天（26号）) can be the same one. */
export type SaidDay = { day: SchoolDay; said: string; fits(other: SchoolDay): boolean };

/**
 * Reads a text that is a day as people write it (今天, 周五, 下周一, 3月5日, 03/05, 2027-01-05, 5号), as seen from today;
 * null for anything else and for days that do not exist.
 */
export function readDay(text: string, today: SchoolDay, options: DayOptions = {}): SchoolDay | null {
  const taken = takeDay(text, today, options);
  return taken?.rest === '' ? taken.day : null;
}

/** Takes a day off the beginning of a text (明天10-12, 周五 下午2点) and gives the rest; null where none stands there. */
export function takeDay(
  text: string,
  today: SchoolDay,
  { want = 'future' }: DayOptions = {},
): (SaidDay & { rest: string }) | null {
  const plain = halfWidth(text).trimStart();
  for (const { pattern, read, fits = sameDay } of FORMS) {
    const match = new RegExp(`^(?:${pattern})`).exec(plain);
    if (!match) continue;
    const found = read(match, today, want !== 'any');
    if (found === null) return null;
    const [said] = match;
    const day = want === 'near' && recentlyPast(said, found, today) ? lastYears(found) : found;
    return { day, said, fits: (other) => fits(day, other), rest: plain.slice(said.length).trim() };
  }
  return null;
}

/**
 * The first day still to come that a free text names: 约了周五试听 is Friday, 昨天聊过，下周再约 next Monday. Today does not
 * count, and neither does what may be a span of hours (10-12) or a month and day not long past.
 */
export function findDay(text: string, today: SchoolDay): SchoolDay | null {
  let rest = halfWidth(text);
  for (;;) {
    const found = FREE.map(({ pattern, read }) => ({ match: new RegExp(pattern).exec(rest), read }))
      .filter((hit): hit is { match: RegExpExecArray; read: Reading } => hit.match !== null)
      .sort((a, b) => a.match.index - b.match.index)[0];
    if (!found) return null;
    const day = found.read(found.match, today, true);
    if (day && day > today && !recentlyPast(found.match[0], day, today)) return day;
    rest = rest.slice(found.match.index + found.match[0].length);
  }
}

/** In running text hours look like 3-5, so a month and day there need two digits each; a bare 下周 is its Monday. */
const FREE: readonly Form[] = [
  ...FORMS.filter(({ inText }) => inText !== false),
  { pattern: HOLIDAY_IN_TEXT, read: ([, name = ''], today, future) => holidayOn(name, today, future) },
  {
    pattern: '(?<![\\d:/-])(0\\d|1[0-2])[-/](0[1-9]|[12]\\d|3[01])(?![\\d:点])',
    read: ([, m, d], today, future) => monthDay(Number(m), Number(d), today, future),
  },
  { pattern: `下个?(?:周|星期|礼拜)(?!${WEEKDAY}|末)`, read: (_, today) => addDays(mondayOf(today), 7) },
];

function recentlyPast(written: string, day: SchoolDay, today: SchoolDay): boolean {
  const turnedOver = /月|[-/]/.test(written) && !/\d{4}|下/.test(written) && day.slice(0, 4) !== today.slice(0, 4);
  return turnedOver && daysBetween(lastYears(day), today) <= MOST_DAYS_BACK;
}

function lastYears(day: SchoolDay): SchoolDay {
  return `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
}

function dayOf(year: unknown, month: unknown, day: unknown): SchoolDay | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isSchoolDay(text) ? text : null;
}

function monthDay(month: number | null, day: number | null, today: SchoolDay, future: boolean): SchoolDay | null {
  const year = Number(today.slice(0, 4));
  const thisYears = dayOf(year, month, day);
  if (!future || (thisYears && thisYears >= today)) return thisYears;
  // 2月29日 comes round only every fourth year, and once in eight where a century is no leap year.
  for (let later = 1; later <= 8; later += 1) {
    const found = dayOf(year + later, month, day);
    if (found) return found;
  }
  return null;
}

function dayOfMonth(today: SchoolDay, monthsLater: number, day: number | null): SchoolDay | null {
  const months = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + monthsLater;
  return dayOf(Math.floor(months / 12), (months % 12) + 1, day);
}

function nextDayOfMonth(day: number | null, today: SchoolDay, future: boolean): SchoolDay | null {
  const thisMonths = dayOfMonth(today, 0, day);
  if (!future || (thisMonths && thisMonths >= today)) return thisMonths;
  // 31号 said in a month without one, or past: the next month that has it.
  return dayOfMonth(today, 1, day) ?? dayOfMonth(today, 2, day);
}

function mondayOf(day: SchoolDay): SchoolDay {
  return addDays(day, 1 - weekdayOf(day));
}

/** 月底, 本月底, 下月底, 12月底: the last day of that month. */
function monthsEnd(which: string | undefined, month: string | undefined, today: SchoolDay, future: boolean) {
  if (month === undefined) return lastOfMonth(today, which === '下' ? 1 : 0);
  const number = readNumeral(month) ?? 0;
  if (number < 1 || number > 12) return null;
  const away = number - Number(today.slice(5, 7));
  return lastOfMonth(today, future && away < 0 ? away + 12 : away);
}

function lastOfMonth(today: SchoolDay, monthsLater: number): SchoolDay | null {
  const next = dayOfMonth(today, monthsLater + 1, 1);
  return next && addDays(next, -1);
}

const WEEKS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };

function weekDay(said: string, today: SchoolDay, future: boolean): SchoolDay {
  const [which] = /^(?:上上|下下|[上下这本])/.exec(said) ?? [];
  const weekday = said.slice(-1);
  const number = weekday === '末' ? 6 : '一二三四五六日'.indexOf(weekday.replace('天', '日')) + 1 || Number(weekday);
  const thisWeeks = addDays(mondayOf(today), number - 1);
  if (which) return addDays(thisWeeks, (WEEKS[which] ?? 0) * 7);
  if (weekday === '末' && weekdayOf(today) === 7) return today;
  return future && thisWeeks < today ? addDays(thisWeeks, 7) : thisWeeks;
}
