import type { SchoolDay } from '../kernel/school-time.ts';
import { addDays } from '../kernel/school-time.ts';

/** 春节, 端午 and 中秋 of each year: the moon's calendar of the runtime is a day off in some years, so they are written down. */
const MOON: Readonly<Record<string, readonly [spring: string, dragonBoat: string, midAutumn: string]>> = {
  2025: ['01-29', '05-31', '10-06'],
  2026: ['02-17', '06-19', '09-25'],
  2027: ['02-06', '06-09', '09-15'],
  2028: ['01-26', '05-28', '10-03'],
  2029: ['02-13', '06-16', '09-22'],
  2030: ['02-03', '06-05', '09-12'],
  2031: ['01-23', '06-24', '10-01'],
  2032: ['02-11', '06-12', '09-19'],
  2033: ['01-31', '06-01', '09-08'],
  2034: ['02-19', '06-20', '09-27'],
  2035: ['02-08', '06-10', '09-16'],
};

const byMoon =
  (which: 0 | 1 | 2, later = 0) =>
  (year: string): SchoolDay | null => {
    const day = MOON[year]?.[which];
    return day === undefined ? null : addDays(`${year}-${day}`, later);
  };
const on = (monthDay: string) => (year: string) => `${year}-${monthDay}`;
/** The day the sun reaches a point of its year, by the rule of thumb that holds for this century. */
const bySun = (month: string, constant: number) => (year: string) => {
  const y = Number(year) % 100;
  return `${year}-${month}-${String(Math.floor(y * 0.2422 + constant) - Math.floor(y / 4)).padStart(2, '0')}`;
};

const DAYS: Readonly<Record<string, (year: string) => SchoolDay | null>> = {
  元旦: on('01-01'),
  除夕: byMoon(0, -1),
  大年三十: byMoon(0, -1),
  春节: byMoon(0),
  大年初一: byMoon(0),
  元宵: byMoon(0, 14),
  情人节: on('02-14'),
  妇女节: on('03-08'),
  清明: bySun('04', 4.81),
  五一: on('05-01'),
  劳动节: on('05-01'),
  端午: byMoon(1),
  六一: on('06-01'),
  儿童节: on('06-01'),
  教师节: on('09-10'),
  中秋: byMoon(2),
  十一: on('10-01'),
  国庆: on('10-01'),
  冬至: bySun('12', 21.94),
  平安夜: on('12-24'),
  圣诞: on('12-25'),
};
const NUMERALS = /^[五六十]一$/;
const sourceOf = (names: readonly string[]) =>
  names.map((name) => (name.endsWith('节') ? name : `${name}节?`)).join('|');

/** The source of a pattern for a holiday's name: 元旦, 春节, 国庆节, 五一; not 十一点 nor 五一二. */
export const HOLIDAY = `(${sourceOf(Object.keys(DAYS).filter((name) => !NUMERALS.test(name)))}|[五六十]一节?(?![一二三四五六七八九十\\d点月日号时个期位岁节人]))`;

/** The same in running text, where 五一 may be anything and 春节后 is no day. */
export const HOLIDAY_IN_TEXT = `(${sourceOf(Object.keys(DAYS).filter((name) => !NUMERALS.test(name)))})(?!以?后|之后|过后|以?前|之前|期间|假期|放假|长假|回)`;

/** The next time a holiday comes round, today included; this year's where a past day is as welcome. Null for years nobody wrote down. */
export function holidayOn(name: string, today: SchoolDay, future: boolean): SchoolDay | null {
  const dayIn = DAYS[name] ?? DAYS[name.replace(/节$/, '')];
  if (!dayIn) return null;
  const year = Number(today.slice(0, 4));
  const thisYears = dayIn(String(year));
  return !future || (thisYears && thisYears >= today) ? thisYears : dayIn(String(year + 1));
}
