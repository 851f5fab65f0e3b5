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

const ANY_TIME = new Date('2026-01-01T00:00:00Z');

/** Whether a text is a rule of five fields that names a time at all: 99 99 * * * and 30 February do not. */
export function isCronRule(rule: string): boolean {
  return /^\S+(\s+\S+){4}$/.test(rule) && nextDueTime(rule, 'UTC', ANY_TIME) !== null;
}

function step(rule: string, zone: string, from: Date, direction: 'prev' | 'next'): Date | null {
  try {
    return CronExpressionParser.parse(rule, { tz: zone, currentDate: from })[direction]().toDate();
  } catch {
    return null;
  }
}
