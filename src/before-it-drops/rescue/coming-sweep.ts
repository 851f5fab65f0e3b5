import { dropLimits } from '../../customers/index.ts';
import { nextDueTime } from '../../jobs/due-times.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import { daysBetween, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { readSettings } from '../../settings/index.ts';

/** The sweep that comes next, and the days before which a date must lie for it to take a customer. */
export type ComingSweep = { at: Date; day: SchoolDay; contactedBefore: SchoolDay; receivedBefore: SchoolDay };

/** Reads when the next sweep after a moment (now, where none is given) is due by the school's settings, and what it goes by. */
export async function readComingSweep(
  { tx, now, time }: Pick<Scope, 'tx' | 'now' | 'time'>,
  after = now,
): Promise<ComingSweep> {
  const settings = await readSettings(tx);
  const at = nextDueTime(settings.sweepCron, time.zone, after);
  if (!at) throw new Error(`no time follows from the sweep's rule ${settings.sweepCron}`);
  const day = time.dayOf(at);
  return { at, day, ...dropLimits(day, settings) };
}

/** When the sweep is due, as people say it: 明早 2 点, 今早 2 点 after midnight, 明天 12 点, 周六 11-28 2 点. */
export function saySweep({ at, day }: ComingSweep, { today, time }: Pick<Scope, 'today' | 'time'>): string {
  const [hour = '', minute = ''] = time.format(at).slice(-5).split(':');
  const past = minute === '00' ? '' : minute === '30' ? '半' : ` ${Number(minute)} 分`;
  const clock = `${Number(hour)} 点${past}`;
  const isEarly = Number(hour) < 9;
  const distance = daysBetween(today, day);
  if (distance === 0) return `${isEarly ? '今早' : '今天'} ${clock}`;
  if (distance === 1) return `${isEarly ? '明早' : '明天'} ${clock}`;
  return `${sayDay(day, today)} ${clock}`;
}
