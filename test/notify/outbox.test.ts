import { describe, expect, it } from 'vitest';
import { claimed } from '../../src/customers/notices.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import type { Channel, Sending } from '../../src/notify/channels/channel.ts';
import { templateFinished } from '../../src/notify/index.ts';
import { digest } from '../../src/notify/notices.ts';
import { resendNotices } from '../../src/notify/resend-notices.ts';
import { readSettings } from '../../src/settings/index.ts';
import { assigned, CUSTOM_SEND, pooled, TEMPLATE_SEND, useNotify } from './notify-school.ts';

const school = useNotify();

/** A channel in the process that notes what it sends; `gate` holds every send back. */
function recorder(gate: Promise<unknown> = Promise.resolve()) {
  const sent: Sending[] = [];
  let most = 0;
  let now = 0;
  const channel: Channel = {
    name: 'email',
    send: async (sending) => {
      now += 1;
      most = Math.max(most, now);
      sent.push(sending);
      await gate;
      now -= 1;
      return { is: 'sent' };
    },
  };
  return { channel, sent, most: () => most };
}

async function many(count: number) {
  const person = await school.person();
  const notices = Array.from({ length: count }, (_, n) => assigned(person.id, `assigned:${n}`));
  await school.tell(...notices);
  return person;
}

describe('the outbox', () => {
  it('sends every notice once, never more than twenty at a time', async () => {
    await many(205);
    const { channel, sent, most } = recorder();
    await school.outbox([channel]).settle();
    expect(new Set(sent.map(({ id }) => id)).size).toBe(205);
    expect(sent).toHaveLength(205);
    expect(most()).toBeLessThanOrEqual(20);
    expect((await school.notices()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true);
  });

  it('of two nodes sends each notice by one of them', async () => {
    await many(120);
    const [a, b] = [recorder(), recorder()];
    await Promise.all([school.outbox([a.channel]).settle(), school.outbox([b.channel]).settle()]);
    const ids = [...a.sent, ...b.sent].map(({ id }) => id);
    expect(ids).toHaveLength(120);
    expect(new Set(ids).size).toBe(120);
  });

  it('when a node falls silent, leaves its notices to it for a minute and then takes them over under the same key', async () => {
    await many(3);
    const silent = recorder(new Promise(() => {}));
    const dead = school.outbox([silent.channel]);
    void dead.settle();
    await expect.poll(() => silent.sent.length).toBe(3);

    const other = recorder();
    const next = school.outbox([other.channel]);
    await next.settle();
    expect(other.sent).toHaveLength(0);

    school.wall.offset = 61_000;
    await next.settle();
    expect(other.sent.map(({ key }) => key).sort()).toEqual(silent.sent.map(({ key }) => key).sort());
    expect((await school.notices()).every(({ state, attempts }) => state === 'sent' && attempts === 2)).toBe(true);
    dead.stop = async () => {};
  });

  it('when a node comes back late with its outcome, the one that took over has the say', async () => {
    await many(1);
    let release = () => {};
    const late: Channel = {
      name: 'email',
      send: async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { is: 'refused', error: '550 too late' };
      },
    };
    const slow = school.outbox([late]).settle();
    await expect.poll(async () => (await school.notice()).state).toBe('sending');
    school.wall.offset = 61_000;
    await school.outbox([recorder().channel]).settle();
    release();
    await slow;
    expect(await school.notice()).toMatchObject({ state: 'sent', lastError: null });
  });

  it('told to stop while nobody answers, ends in seconds, once however often it is told, and claims no more', async () => {
    await many(40);
    let answer = () => {};
    const silent = recorder(
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
    );
    const outbox = school.outbox([silent.channel]);
    const settling = outbox.settle();
    await expect.poll(() => silent.sent.length).toBe(20);
    const stopped = outbox.stop();
    await stopped;
    expect(outbox.stop()).toBe(stopped);
    expect((await school.notices()).filter(({ state }) => state === 'sending')).toHaveLength(20);
    answer();
    await settling;
    expect(silent.sent).toHaveLength(20);
  });

  it('leaves what is due later until then', async () => {
    const person = await school.person();
    const dueAt = new Date('2026-11-21T13:00:00+08:00');
    await school.tell({ ...assigned(person.id), dueAt });
    const { channel, sent } = recorder();
    const outbox = school.outbox([channel]);
    await outbox.settle();
    expect(sent).toHaveLength(0);
    school.clock.moveTo(dueAt);
    await outbox.settle();
    expect(sent).toHaveLength(1);
  });

  it('told twice of the same cause, sends once', async () => {
    const person = await school.person();
    await school.tell(assigned(person.id), assigned(person.id));
    await school.tell(assigned(person.id));
    const { channel, sent } = recorder();
    await school.outbox([channel]).settle();
    expect(sent).toHaveLength(1);
  });

  it('when stopped, lets those in flight end and claims nothing more', async () => {
    await many(30);
    let open = () => {};
    const { channel, sent } = recorder(
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    const outbox = school.outbox([channel]);
    outbox.kick();
    await expect.poll(() => sent.length).toBe(20);
    const stopped = outbox.stop();
    open();
    await stopped;
    const states = (await school.notices()).map(({ state }) => state);
    expect(states.filter((state) => state === 'sent')).toHaveLength(20);
    expect(states.filter((state) => state === 'queued')).toHaveLength(10);
  });

  it('lists somebody without any address as unreachable at once, and sends nothing upon a later binding', async () => {
    const person = await school.person({ openid: null });
    await school.tell(assigned(person.id));
    const outbox = school.outbox();
    await outbox.settle();
    expect(await school.notice()).toMatchObject({ state: 'unreachable', lastError: '微信：没有绑定微信' });
    await school.prisma.person.update({ where: { id: person.id }, data: { openid: 'oXx_later' } });
    await outbox.settle();
    expect(school.platform.asked).toHaveLength(0);
  });

  it('sends nothing to a deactivated account', async () => {
    const person = await school.person({ active: false });
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'unreachable', lastError: '账号已停用' });
    expect(school.platform.asked).toHaveLength(0);
  });

  it('follows the channels a person chose', async () => {
    const person = await school.person({ email: 'a@school.test', notifyPrefs: { channels: ['email'] } });
    await school.tell(assigned(person.id));
    const { channel, sent } = recorder();
    await school.outbox([school.wechat(), channel]).settle();
    expect(sent).toHaveLength(1);
    expect(school.platform.asked).toHaveLength(0);
  });
});

