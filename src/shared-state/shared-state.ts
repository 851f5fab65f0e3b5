import type { RotaStore } from '../rota/rota-store.ts';

/** How an attempt stands against its limit: not `ok`, try again after so many milliseconds. */
export type Limited = { ok: boolean; retryAfterMs: number };

/**
 * What all nodes share besides the database, and may lose without harm: in Redis where there is one, else in the process.
 * Values, leases and limits are name spaces of their own. Times run on the wall clock, never on the sandbox's.
 */
export type SharedState = {
  /** The value, or null where there is none or it has expired. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Removes the key where it holds this very value; of many who ask at once exactly one gets true. */
  compareAndDelete(key: string, value: string): Promise<boolean>;
  /** A lease of that name for `ttlMs`, to be handed to `releaseLease`; null while somebody else has it. */
  acquireLease(key: string, ttlMs: number): Promise<string | null>;
  /** Gives the lease up; no effect where it has run out and is somebody else's by now. */
  releaseLease(key: string, lease: string): Promise<void>;
  /** Counts one attempt. At most `limit` pass in a window, which begins with the first (rounded up to whole seconds). */
  hit(key: string, limit: number, windowMs: number): Promise<Limited>;
  /** Takes one counted attempt back: the sign-in succeeded after all. */
  forgiveHit(key: string, limit: number, windowMs: number): Promise<void>;
  rota: RotaStore;
  close(): Promise<void>;
};
