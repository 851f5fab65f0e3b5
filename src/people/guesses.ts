import { refuse } from '../kernel/refusal.ts';
import type { SharedState } from '../shared-state/index.ts';
import type { Passwords } from './passwords.ts';

const WINDOW_MS = 15 * 60_000;

/** How many wrong passwords of a key may come in a quarter of an hour. */
export type GuessLimit = { key: string; most: number };

export type CheckGuess = ReturnType<typeof createCheckGuess>;

/**
 * Checks a password against a stored one (null: nobody's, answered in the same time) where the limits leave a try. A try
 * counts before it is made, so that many at once get no further than one after the other; one that fits is taken back.
 * @throws Refusal `too_many`
 */
export function createCheckGuess(parts: { passwords: Passwords; shared: Pick<SharedState, 'hit' | 'forgiveHit'> }) {
  const { passwords, shared } = parts;
  return async (password: string, stored: string | null, limits: readonly GuessLimit[]): Promise<boolean> => {
    const takeBack = (counted: readonly GuessLimit[]) =>
      Promise.all(counted.map(({ key, most }) => shared.forgiveHit(key, most, WINDOW_MS)));
    // Counted when the check's turn has come: what waits for it has not been tried yet.
    const reserve = async () => {
      const asked = await Promise.all(limits.map(({ key, most }) => shared.hit(key, most, WINDOW_MS)));
      const late = asked.filter(({ ok }) => !ok).map(({ retryAfterMs }) => retryAfterMs);
      if (late.length === 0) return;
      await takeBack(limits);
      throw refuse.too_many({ minutes: Math.max(1, Math.ceil(Math.max(...late) / 60_000)) });
    };
    const fits = await passwords.matches(password, stored, reserve);
    if (fits) await takeBack(limits);
    return fits;
  };
}
