import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/notify/backoff.ts';
import type { Channel, ChannelName, Outcome, Sending } from '../../src/notify/channels/channel.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { addTry, keyOf, type Try } from '../../src/notify/tries.ts';

const NOW = new Date('2026-11-21T06:00:00Z');
const sending = { id: 1, kind: 'pooled', data: { count: 1 }, key: 'k' } as unknown as Sending;

/** A channel that answers its outcomes in turn, the last one from then on. */
function channel(name: ChannelName, ...outcomes: Outcome[]): Channel & { asked: number } {
  const self = {
    name,
    asked: 0,
    send: async () => {
      self.asked += 1;
      return outcomes[Math.min(self.asked, outcomes.length) - 1] as Outcome;
    },
  };
  return self;
}

const attempt = (order: Channel[], tries: readonly Try[] = []) =>
  deliver(sending, { order, tries, now: () => NOW, random: () => 0.5 });

const sent: Outcome = { is: 'sent', platformId: '7' };
const again: Outcome = { is: 'again', error: '-1 system error' };
const refused: Outcome = {
  is: 'refused',
  error: '47003 argument invalid! data.phrase1.value invalid',
  field: 'phrase1',
};
const gone: Outcome = { is: 'unavailable', error: '没有邮箱' };

describe('deliver', () => {
  it('when the first channel takes it, asks no other', async () => {
    const [wechat, email] = [channel('wechat', sent), channel('email', sent)];
    expect(await attempt([wechat, email])).toMatchObject({ state: 'sent', channel: 'wechat', platformId: '7' });
    expect(email.asked).toBe(0);
  });

  it('when a channel does not reach the person, the next has its turn', async () => {
    const decision = await attempt([
      channel('wechat', gone),
      channel('email', refused),
      channel('sms', { is: 'sent' }),
    ]);
    expect(decision).toMatchObject({ state: 'sent', channel: 'sms' });
    expect(decision.tries.map(({ channel, is }) => [channel, is])).toEqual([
      ['wechat', 'unavailable'],
      ['email', 'refused'],
      ['sms', 'sent'],
    ]);
  });

  it('when no channel reaches the person, is unreachable, with what each said', async () => {
    const notFollowing: Outcome = { is: 'unavailable', error: '43004 require subscribe' };
    expect(await attempt([channel('wechat', notFollowing), channel('email', gone)])).toMatchObject({
      state: 'unreachable',
      error: '微信：43004 require subscribe；邮件：没有邮箱',
    });
  });

  it('when there is no channel at all, is unreachable', async () => {
    expect(await attempt([])).toMatchObject({ state: 'unreachable', error: '没有可用的通知方式' });
  });

  it('when the last word is a refusal, is dead and names the field', async () => {
    const decision = await attempt([channel('wechat', refused), channel('email', gone)]);
    expect(decision).toMatchObject({ state: 'dead', error: expect.stringContaining('47003') });
    expect(decision.tries[0]).toMatchObject({ field: 'phrase1' });
  });

  it('when a channel is busy, waits for it four times, about two minutes, and then turns to the next', async () => {
    const [wechat, email] = [channel('wechat', again), channel('email', { is: 'sent' })];
    let tries: Try[] = [];
    const waits: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const decision = await attempt([wechat, email], tries);
      if (decision.state !== 'queued') throw new Error(`was ${decision.state}`);
      waits.push(decision.dueAt.getTime() - NOW.getTime());
      tries = decision.tries;
    }
    expect(waits).toEqual([8_000, 16_000, 32_000, 64_000]);
    expect(await attempt([wechat, email], tries)).toMatchObject({ state: 'sent', channel: 'email' });
  });

  it('when the only channel stays busy, waits longer and longer and is dead in the end', async () => {
    const wechat = channel('wechat', again);
    let tries: Try[] = [];
    for (let n = 0; ; n += 1) {
      const decision = await attempt([wechat], tries);
      if (decision.state === 'dead') break;
      if (decision.state !== 'queued' || n > 50) throw new Error(`was ${decision.state} after ${n}`);
      expect(decision.dueAt.getTime() - NOW.getTime()).toBeLessThanOrEqual(2 * 3_600_000);
      tries = decision.tries;
    }
    expect(wechat.asked).toBe(22);
  });

  it('when a quota lasts until midnight, turns to the next channel, or waits where there is none', async () => {
    const midnight = new Date('2026-11-21T16:00:00Z');
    const quota: Outcome = { is: 'later', at: midnight, error: '45009 reach max api daily quota limit' };
    expect(await attempt([channel('wechat', quota), channel('email', sent)])).toMatchObject({ channel: 'email' });
    expect(await attempt([channel('wechat', quota), channel('email', gone)])).toMatchObject({
      state: 'queued',
      dueAt: midnight,
      error: expect.stringContaining('45009'),
    });
  });

  it('when the account is in trouble for weeks, waits for it however often it was tried', async () => {
    const trouble: Outcome = { is: 'paused', at: new Date(NOW.getTime() + 15 * 60_000), error: '89503 confirm' };
    const wechat = channel('wechat', trouble);
    let tries: Try[] = [];
    for (let n = 0; n < 500; n += 1) {
      const decision = await attempt([wechat, channel('email', gone)], tries);
      expect(decision).toMatchObject({ state: 'queued', dueAt: trouble.at, error: expect.stringContaining('89503') });
      tries = decision.tries;
    }
    expect(tries.length).toBeLessThan(5);
  });

  it('when a quota ends within minutes, waits for it', async () => {
    const soon = new Date(NOW.getTime() + 60_000);
    const minute: Outcome = { is: 'later', at: soon, error: '45011' };
    const email = channel('email', sent);
    expect(await attempt([channel('wechat', minute), email])).toMatchObject({ state: 'queued', dueAt: soon });
    expect(email.asked).toBe(0);
  });

  it('when what has no key was not answered, is repeated once and then leaves the channel', async () => {
    const lost: Outcome = { is: 'again', way: 'custom', error: 'lost no answer in time', most: 2 };
    const [wechat, email] = [channel('wechat', lost), channel('email', sent)];
    const first = await attempt([wechat, email]);
    expect(first.state).toBe('queued');
    expect(await attempt([wechat, email], first.tries)).toMatchObject({ state: 'sent', channel: 'email' });
    expect(wechat.asked).toBe(2);
  });

  it('when a channel has refused it before, does not ask it again', async () => {
    const [wechat, email] = [channel('wechat', refused), channel('email', again, sent)];
    const first = await attempt([wechat, email]);
    expect(await attempt([wechat, email], first.tries)).toMatchObject({ state: 'sent', channel: 'email' });
    expect(wechat.asked).toBe(1);
  });

  it('when sent anew by hand, asks all channels again', async () => {
    const first = await attempt([channel('wechat', refused)]);
    const resent = addTry(first.tries, { channel: 'resend', at: NOW.toISOString(), is: 'resend', fresh: true });
    expect(await attempt([channel('wechat', sent)], resent)).toMatchObject({ state: 'sent' });
  });

  it('when a channel has a bug, counts it as busy', async () => {
    const broken: Channel = { name: 'sms', send: () => Promise.reject(new Error('undefined is not a function')) };
    expect(await attempt([broken])).toMatchObject({
      state: 'queued',
      error: expect.stringContaining('undefined is not'),
    });
  });
});

