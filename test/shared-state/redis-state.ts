import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createRedisState } from '../../src/shared-state/redis.ts';
import type { SharedState } from '../../src/shared-state/shared-state.ts';

/** Where the tests that need a Redis find one; without it they are named as skipped. */
export const redisUrl = process.env.TEST_REDIS_URL;
if (!redisUrl && process.env.CI === 'true')
  throw new Error('With CI=true the tests for Redis must run: set TEST_REDIS_URL');

export type RedisSpace = {
  /** A client of its own on the space's keys, as another node would have. */
  connect(newTurnId?: () => string): SharedState;
  /** Makes Redis lose everything of this space. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** A key prefix of its own in the tests' Redis; closing removes all its keys. */
export function openRedisSpace(): RedisSpace {
  const keyPrefix = `test:${randomUUID()}:`;
  const admin = new Redis(redisUrl!);
  const clients: SharedState[] = [];
  async function empty() {
    const keys = await admin.keys(`${keyPrefix}*`);
    if (keys.length > 0) await admin.del(...keys);
  }
  return {
    connect(newTurnId) {
      const client = createRedisState({
        url: redisUrl!,
        keyPrefix,
        newTurnId,
        onError: (error) => {
          throw error;
        },
      });
      clients.push(client);
      return client;
    },
    empty,
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await empty();
      await admin.quit();
    },
  };
}
