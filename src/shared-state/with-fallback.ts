import type { RotaStore } from '../rota/rota-store.ts';
import type { SharedState } from './shared-state.ts';

/** For so long nobody asks a store that has just failed: whoever waits for a sign-in waits once, not ten times. */
const REST_MS = 2_000;
/** Whoever waits for a sign-in waits no longer for the server; an import's thousand turns are one long step. */
const ANSWER_WITHIN_MS = 1_500;
const LONG_STEP_MS = 5_000;

/** A shared state that goes on without its server. */
export type SteadyState = SharedState & {
  /** Whether the process stands in for the server now. */
  isDegraded(): boolean;
};

/**
 * A shared state whose every step the process does itself while the server does not answer. What is shared may be lost
 * without harm, so each use has its right stand-in: limits and values hold on this node, and the rota is laid out from
 * the turns the database knows, where a place two nodes give out at once is used by one of them. Both sides' places that
 * are used already are overtaken when the server is back (`assignment/README.md`).
 */
export function createSteadyState(parts: {
  server: SharedState;
  makeLocal: () => SharedState;
  wallNow: () => number;
  /** Told once when the process begins to stand in, and once when the server is back. */
  onChange: (degraded: boolean, why?: unknown) => void;
}): SteadyState {
  const { server, makeLocal, wallNow, onChange } = parts;
  let local = makeLocal();
  let degraded = false;
  let restsUntil = 0;

  async function either<T>(ask: (state: SharedState) => Promise<T>, withinMs = ANSWER_WITHIN_MS): Promise<T> {
    if (degraded && wallNow() < restsUntil) return ask(local);
    try {
      const answer = await within(withinMs, ask(server));
      if (degraded) recover();
      return answer;
    } catch (error) {
      restsUntil = wallNow() + REST_MS;
      if (!degraded) {
        degraded = true;
        onChange(true, error);
      }
      return ask(local);
    }
  }

  /** What the process held is over: its rota above all, which the turns of other nodes have left behind. */
  function recover(): void {
    degraded = false;
    local = makeLocal();
    onChange(false);
  }

  /** Turns know only who gave them out: both are told. What the server did not hear, the job that returns turns does. */
  async function both(ask: (rota: RotaStore) => Promise<void>): Promise<void> {
    const own = local;
    await either((state) => ask(state.rota));
    await ask(own.rota);
  }

  const rota: RotaStore = {
    take: (request) =>
      either(({ rota }) => rota.take(request), (request.count ?? 1) > 1 ? LONG_STEP_MS : ANSWER_WITHIN_MS),
    giveBack: (...turnIds) => both((rota) => rota.giveBack(...turnIds)),
    settle: (...turnIds) => both((rota) => rota.settle(...turnIds)),
    outstanding: (olderThanMs) => either(({ rota }) => rota.outstanding(olderThanMs)),
    markReset: () => either(({ rota }) => rota.markReset()),
    peek: () => either(({ rota }) => rota.peek()),
    restore: (ranks, history) => either(({ rota }) => rota.restore(ranks, history)),
  };
  return {
    get: (key) => either((state) => state.get(key)),
    set: (key, value, ttlMs) => either((state) => state.set(key, value, ttlMs)),
    compareAndDelete: (key, value) => either((state) => state.compareAndDelete(key, value)),
    acquireLease: (key, ttlMs) => either((state) => state.acquireLease(key, ttlMs)),
    releaseLease: (key, lease) => either((state) => state.releaseLease(key, lease)),
    hit: (key, limit, windowMs) => either((state) => state.hit(key, limit, windowMs)),
    forgiveHit: (key, limit, windowMs) => either((state) => state.forgiveHit(key, limit, windowMs)),
    rota,
    isDegraded: () => degraded,
    close: () => server.close(),
  };
}

/** @throws Error where there is no answer in that time; what comes later is nobody's. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
