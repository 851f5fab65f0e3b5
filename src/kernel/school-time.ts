import { DateTime } from 'luxon';

/** A calendar day at the school, `YYYY-MM-DD`. */
export type SchoolDay = string;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const;

/** Turns instants into the school's days and hours and back; the only place that knows the zone. */
export type SchoolTime = {
  zone: string;
  dayOf(instant: Date): SchoolDay;
  /** Minutes since the school's midnight, 0 to 1439. */
  minuteOf(instant: Date): number;
  /** The instant of a day's wall-clock time, minutes since midnight. */
  instantOf(day: SchoolDay, minute?: number): Date;
  /** `11-21 14:30` in school time. */
  format(instant: Date): string;
  /** ISO 8601 with the school's offset, as JSON answers carry instants. */
  iso(instant: Date): string;
};

/** The school's time in one IANA zone. */
export function createSchoolTime(zone: string): SchoolTime {
  const at = (instant: Date) => DateTime.fromJSDate(instant, { zone });
  return {
    zone,
    dayOf: (instant) => at(instant).toFormat('yyyy-MM-dd'),
    minuteOf: (instant) => at(instant).hour * 60 + at(instant).minute,
    instantOf: (day, minute = 0) =>
      DateTime.fromISO(day, { zone })
        .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
        .toJSDate(),
    format: (instant) => at(instant).toFormat('MM-dd HH:mm'),
    iso: (instant) => at(instant).toISO({ suppressMilliseconds: true }) ?? '',
  };
}

/** Whether a text is a calendar day that exists. */
export function isSchoolDay(text: string): boolean {
  return DAY.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** The day n days later (earlier where n is negative). */
export function addDays(day: SchoolDay, n: number): SchoolDay {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days: n }).toFormat('yyyy-MM-dd');
}

/** How many days `to` lies after `from`. */
export function daysBetween(from: SchoolDay, to: SchoolDay): number {
  return Math.round(DateTime.fromISO(to, { zone: 'utc' }).diff(DateTime.fromISO(from, { zone: 'utc' }), 'days').days);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: SchoolDay): number {
  return DateTime.fromISO(day, { zone: 'utc' }).weekday;
}

/** A day as a `date` column takes it. */
export function dayToDb(day: SchoolDay): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/** A `date` column's value as a school day. */
export function dayFromDb(value: Date): SchoolDay {
  return value.toISOString().slice(0, 10);
}

/** How people write a day: 今天, 明天 11-22 周日, 周五 11-27, 12-03, 2027-01-05. */
export function sayDay(day: SchoolDay, today: SchoolDay): string {
  const distance = daysBetween(today, day);
  const weekday = WEEKDAYS[weekdayOf(day) - 1];
  if (distance === 0) return '今天';
  if (distance === 1) return `明天 ${day.slice(5)} ${weekday}`;
  if (distance === -1) return '昨天';
  if (distance > 1 && distance < 7) return `${weekday} ${day.slice(5)}`;
  return day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day;
}

/** How long ago a day was: 今天, 昨天, 3 天前. */
export function sayDaysAgo(day: SchoolDay, today: SchoolDay): string {
  const distance = daysBetween(day, today);
  if (distance <= 0) return '今天';
  return distance === 1 ? '昨天' : `${distance} 天前`;
}

const COUNTS = [
  '零',
  '一',
  '两',
  '三',
  '四',
  '五',
  '六',
  '七',
  '八',
  '九',
  '十',
  '十一',
  '十二',
  '十三',
  '十四',
  '十五',
];

/** How many days, as people write it: 三天, 十五天; above that in digits, 20 天. */
export function sayDays(count: number): string {
  const word = COUNTS[count];
  return word ? `${word}天` : `${count} 天`;
}