describe('customer-service windows', () => {
  const words = (to: number, n: number) => digest.to(to, { count: 1, lines: [`${n}`] }, { once: `night:${n}` });

  it('with fifty notices for one person on two nodes at once, take five and none more', async () => {
    const person = await school.person();
    await school.says(person.openid);
    await school.tell(...Array.from({ length: 50 }, (_, n) => words(person.id, n)));
    await Promise.all([school.outbox().settle(), school.outbox().settle()]);
    expect(school.sent(CUSTOM_SEND)).toHaveLength(5);
    const states = (await school.notices()).map(({ state }) => state);
    expect(states.filter((state) => state === 'sent')).toHaveLength(5);
    expect(states.filter((state) => state === 'unreachable')).toHaveLength(45);
  });

  it('use the minute after a tap first, then the 48 hours after a message', async () => {
    const person = await school.person();
    const now = school.clock.now();
    await school.says(person.openid);
    await school.prisma.follower.update({ where: { openid: person.openid ?? '' }, data: { eventAt: now } });
    await school.tell(...Array.from({ length: 10 }, (_, n) => words(person.id, n)));
    await school.outbox().settle();
    expect(school.sent(CUSTOM_SEND)).toHaveLength(8);
    expect(await school.prisma.follower.findFirst()).toMatchObject({ eventUsed: 3, messageUsed: 5 });
  });

  it('close: the tap’s within the minute, the message’s within 48 hours', async () => {
    const person = await school.person();
    const at = school.clock.now();
    const openid = person.openid ?? '';
    await school.prisma.follower.create({
      data: { openid, following: true, changedAt: at, eventAt: at, messageAt: null },
    });
    school.clock.moveTo(new Date(at.getTime() + 50_000));
    await school.tell(words(person.id, 1));
    await school.outbox().settle();
    await school.says(openid, at);
    school.clock.moveTo(new Date(at.getTime() + 48 * 3_600_000));
    await school.tell(words(person.id, 2));
    await school.outbox().settle();
    expect(school.sent(CUSTOM_SEND)).toHaveLength(0);
  });
});

