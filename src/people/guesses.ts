import { refuse } from '../kernel/refusal.ts';
import type { SharedState } from '../shared-state/index.ts';
import type { Passwords } from './passwords.ts';

const WINDOW_MS = 15 * 60_000;

/** How many wrong passwords of a key may come in a quarter of an hour. */
export type GuessLimit = { key: string; most: number };

export type CheckGuess = ReturnType<typeof createCheckGuess>;

/**
 * Checks a password against a stored one (null: nobody's, answered in the same time) where the limits leave a try. Only
 * wrong ones count.
 * @throws Refusal `too_many`
 */
export function createCheckGuess(parts: { passwords: Passwords; shared: Pick<SharedState, 'hit' | 'mayHit'> }) {
  const { passwords, shared } = parts;
  return async (password: string, stored: string | null, limits: readonly GuessLimit[]): Promise<boolean> => {
    // Asked when the check's turn has come: of many guesses at once hardly one gets past the limit.
    const demandAttempt = async () => {
      const asked = await Promise.all(limits.map(({ key, most }) => shared.mayHit(key, most, WINDOW_MS)));
      const late = asked.filter(({ ok }) => !ok).map(({ retryAfterMs }) => retryAfterMs);
      if (late.length > 0) throw refuse.too_many({ minutes: Math.max(1, Math.ceil(Math.max(...late) / 60_000)) });
    };
    const fits = await passwords.matches(password, stored, demandAttempt);
    if (!fits) await Promise.all(limits.map(({ key, most }) => shared.hit(key, most, WINDOW_MS)));
    return fits;
  };
}
