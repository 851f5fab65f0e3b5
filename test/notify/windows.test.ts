import { describe, expect, it } from 'vitest';
import { noteOptedOut } from '../../src/notify/followers.ts';
import { noteFollowing, noteUnfollowed, openWindow } from '../../src/notify/index.ts';
import { reserveWindow } from '../../src/notify/windows.ts';
import { bindReleased } from '../../src/people/notices.ts';
import { assigned, CUSTOM_SEND, TEMPLATE_SEND, useNotify } from './notify-school.ts';

const school = useNotify();
const OPENID = 'oXx_window';
const USER = { appId: 'wx1', openid: OPENID };
const later = (ms: number) => new Date(school.clock.now().getTime() + ms);
/** A push of that time reaches us at `now`, by default at once. */
const opens = (kind: 'message' | 'event', createTime = school.clock.now(), now = createTime) =>
  openWindow(school.prisma, USER, kind, { createTime, now });
const reserve = async (times: number, at = school.clock.now()) => {
  const taken = await Promise.all(Array.from({ length: times }, () => reserveWindow(school.prisma, USER, at)));
  return taken.filter(Boolean).length;
};

describe('openWindow', () => {
  it('after a message opens 48 hours for five, and the next message opens them anew', async () => {
    await opens('message');
    expect(await reserve(9)).toBe(5);
    await opens('message', later(1000));
    expect(await reserve(9, later(47 * 3_600_000))).toBe(5);
  });

  it('after a tap opens a minute for three', async () => {
    await opens('event');
    expect(await reserve(9)).toBe(3);
    await opens('event', later(1000));
    expect(await reserve(1, later(61_000))).toBe(0);
  });

  it('delivered again or late, opens nothing anew', async () => {
    const at = school.clock.now();
    await opens('message', at);
    expect(await reserve(5)).toBe(5);
    await opens('message', at);
    await opens('message', new Date(at.getTime() - 5000));
    expect(await reserve(5)).toBe(0);
  });

  it('counts what is on its way to this person as sent into it', async () => {
    const person = await school.person({ openid: OPENID });
    await school.tell(assigned(person.id, 'a'), assigned(person.id, 'b'), assigned(person.id, 'c'));
    await school.prisma.notification.updateMany({ where: { once: { not: 'c' } }, data: { state: 'sending' } });
    await opens('message');
    expect(await reserve(9)).toBe(3);
  });

  it('takes nobody for a follower who has left', async () => {
    await opens('message');
    await school.prisma.follower.update({ where: { openid: OPENID }, data: { following: false } });
    expect(await reserve(1)).toBe(0);
  });
});

describe('pushes that overtake each other', () => {
  const following = async () => (await school.prisma.follower.findUnique({ where: { openid: OPENID } }))?.following;

  it('a 取消关注 that arrives after the 关注 which followed it does not make the person unreachable', async () => {
    await noteFollowing(school.prisma, USER, later(0));
    await noteUnfollowed(school.prisma, USER, later(-60_000));
    expect(await following()).toBe(true);
    await noteUnfollowed(school.prisma, USER, later(1000));
    expect(await following()).toBe(false);
  });

  it('a message from before somebody left opens no window, one from after they were back does', async () => {
    await noteUnfollowed(school.prisma, USER, later(0));
    await opens('message', later(-5000), later(1000));
    expect([await following(), await reserve(1)]).toEqual([false, 0]);
    await opens('message', later(5000));
    expect([await following(), await reserve(1)]).toEqual([true, 1]);
  });

  it('a 取消关注 from before the last message is late: who wrote since follows', async () => {
    await opens('message', later(0));
    await noteUnfollowed(school.prisma, USER, later(-1000));
    expect([await following(), await reserve(1)]).toEqual([true, 1]);
  });

  it('within one second the one that came last counts', async () => {
    school.clock.moveTo(new Date(Math.floor(school.clock.now().getTime() / 1000) * 1000 + 700));
    await noteFollowing(school.prisma, USER, school.clock.now());
    await noteUnfollowed(school.prisma, USER, later(-700));
    expect(await following()).toBe(false);
  });

  it('a message from the future keeps a window open no longer than one from now', async () => {
    await opens('message', later(30 * 86_400_000), later(0));
    expect(await reserve(1, later(47 * 3_600_000))).toBe(1);
    expect(await reserve(1, later(49 * 3_600_000))).toBe(0);
  });
});

describe('somebody who switched template messages off', () => {
  it('is told in words while their window is open, and is tried again after a week', async () => {
    const person = await school.person({ openid: OPENID });
    await opens('message');
    await noteOptedOut(school.prisma, USER, school.clock.now());
    const outbox = school.outbox();
    await school.tell(assigned(person.id, 'a'));
    await outbox.settle();
    expect([school.sent(CUSTOM_SEND).length, school.sent(TEMPLATE_SEND).length]).toEqual([1, 0]);

    school.clock.moveTo(later(3 * 86_400_000));
    await school.tell(assigned(person.id, 'b'));
    await outbox.settle();
    expect((await school.notices())[1]).toMatchObject({
      state: 'unreachable',
      lastError: expect.stringContaining('关掉了'),
    });

    school.clock.moveTo(later(5 * 86_400_000));
    await school.tell(assigned(person.id, 'c'));
    await outbox.settle();
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);
  });
});

describe('a phone that was released', () => {
  it('is told so itself, while its window is open, although the person has another by now', async () => {
    const person = await school.person({ openid: 'oXx_newPhone' });
    await opens('message');
    const outbox = school.outbox();
    await school.tell(bindReleased.to(person.id, { by: '李娜', openid: OPENID }, { once: 'bindReleased:1' }));
    await outbox.settle();
    expect(school.sent(CUSTOM_SEND)).toMatchObject([
      { touser: OPENID, text: { content: expect.stringContaining('这个微信已和校信解绑') } },
    ]);
  });
});
