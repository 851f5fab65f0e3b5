import { CronExpressionParser } from 'cron-parser';

/**
 * The last time at or before `now` that a cron rule names, in the school's zone; null where the rule is wrong.
 * Times are computed from the rule, never taken from a timer.
 */
export function lastDueTime(rule: string, zone: string, now: Date): Date | null {
  // `prev` looks strictly before: one millisecond more lets the due moment itself count.
  return step(rule, zone, new Date(now.getTime() + 1), 'prev');
}

/** The next time after `now` that a cron rule names; null where the rule is wrong. */
export function nextDueTime(rule: string, zone: string, now: Date): Date | null {
  return step(rule, zone, now, 'next');
}

function step(rule: string, zone: string, from: Date, direction: 'prev' | 'next'): Date | null {
  try {
    return CronExpressionParser.parse(rule, { tz: zone, currentDate: from })[direction]().toDate();
  } catch {
    return null;
  }
}
