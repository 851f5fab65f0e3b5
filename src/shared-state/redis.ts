import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createRedisRota, type RotaRedis } from '../rota/redis-rota.ts';
import { scripts } from '../rota/redis-scripts.ts';
import { createLimits } from './limits.ts';
import type { SharedState } from './shared-state.ts';

type RedisStateOptions = {
  url: string;
  /** Stands before every key, so that several schools can share a Redis. */
  keyPrefix?: string;
  /** Told of a broken connection; it is made anew by itself. */
  onError: (error: Error) => void;
  newTurnId?: () => string;
};

/** Shared state of several nodes, held in Redis. Connects by itself; without a server a command fails within 5 s. */
export function createRedisState({ url, keyPrefix = 'xiaoxin:', onError, newTurnId }: RedisStateOptions): SharedState {
  const redis = new Redis(url, { keyPrefix, scripts, maxRetriesPerRequest: 3, commandTimeout: 5000 });
  redis.on('error', onError);

  // ioredis adds a method for each script at run time; its types know only of those declared by augmenting the module.
  const methods = redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>;
  const run: RotaRedis['run'] = (script, keys, args) => methods[script]!.call(redis, ...keys, ...args);
  const compareAndDelete = async (key: string, value: string) => (await run('compareAndDelete', [key], [value])) === 1;

  return {
    get: (key) => redis.get(`value:${key}`),
    async set(key, value, ttlMs) {
      await redis.set(`value:${key}`, value, 'PX', wholeMs(ttlMs));
    },
    compareAndDelete: (key, value) => compareAndDelete(`value:${key}`, value),
    async acquireLease(key, ttlMs) {
      const lease = randomUUID();
      return (await redis.set(`lease:${key}`, lease, 'PX', wholeMs(ttlMs), 'NX')) === 'OK' ? lease : null;
    },
    async releaseLease(key, lease) {
      await compareAndDelete(`lease:${key}`, lease);
    },
    ...createLimits((options) => new RateLimiterRedis({ ...options, storeClient: redis })),
    rota: createRedisRota(
      { run, set: (key, value) => redis.set(key, value), hdel: (...args) => redis.hdel(...args) },
      newTurnId,
    ),
    async close() {
      // `quit` would wait for a server that is not there.
      if (redis.status === 'ready') await redis.quit();
      else redis.disconnect();
    },
  };
}

function wholeMs(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs));
}
