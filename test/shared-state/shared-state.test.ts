import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInProcessState } from '../../src/shared-state/in-process.ts';
import type { SharedState } from '../../src/shared-state/shared-state.ts';
import { describeRotaStore } from '../rota/rota-cases.ts';
import { openRedisSpace, type RedisSpace, redisUrl } from './redis-state.ts';

describe('shared state in the process', () => {
  let nowMs = 1_000_000;
  const make = async () => createInProcessState({ wallNow: () => nowMs });
  describeSharedState(make, async (ms) => {
    nowMs += ms;
  });
  describe('rota', () => describeRotaStore(async () => (await make()).rota));

  it('turns taken 30 s ago: are told from newer ones', async () => {
    const { rota } = await make();
    const ranks = [{ consultantId: 1, weight: 1, slots: 1 }];
    const history = async () => ({ cycles: [], turns: [] });
    const { turns } = await rota.take({ ranks, history });
    nowMs += 30_000;
    await rota.take({ ranks, history });
    expect(await rota.outstanding(30_000)).toEqual(turns);
  });

  it('thousands of keys that nobody asks for again: expired ones are dropped, the others kept', async () => {
    const state = await make();
    await state.set('long', 'kept', 60_000);
    for (let i = 0; i < 3000; i++) {
      await state.set(`short${i}`, 'x', 10);
      nowMs += 11;
    }
    expect(await state.get('long')).toBe('kept');
    expect(await state.get('short1')).toBeNull();
  });
});

describe.skipIf(!redisUrl)('shared state in Redis (needs TEST_REDIS_URL)', () => {
  let space: RedisSpace;
  let state: SharedState;
  beforeAll(() => {
    space = openRedisSpace();
    state = space.connect();
  });
  afterAll(() => space.close());
  const make = async () => {
    await space.empty();
    return state;
  };
  describeSharedState(make, (ms) => sleep(ms));
  describe('rota', () => describeRotaStore(async () => (await make()).rota));

  it('another node: sees the same values, leases and limits', async () => {
    await make();
    const other = space.connect();
    await state.set('token', 'abc', 60_000);
    expect(await other.get('token')).toBe('abc');
    expect(await state.acquireLease('sweep', 60_000)).not.toBeNull();
    expect(await other.acquireLease('sweep', 60_000)).toBeNull();
    await state.hit('li', 1, 60_000);
    expect(await other.hit('li', 1, 60_000)).toMatchObject({ ok: false });
  });
});

function describeSharedState(make: () => Promise<SharedState>, elapse: (ms: number) => Promise<void>) {
  let state: SharedState;
  beforeEach(async () => {
    state = await make();
  });

  /** Lets the time pass and asks until the answer is there: expiry is the store's own business. */
  async function eventually(ms: number, check: () => Promise<void>) {
    await elapse(ms);
    await vi.waitFor(check, { timeout: 5000 });
  }

  it('a value: is kept, replaced, and gone when its time is over', async () => {
    expect(await state.get('token')).toBeNull();
    await state.set('token', 'first', 60_000);
    await state.set('token', '令牌', 60_000);
    expect(await state.get('token')).toBe('令牌');
    await state.set('token', 'short', 20);
    await eventually(20, async () => expect(await state.get('token')).toBeNull());
  });

  it('a value compared and deleted: by the right value only, and once', async () => {
    await state.set('code', 'K7Q2', 60_000);
    expect(await state.compareAndDelete('code', 'other')).toBe(false);
    const answers = await Promise.all(Array.from({ length: 20 }, () => state.compareAndDelete('code', 'K7Q2')));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await state.get('code')).toBeNull();
    expect(await state.compareAndDelete('code', 'K7Q2')).toBe(false);
  });

  it('a lease asked for by many at once: one has it, and after its release the next', async () => {
    const leases = await Promise.all(Array.from({ length: 20 }, () => state.acquireLease('refresh', 60_000)));
    const [lease] = leases.filter((lease) => lease !== null);
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    await state.releaseLease('refresh', 'not the lease');
    expect(await state.acquireLease('refresh', 60_000)).toBeNull();
    await state.releaseLease('refresh', lease!);
    expect(await state.acquireLease('refresh', 60_000)).not.toBeNull();
  });

  it('a lease that ran out: is free, and its old holder cannot release the new one', async () => {
    const old = await state.acquireLease('refresh', 20);
    await eventually(20, async () => expect(await state.acquireLease('refresh', 60_000)).not.toBeNull());
    await state.releaseLease('refresh', old!);
    expect(await state.acquireLease('refresh', 60_000)).toBeNull();
  });

  it('a value, a lease and a limit of one name: do not meet', async () => {
    await state.set('x', 'value', 60_000);
    expect(await state.acquireLease('x', 60_000)).not.toBeNull();
    expect(await state.hit('x', 1, 60_000)).toMatchObject({ ok: true });
    expect(await state.get('x')).toBe('value');
  });

  it('attempts up to the limit: pass; the next is told when to come back; another key is free', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => state.hit('li@1.2.3.4', 3, 60_000)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    const refused = await state.hit('li@1.2.3.4', 3, 60_000);
    expect(refused.ok).toBe(false);
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(await state.hit('wang@1.2.3.4', 3, 60_000)).toEqual({ ok: true, retryAfterMs: 0 });
  });

  it('an attempt taken back: makes room for another, and none taken back gives more than the limit', async () => {
    await state.forgiveHit('zhao', 1, 60_000);
    expect(await state.hit('zhao', 1, 60_000)).toMatchObject({ ok: true });
    expect(await state.hit('zhao', 1, 60_000)).toMatchObject({ ok: false });
    await state.forgiveHit('zhao', 1, 60_000);
    await state.forgiveHit('zhao', 1, 60_000);
    expect(await state.hit('zhao', 1, 60_000)).toMatchObject({ ok: true });
  });

  it('the window is over: attempts count from nothing', async () => {
    expect(await state.hit('wang', 1, 1000)).toMatchObject({ ok: true });
    await eventually(1000, async () => expect(await state.hit('wang', 1, 1000)).toMatchObject({ ok: true }));
  });
}
