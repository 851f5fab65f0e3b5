import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id at OWASP's second profile: 19 MiB, two passes. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each hash holds a core and its memory: more at once would stop everything else (stack.md). */
const MOST_AT_ONCE = 2;
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

export type Passwords = {
  hash(password: string): Promise<string>;
  /**
   * Takes as long for a name nobody has (`stored` null), so that names cannot be found out. `first` runs when the turn
   * has come, right before the check, and may refuse it.
   */
  matches(password: string, stored: string | null, first?: () => Promise<void>): Promise<boolean>;
};

/** Hashes and checks passwords, two at a time; further ones wait their turn. */
export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }
  let nobodys: Promise<string> | null = null;
  return {
    hash: (password) => inTurn(() => hash(password, OPTIONS)),
    matches: async (password, stored, first = async () => undefined) => {
      nobodys ??= inTurn(() => hash(makePassword(), OPTIONS));
      const against = stored ?? (await nobodys);
      const fits = await inTurn(async () => {
        await first();
        return verify(against, password).catch(() => false);
      });
      return fits && stored !== null;
    },
  };
}

/** A one-time password that can be read out: twelve letters and digits without lookalikes. */
export function makePassword(): string {
  return Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