describe('keyOf', () => {
  const fresh: Try = { channel: 'resend', at: '', is: 'resend', fresh: true };

  it('is the same at every attempt and another one for each sending anew', () => {
    const retried: Try = { channel: 'wechat', at: '', is: 'again' };
    expect(keyOf('assigned:7', [retried, retried])).toBe(keyOf('assigned:7', []));
    expect(keyOf('assigned:7', [retried, fresh])).not.toBe(keyOf('assigned:7', [retried]));
    expect(keyOf('assigned:8', [])).not.toBe(keyOf('assigned:7', []));
    expect(keyOf('assigned:7', [])).toMatch(/^[0-9a-f]{32}$/);
  });

  it('stays another one however long the history grows', () => {
    let tries: Try[] = [fresh];
    for (let n = 0; n < 100; n += 1) tries = addTry(tries, { channel: 'wechat', at: '', is: 'again' });
    expect(tries).toHaveLength(40);
    expect(keyOf('a', tries)).toBe(keyOf('a', [fresh]));
  });
});

describe('backoffMs', () => {
  it('doubles from 8 seconds to 2 hours, a quarter more or less', () => {
    expect([1, 2, 3, 11, 40].map((n) => backoffMs(n, () => 0.5))).toEqual([8000, 16_000, 32_000, 7_200_000, 7_200_000]);
    expect([backoffMs(1, () => 0), backoffMs(1, () => 1)]).toEqual([6000, 10_000]);
  });
});
