import { daysBetween, sayDay } from './school-time.ts';
import type { Scope } from './scope.ts';

/** When something is due, as people say it: 明早 2 点, 今早 2 点 after midnight, 明天 12 点, 周六 11-28 2 点. */
export function sayMoment(at: Date, { today, time }: Pick<Scope, 'today' | 'time'>): string {
  const [hour = '', minute = ''] = time.format(at).slice(-5).split(':');
  const past = minute === '00' ? '' : minute === '30' ? '半' : ` ${Number(minute)} 分`;
  const clock = `${Number(hour)} 点${past}`;
  const isEarly = Number(hour) < 9;
  const day = time.dayOf(at);
  const distance = daysBetween(today, day);
  if (distance === 0) return `${isEarly ? '今早' : '今天'} ${clock}`;
  if (distance === 1) return `${isEarly ? '明早' : '明天'} ${clock}`;
  return `${sayDay(day, today)} ${clock}`;
}
