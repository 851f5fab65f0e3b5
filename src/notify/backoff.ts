const FIRST_MS = 8_000;
const LONGEST_MS = 2 * 60 * 60_000;

/** So many attempts at one channel, within the ten minutes for which the platform knows a key, before the next has its turn. */
export const QUICK_ATTEMPTS = 5;
/** After so many attempts over all channels, about a day, a notice is dead. */
export const MOST_ATTEMPTS = 22;
/** What a channel can do within this time is worth waiting for. */
export const SOON_MS = 10 * 60_000;

/**
 * How long to wait after the nth attempt (1, 2, …), in milliseconds: 8 s doubling to 2 h, a quarter more or less. A call
 * takes 5 s to be given up, so that one lost answer is followed by the next attempt within 20 s.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, attempt - 1));
  return Math.round(base * (0.75 + 0.5 * random()));
}