describe('quiet hours', () => {
  const night = new Date('2026-11-21T22:00:00+08:00');
  const morning = new Date('2026-11-22T08:00:00+08:00');
  const switchOn = async () => {
    const at = school.clock.now();
    await school.prisma.setting.create({ data: { key: 'quietHours', value: true, updatedAt: at } });
    expect(await readSettings(school.prisma)).toMatchObject({ quietHours: true, quietFrom: 21, quietUntil: 8 });
  };

  it('are off unless switched on', async () => {
    const person = await school.person();
    school.clock.moveTo(night);
    await school.tell(pooled(person.id));
    const { channel, sent } = recorder();
    await school.outbox([channel]).settle();
    expect(sent).toHaveLength(1);
  });

  it('hold the rest but never what is urgent, and send one digest in the morning', async () => {
    await switchOn();
    const [person, other] = [await school.person(), await school.person()];
    school.clock.moveTo(night);
    await school.tell(
      assigned(person.id),
      pooled(person.id, 'pooled:1'),
      claimed.to(person.id, { customer: '李明', by: '王强' }, { once: 'claimed:1' }),
      pooled(other.id, 'pooled:2'),
    );
    const { channel, sent } = recorder();
    const outbox = school.outbox([channel]);
    await outbox.settle();
    expect(sent.map(({ kind }) => kind)).toEqual(['assigned']);
    expect((await school.notices()).filter(({ state }) => state === 'queued').map(({ dueAt }) => dueAt)).toEqual([
      morning,
      morning,
      morning,
    ]);

    school.clock.moveTo(morning);
    await Promise.all([outbox.settle(), school.outbox([channel]).settle()]);
    expect(
      sent
        .slice(1)
        .map(({ kind, person: { id } }) => [kind, id])
        .sort(),
    ).toEqual(
      [
        ['digest', person.id],
        ['pooled', other.id],
      ].sort(),
    );
    const digest = sent.find(({ kind }) => kind === 'digest');
    expect(digest?.data).toEqual({ count: 2, lines: ['公海新进 5 位', '李明 已由王强接手'] });
    expect((await school.notices()).every(({ state }) => state === 'sent')).toBe(true);
    expect((await school.notices()).filter(({ channel: through }) => through === 'digest')).toHaveLength(2);
  });

  it('are each person’s own where they say so', async () => {
    await switchOn();
    const awake = await school.person({ notifyPrefs: { quiet: { on: false, from: 21, until: 8 } } });
    const early = await school.person({ notifyPrefs: { quiet: { on: true, from: 20, until: 6 } } });
    school.clock.moveTo(new Date('2026-11-22T07:00:00+08:00'));
    await school.tell(pooled(awake.id, 'a'), pooled(early.id, 'b'), pooled((await school.person()).id, 'c'));
    const { channel, sent } = recorder();
    await school.outbox([channel]).settle();
    expect(sent.map(({ person }) => person.id).sort()).toEqual([awake.id, early.id].sort());
  });
});

