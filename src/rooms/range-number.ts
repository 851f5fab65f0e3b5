import { addDays, daysBetween, type SchoolDay } from '../kernel/school-time.ts';

/** Neighbouring slots of a room on one day, both ends included. */
export type SlotRange = { date: SchoolDay; roomId: number; from: number; to: number };

const FIRST_DAY = '2020-01-01';
const ROOMS = 10_000_000;
const PLACES = 100;

/**
 * A range as one whole number, because the numbered lists of chat hold numbers. Bookings are not kept by their ids: a
 * range is several of them, and some may have begun when the number is said.
 */
export function asNumber({ date, roomId, from, to }: SlotRange): number {
  return ((daysBetween(FIRST_DAY, date) * ROOMS + roomId) * PLACES + from) * PLACES + to;
}

/** The range a number stands for. */
export function asRange(number: number): SlotRange {
  const [rest, to] = parted(number, PLACES);
  const [place, from] = parted(rest, PLACES);
  const [day, roomId] = parted(place, ROOMS);
  return { date: addDays(FIRST_DAY, day), roomId, from, to };
}

function parted(number: number, by: number): [number, number] {
  return [Math.floor(number / by), number % by];
}
