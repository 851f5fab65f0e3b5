import { dropLimits } from '../../customers/index.ts';
import { nextDueTime } from '../../jobs/due-times.ts';
import { sayMoment } from '../../kernel/say-moment.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
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

/** When the sweep is due, as people say it: 明早 2 点. */
export function saySweep({ at }: Pick<ComingSweep, 'at'>, reader: Pick<Scope, 'today' | 'time'>): string {
  return sayMoment(at, reader);
}
