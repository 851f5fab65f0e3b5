import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { hourOf, SLOTS } from './schema.ts';

/** Rooms rule 2: the date is today or later, and today's slot must not have begun (at 10:00:00 the slot of 10:00 has). */
export function hasBegun(date: SchoolDay, slot: number, today: SchoolDay, minute: number): boolean {
  return date < today || (date === today && hourOf(slot) * 60 <= minute);
}

/** How many minutes are left until a slot begins; below 0 where it has. */
export function minutesUntil({ now, time }: Pick<Scope, 'now' | 'time'>, date: SchoolDay, slot: number): number {
  return (time.instantOf(date, hourOf(slot) * 60).getTime() - now.getTime()) / 60_000;
}

/** Whether some hours are within those in which the rooms are open, 8:00 to 21:00. */
export function isOpen({ from, to }: { from: number; to: number }): boolean {
  return from >= hourOf(SLOTS[0]) && to <= hourOf(SLOTS.length) + 1 && from < to;
}
