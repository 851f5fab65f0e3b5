import { readDay } from '../chat/dates.ts';
import { NUMERAL, readNumeral } from '../chat/numerals.ts';
import { addDays, type SchoolDay, weekdayOf } from '../kernel/school-time.ts';
import { monthEarlier } from './rules.ts';

/** Some days in a row, both ends included. */
export type Span = { from: SchoolDay; to: SchoolDay };

const BACK = new RegExp(`^(?:最近|近|过去)?(${NUMERAL}|\\d{1,3})(天|日|周|个?星期|个?月)(?:以?内|里|来)?$`);
const MARKED = /^(?:最近|近|过去)|(?:以?内|里|来)$/;
const WEEK = /^(本|这|上)个?(?:周|星期)$/;
const MONTH = /^(?:(本|这个?|上个?)月|(\d{1,2}|[一二三四五六七八九十]{1,2})月)$/;

/**
 * Reads days as people narrow a list by them: 今天, 三天内 (since three days ago), 最近一周, 本周, 上个月, 11月, 11-20,
 * 11-01至11-15. Null for anything else.
 */
export function readSpan(word: string, today: SchoolDay): Span | null {
  return readBack(word, today) ?? readWeek(word, today) ?? readMonth(word, today) ?? readDays(word, today);
}

function readBack(word: string, today: SchoolDay): Span | null {
  const [, count = '', unit = ''] = MARKED.test(word) ? (BACK.exec(word) ?? []) : [];
  const n = /^\d+$/.test(count) ? Number(count) : readNumeral(count);
  if (!n) return null;
  if (unit.endsWith('月')) return { from: monthsEarlier(today, n), to: today };
  return { from: addDays(today, -n * (unit === '天' || unit === '日' ? 1 : 7)), to: today };
}

function monthsEarlier(day: SchoolDay, months: number): SchoolDay {
  let earlier = day;
  for (let n = 0; n < Math.min(months, 60); n += 1) earlier = monthEarlier(earlier);
  return earlier;
}

function readWeek(word: string, today: SchoolDay): Span | null {
  const [, which] = WEEK.exec(word) ?? [];
  if (!which) return null;
  const monday = addDays(today, 1 - weekdayOf(today) - (which === '上' ? 7 : 0));
  return { from: monday, to: addDays(monday, 6) };
}

function readMonth(word: string, today: SchoolDay): Span | null {
  const [, which, named] = MONTH.exec(word) ?? [];
  if (which) return monthOf(which.startsWith('上') ? addDays(`${today.slice(0, 8)}01`, -1) : today);
  const month = named === undefined ? null : readNumeral(named);
  if (!month || month > 12) return null;
  // Lists look back: a month still to come was last year's.
  const isLastYears = month > Number(today.slice(5, 7));
  return monthOf(`${Number(today.slice(0, 4)) - (isLastYears ? 1 : 0)}-${String(month).padStart(2, '0')}-01`);
}

function monthOf(day: SchoolDay): Span {
  const first = `${day.slice(0, 8)}01`;
  return { from: first, to: addDays(`${addDays(first, 31).slice(0, 8)}01`, -1) };
}

function readDays(word: string, today: SchoolDay): Span | null {
  const [first = '', last] = word.split(/至|到|\.\.|~|～/);
  const from = readDay(first, today, { want: 'any' });
  const to = last === undefined ? from : readDay(last, today, { want: 'any' });
  return from && to && from <= to ? { from, to } : null;
}