describe('the report of a template message', () => {
  const report = (msgId: string, outcome: string) =>
    school.inTransaction(systemActor, 'chat', (scope) => templateFinished(scope, { msgId, outcome }));
  const sendOne = async (given: Parameters<typeof school.person>[0] = {}, channels?: Channel[]) => {
    const person = await school.person(given);
    await school.tell(assigned(person.id));
    const outbox = school.outbox(channels);
    await outbox.settle();
    return { person, outbox, msgId: (await school.notice()).platformId ?? '' };
  };

  it('marks the notice delivered, however often it comes', async () => {
    const { msgId } = await sendOne();
    await report(msgId, 'received');
    const { deliveredAt } = await school.notice();
    expect(deliveredAt).toEqual(school.clock.now());
    school.clock.moveTo('2026-11-21T12:05:00+08:00');
    await report(msgId, 'received');
    expect((await school.notice()).deliveredAt).toEqual(deliveredAt);
  });

  it('finds the notice although it came before its msgid was written down', async () => {
    const msgId = '3487542469355000001';
    await report(msgId, 'received');
    await sendOne();
    expect(await school.notice()).toMatchObject({ platformId: msgId, deliveredAt: school.clock.now() });
  });

  it('that somebody blocks us sends the notice on by the next channel, once', async () => {
    const { channel, sent } = recorder();
    const { person, outbox, msgId } = await sendOne({ email: 'a@school.test' }, [school.wechat(), channel]);
    expect(await report(msgId, 'blocked')).toBe(true);
    expect(await report(msgId, 'blocked')).toBe(false);
    await outbox.settle();
    expect(sent).toHaveLength(1);
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'email' });
    expect(await school.prisma.follower.findUnique({ where: { openid: person.openid ?? '' } })).toMatchObject({
      optedOut: true,
    });
  });

  it('that somebody blocks us leaves the notice unreachable where there is no other channel', async () => {
    const { outbox, msgId } = await sendOne();
    await report(msgId, 'blocked');
    await outbox.settle();
    expect(await school.notice()).toMatchObject({ state: 'unreachable', lastError: '微信：failed:user block' });
  });

  it('that the platform failed sends it once more, under another key', async () => {
    const { outbox, msgId } = await sendOne();
    await report(msgId, 'systemFailed');
    school.clock.moveTo('2026-11-21T12:01:00+08:00');
    await outbox.settle();
    const [first, second] = school.sent(TEMPLATE_SEND).map(({ client_msg_id }) => client_msg_id);
    expect(second).not.toBe(first);
    expect(await school.notice()).toMatchObject({ state: 'sent', platformId: '3487542469355000002' });
  });

  it('of a message that is not ours changes nothing', async () => {
    await sendOne();
    expect(await report('42', 'blocked')).toBe(false);
    expect((await school.notice()).state).toBe('sent');
  });
});

describe('resendNotices', () => {
  const resend = (ids: number[]) => school.inTransaction(systemActor, 'web', (scope) => resendNotices(scope, ids));

  it('sends the dead once more under a new key, and leaves those that went out alone', async () => {
    const person = await school.person();
    school.platform.answer(TEMPLATE_SEND, { errcode: 47003, errmsg: 'argument invalid!' }, { errcode: 0, msgid: 1 });
    await school.tell(assigned(person.id));
    const outbox = school.outbox();
    await outbox.settle();
    const { id } = await school.notice();
    expect(await resend([id])).toBe(1);
    await outbox.settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', attempts: 1 });
    const keys = school.sent(TEMPLATE_SEND).map(({ client_msg_id }) => client_msg_id);
    expect(new Set(keys).size).toBe(2);
    await expect(resend([id])).rejects.toMatchObject({ code: 'nothing_to_resend', status: 409 });
  });

  it('reaches who was unreachable and has bound since', async () => {
    const person = await school.person({ openid: null });
    await school.tell(assigned(person.id));
    const outbox = school.outbox();
    await outbox.settle();
    await school.prisma.person.update({ where: { id: person.id }, data: { openid: 'oXx_bound_since' } });
    await resend([(await school.notice()).id]);
    await outbox.settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'wechat' });
  });
});
