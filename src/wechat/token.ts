import type { SharedState } from '../shared-state/index.ts';

/** The part of the nodes' shared state that tokens need. */
export type TokenState = Pick<SharedState, 'get' | 'set' | 'compareAndDelete' | 'acquireLease' | 'releaseLease'>;

/** A short-lived secret of the account (access token, JS-SDK ticket) that all nodes use together. */
export type SharedSecret = {
  /** The secret, fetched at most once however many ask. */
  get(): Promise<string>;
  /** Says the platform refused `value`: forgets it, unless another has replaced it meanwhile. */
  reject(value: string): Promise<void>;
};

type Parts = {
  state: TokenState;
  /** Names account and secret, e.g. `wechat:token:wx…`. */
  key: string;
  fetchFresh: () => Promise<{ value: string; expiresInSeconds: number }>;
  /** The wall clock in milliseconds: the sandbox's moved clock does not age tokens. */
  wallNow: () => number;
  sleep: (ms: number) => Promise<void>;
  /** 0 to 1, spreads the renewals. */
  random?: () => number;
};

type Stored = { value: string; reuseUntil: number };

const EARLY_MS = 300_000; // both the old and the new token work in these last five minutes
const JITTER_MS = 30_000;
const LEASE_MS = 20_000; // longer than one fetch with its repeats
const WAIT_MS = 100;
const REJECTED_AGAIN_MS = 60_000;

/**
 * Keeps one secret for all nodes: reused until five minutes (± jitter) before its end, then renewed by the one who
 * gets the lease, while the others wait for what it stores. Renewing never forces: normal mode gives all nodes the
 * same token, so two that renew at once do no harm.
 */
export function createSharedSecret(parts: Parts): SharedSecret {
  const { state, key, fetchFresh, wallNow, sleep, random = Math.random } = parts;
  let flight: Promise<string> | undefined;
  let rejected: { value: string; at: number } | undefined;

  return { get, reject };

  function get(): Promise<string> {
    if (flight) return flight;
    const mine = read().finally(() => {
      if (flight === mine) flight = undefined;
    });
    flight = mine;
    return mine;
  }

  async function reject(value: string): Promise<void> {
    // The platform may give the refused token again; clearing it each time would fetch without end.
    if (rejected?.value === value && wallNow() - rejected.at < REJECTED_AGAIN_MS) return;
    const raw = await state.get(key);
    if (raw === null || parse(raw)?.value !== value) return;
    if (!(await state.compareAndDelete(key, raw))) return;
    rejected = { value, at: wallNow() };
    flight = undefined; // one that began earlier may have read the refused token
  }

  async function read(): Promise<string> {
    const deadline = wallNow() + 2 * LEASE_MS;
    for (;;) {
      const stored = await usable();
      if (stored) return stored;
      const lease = await state.acquireLease(`${key}:lease`, LEASE_MS);
      if (lease) return renew(lease);
      if (wallNow() > deadline) throw new Error(`${key}: nobody renewed it in time`);
      await sleep(WAIT_MS + random() * WAIT_MS);
    }
  }

  async function renew(lease: string): Promise<string> {
    try {
      const stored = await usable(); // another node may have renewed it just before we got the lease
      if (stored) return stored;
      const { value, expiresInSeconds } = await fetchFresh();
      const lifeMs = expiresInSeconds * 1000;
      const early = EARLY_MS + (random() * 2 - 1) * JITTER_MS;
      // A token near its end comes back with about 300 s: use it a little, or every call would ask again.
      const reuseMs = Math.max(lifeMs - early, Math.min(lifeMs / 2, 60_000));
      const entry: Stored = { value, reuseUntil: wallNow() + reuseMs };
      await state.set(key, JSON.stringify(entry), Math.max(1, Math.ceil(reuseMs)));
      return value;
    } finally {
      await state.releaseLease(`${key}:lease`, lease);
    }
  }

  async function usable(): Promise<string | undefined> {
    const raw = await state.get(key);
    const stored = raw === null ? undefined : parse(raw);
    return stored && stored.reuseUntil > wallNow() ? stored.value : undefined;
  }
}

function parse(raw: string): Stored | undefined {
  try {
    return JSON.parse(raw) as Stored;
  } catch {
    return undefined;
  }
}
