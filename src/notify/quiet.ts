import { addDays, type SchoolTime } from '../kernel/school-time.ts';

/** Hours of the school's day, from `from` up to `until` (0 to 23); over midnight where `from` is the later one. */
export type QuietHours = { from: number; until: number };

/** When the quiet hours end that `now` lies in; null outside them. The same hour twice is no quiet at all. */
export function quietEnd(now: Date, { from, until }: QuietHours, time: SchoolTime): Date | null {
  if (from === until) return null;
  const minute = time.minuteOf(now);
  const [begins, ends] = [from * 60, until * 60];
  const isQuiet = begins < ends ? minute >= begins && minute < ends : minute >= begins || minute < ends;
  if (!isQuiet) return null;
  const today = time.dayOf(now);
  return time.instantOf(minute < ends ? today : addDays(today, 1), ends);
}
