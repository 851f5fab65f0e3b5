import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limited, SharedState } from './shared-state.ts';

type LimiterOptions = { keyPrefix: string; points: number; duration: number };

/** The limits of a shared state, over whichever store `makeLimiter` counts in; one limiter for each limit and window. */
export function createLimits(
  makeLimiter: (options: LimiterOptions) => RateLimiterAbstract,
): Pick<SharedState, 'hit' | 'forgiveHit'> {
  const limiters = new Map<string, RateLimiterAbstract>();

  function limiterOf(limit: number, windowMs: number): RateLimiterAbstract {
    const seconds = Math.max(1, Math.ceil(windowMs / 1000));
    const keyPrefix = `hit:${limit}:${seconds}`;
    const limiter = limiters.get(keyPrefix) ?? makeLimiter({ keyPrefix, points: limit, duration: seconds });
    limiters.set(keyPrefix, limiter);
    return limiter;
  }

  return {
    async hit(key, limit, windowMs) {
      try {
        await limiterOf(limit, windowMs).consume(key);
        return { ok: true, retryAfterMs: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return refusedUntil(refused);
      }
    },
    async forgiveHit(key, limit, windowMs) {
      const limiter = limiterOf(limit, windowMs);
      // Rewarding a key whose window has ended would leave it one attempt in advance.
      if (((await limiter.get(key))?.consumedPoints ?? 0) > 0) await limiter.reward(key);
    },
  };
}

function refusedUntil({ msBeforeNext }: RateLimiterRes): Limited {
  return { ok: false, retryAfterMs: Math.max(0, msBeforeNext) };
}
