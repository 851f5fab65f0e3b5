import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { createPauses, createTemplateReports } from '../../src/notify/index.ts';
import { measurePauses } from '../../src/notify/measure-pauses.ts';
import { quietLog } from '../setup/database.ts';
import { assigned, TEMPLATE_SEND, useNotify } from './notify-school.ts';

const school = useNotify();
let pauses: ReturnType<typeof createPauses>;
beforeEach(() => {
  pauses = createPauses({ shared: school.shared, clock: school.clock, appId: 'wx1' });
});

const minutesLater = (n: number) => new Date(school.clock.now().getTime() + n * 60_000);
const nextDue = async () => (await school.notice()).dueAt.getTime() - school.clock.now().getTime();

describe('a report 「failed: sender block」', () => {
  const outboxOf = () => school.outbox();
  const reporter = (outbox: ReturnType<typeof outboxOf>) => {
    const take = createTemplateReports({ outbox: { kick: () => {} }, pauses, log: quietLog });
    return async (outcome: string) => {
      const msgId = (await school.notice()).platformId ?? '';
      await school.inTransaction(systemActor, 'chat', (scope) => take(scope, { msgId, outcome, status: outcome }));
      await outbox.settle();
    };
  };

  it('concerns the account: everything waits 1, 5, 15, 15 minutes though each message is taken, and then goes out', async () => {
    const person = await school.person();
    const outbox = outboxOf();
    const report = reporter(outbox);
    await school.tell(assigned(person.id));
    await outbox.settle();
    for (const minutes of [1, 5, 15, 15]) {
      expect((await school.notice()).state).toBe('sent');
      await report('accountBlocked');
      expect(await pauses.until('wechat')).toEqual(minutesLater(minutes));
      expect(await school.notice()).toMatchObject({
        state: 'queued',
        lastError: expect.stringContaining('sender block'),
      });
      const sent = school.sent(TEMPLATE_SEND).length;
      school.clock.moveTo(minutesLater(minutes - 0.5));
      await outbox.settle();
      expect(school.sent(TEMPLATE_SEND)).toHaveLength(sent);
      school.clock.moveTo(minutesLater(1));
      await outbox.settle();
    }
    const keys = school.sent(TEMPLATE_SEND).map(({ client_msg_id }) => client_msg_id);
    expect(new Set(keys).size).toBe(keys.length);
    await report('received');
    expect(await school.notice()).toMatchObject({ state: 'sent', deliveredAt: school.clock.now() });
    expect(await pauses.pauseAccount('senderBlocked')).toEqual(minutesLater(1));
  });

  it('holds back the notices of others as well', async () => {
    const [one, other] = [await school.person(), await school.person()];
    const outbox = outboxOf();
    await school.tell(assigned(one.id));
    await outbox.settle();
    await reporter(outbox)('accountBlocked');
    await school.tell(assigned(other.id, 'assigned:2'));
    await outbox.settle();
    expect((await school.notices()).map(({ state }) => state)).toEqual(['queued', 'queued']);
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);
  });
});

describe('a pause that somebody lifts', () => {
  it('is over, what waited goes out, and the next trouble waits one minute again', async () => {
    const person = await school.person();
    school.platform.answer(TEMPLATE_SEND, { errcode: 40164, errmsg: 'invalid ip' });
    await school.tell(assigned(person.id));
    const outbox = school.outbox();
    for (const minutes of [1, 5]) {
      await outbox.settle();
      expect(await nextDue()).toBe(minutes * 60_000);
      school.clock.moveTo(minutesLater(minutes));
    }
    await outbox.settle();
    expect(await nextDue()).toBe(15 * 60_000);
    await pauses.resume('wechat');
    expect(await pauses.until('wechat')).toBeNull();
    await school.prisma.notification.updateMany({ data: { dueAt: school.clock.now() } });
    await outbox.settle();
    expect(await nextDue()).toBe(60_000);
  });
});

describe('/metrics', () => {
  it('says how long the account and each way of sending are left alone', async () => {
    const metrics = new Registry();
    measurePauses({ metrics, pauses, clock: school.clock });
    await pauses.pauseAccount();
    await pauses.pause('custom', minutesLater(10));
    const text = await metrics.metrics();
    expect(text).toContain('xiaoxin_wechat_pause_seconds{what="account"} 60');
    expect(text).toContain('xiaoxin_wechat_pause_seconds{what="template"} 0');
    expect(text).toContain('xiaoxin_wechat_pause_seconds{what="custom"} 600');
    school.clock.moveTo(minutesLater(1));
    expect(await metrics.metrics()).toContain('xiaoxin_wechat_pause_seconds{what="account"} 0');
  });
});
