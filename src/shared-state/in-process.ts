import { randomUUID } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createInProcessRota } from '../rota/in-process-rota.ts';
import { createLimits } from './limits.ts';
import type { SharedState } from './shared-state.ts';

type Entry = { value: string; expiresAtMs: number };

/** Shared state of a single node, held in its memory and gone with it: what runs where no `REDIS_URL` is set. */
export function createInProcessState(deps: { wallNow: () => number; newTurnId?: () => string }): SharedState {
  const values = createExpiringMap(deps.wallNow);
  const leases = createExpiringMap(deps.wallNow);

  return {
    get: async (key) => values.get(key),
    set: async (key, value, ttlMs) => values.set(key, value, ttlMs),
    compareAndDelete: async (key, value) => values.compareAndDelete(key, value),
    async acquireLease(key, ttlMs) {
      if (leases.get(key) !== null) return null;
      const lease = randomUUID();
      leases.set(key, lease, ttlMs);
      return lease;
    },
    async releaseLease(key, lease) {
      leases.compareAndDelete(key, lease);
    },
    ...createLimits((options) => new RateLimiterMemory(options)),
    rota: createInProcessRota(deps),
    close: async () => {},
  };
}

function createExpiringMap(wallNow: () => number) {
  const entries = new Map<string, Entry>();
  let sweepAt = 1000;

  function get(key: string): string | null {
    const entry = entries.get(key);
    if (!entry) return null;
    if (entry.expiresAtMs > wallNow()) return entry.value;
    entries.delete(key);
    return null;
  }

  // Keys nobody asks for again would stay for ever, so every doubling clears what has expired.
  function sweep() {
    if (entries.size < sweepAt) return;
    const now = wallNow();
    for (const [key, { expiresAtMs }] of entries) if (expiresAtMs <= now) entries.delete(key);
    sweepAt = Math.max(1000, entries.size * 2);
  }

  return {
    get,
    set(key: string, value: string, ttlMs: number) {
      sweep();
      entries.set(key, { value, expiresAtMs: wallNow() + ttlMs });
    },
    compareAndDelete: (key: string, value: string) => get(key) === value && entries.delete(key),
  };
}
