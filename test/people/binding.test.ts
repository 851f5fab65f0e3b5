import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { unbind } from '../../src/people/binding.ts';
import { identify } from '../../src/people/load-actor.ts';
import { quietLog } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { NOW, usePeople } from './people-school.ts';

const school = usePeople();
let phones = 0;
const phone = () => `openid-${++phones}`;
const ticketState = async (id: string) => school.prisma().bindTicket.findUniqueOrThrow({ where: { id } });
const history = (personId: number) =>
  school.prisma().binding.findMany({ where: { personId }, orderBy: { id: 'asc' }, omit: { id: true, personId: true } });

/** What the outbox holds for the phones that were taken off a person. */
const released = async (personId: number) =>
  (await school.prisma().notification.findMany({ where: { personId, kind: 'bindReleased' } })).map(({ data }) => data);

describe('scanning the code of 绑定微信', () => {
  it('when a phone scans a fresh code, it belongs to who asked for it', async () => {
    const li = await school.person({ name: '李娜' });
    const { id, scene } = await school.ticketFor(li.id);
    const openid = phone();

    expect(await school.scans(openid, scene)).toContain('李娜');

    expect(await school.openidOf(li.id)).toBe(openid);
    expect(await identify(school.prisma(), openid)).toMatchObject({ id: li.id, name: '李娜' });
    expect(await ticketState(id)).toMatchObject({ state: 'bound', openid });
    expect(await history(li.id)).toEqual([
      { openid, appId: 'wx1', boundAt: new Date(NOW), releasedAt: null, reason: null },
    ]);
  });

  it('when a newcomer follows through the code, one scan both follows and binds', async () => {
    const li = await school.person();
    const { scene } = await school.ticketFor(li.id);
    const openid = phone();

    const { lines } = await school.inTransaction(await school.actor(li.id), 'chat', (scope) =>
      school.events.follow(scope, { openid, scene, at: scope.now }),
    );

    expect(lines.join('')).toContain('绑好了');
    expect(await school.openidOf(li.id)).toBe(openid);
    expect(await school.prisma().follower.findUnique({ where: { openid } })).toMatchObject({ following: true });
  });

  it('when the code was used, another phone is refused and nothing changes', async () => {
    const li = await school.person();
    const { scene } = await school.ticketFor(li.id);
    const mine = phone();
    await school.scans(mine, scene);

    expect(await school.scans(phone(), scene)).toContain('已经用过');
    expect(await school.openidOf(li.id)).toBe(mine);
  });

  it('when the same phone scans the used code again, it is told that it is bound', async () => {
    const li = await school.person({ name: '赵敏' });
    const { scene } = await school.ticketFor(li.id);
    const openid = phone();
    await school.scans(openid, scene);

    expect(await school.scans(openid, scene)).toMatch(/赵敏.*已经绑定/);
    expect(await history(li.id)).toHaveLength(1);
  });

  it('when ten minutes have passed, the code is refused as expired', async () => {
    const li = await school.person();
    const { id, scene } = await school.ticketFor(li.id);
    await school.prisma().bindTicket.update({ where: { id }, data: { expiresAt: new Date(wallNow() - 1) } });

    expect(await school.scans(phone(), scene)).toContain('过期');
    expect(await school.openidOf(li.id)).toBeNull();
  });

  it('when a ticket is made, it lives ten minutes of the wall clock and ends the ones before it', async () => {
    const li = await school.person();
    const first = await school.ticketFor(li.id);
    const second = await school.ticketFor(li.id);

    const { createdAt, expiresAt } = await ticketState(second.id);
    expect(expiresAt.getTime() - createdAt.getTime()).toBe(600_000);
    expect(Math.abs(createdAt.getTime() - wallNow())).toBeLessThan(60_000);
    expect(await school.scans(phone(), first.scene)).toContain('过期');
    expect(await school.openidOf(li.id)).toBeNull();
  });

  it('when the code is none of ours, the phone is told where the right one is', async () => {
    const openid = phone();
    expect(await school.scans(openid, 'bind:never-made')).toContain('绑定微信');
    expect(await school.scans(openid, 'shop:12')).toContain('绑定微信');
  });

  it('when the account was deactivated meanwhile, nothing is bound', async () => {
    const li = await school.person();
    const { id, scene } = await school.ticketFor(li.id);
    await school.prisma().person.update({ where: { id: li.id }, data: { active: false } });

    expect(await school.scans(phone(), scene)).toContain('停用');
    expect(await school.openidOf(li.id)).toBeNull();
    expect(await ticketState(id)).toMatchObject({ state: 'refused' });
  });

  it('when the phone is somebody else’s, it is refused on both sides without naming the other', async () => {
    const openid = phone();
    const li = await school.person({ name: '李娜', openid });
    const wang = await school.person({ name: '王强' });
    const { id, scene } = await school.ticketFor(wang.id);

    const answer = await school.scans(openid, scene);

    expect(answer).toContain('已经绑定了另一个账号');
    expect(answer).not.toMatch(/李娜|王强/);
    expect(await ticketState(id)).toMatchObject({ state: 'refused', reason: expect.stringContaining('另一个人') });
    expect(await school.openidOf(li.id)).toBe(openid);
    expect(await school.openidOf(wang.id)).toBeNull();
  });

  it('when a bound person scans with another phone, they move there and the old phone is told', async () => {
    const old = phone();
    const li = await school.person({ name: '周杰' });
    await school.scans(old, (await school.ticketFor(li.id)).scene);

    const fresh = phone();
    expect(await school.scans(fresh, (await school.ticketFor(li.id)).scene)).toContain('绑好了');

    expect(await school.openidOf(li.id)).toBe(fresh);
    expect(await identify(school.prisma(), old)).toBeNull();
    expect(await released(li.id)).toEqual([{ by: '周杰', openid: old }]);
    expect(await history(li.id)).toMatchObject([
      { openid: old, releasedAt: new Date(NOW), reason: 'moved' },
      { openid: fresh, releasedAt: null },
    ]);
  });

  it('when a released phone scans for somebody else, it binds there', async () => {
    const openid = phone();
    const li = await school.person();
    await school.scans(openid, (await school.ticketFor(li.id)).scene);
    await school.inTransaction(await school.actor(li.id), 'web', (scope) => unbind(scope, li.id));

    const wang = await school.person();
    await school.scans(openid, (await school.ticketFor(wang.id)).scene);
    expect(await school.openidOf(wang.id)).toBe(openid);
    expect(await school.openidOf(li.id)).toBeNull();
  });
});

describe('unbind', () => {
  it('when the person is bound, takes the phone off and keeps the history', async () => {
    const openid = phone();
    const li = await school.person();
    await school.scans(openid, (await school.ticketFor(li.id)).scene);

    const actor = await school.actor(li.id);
    const unbinds = () => school.inTransaction(actor, 'web', (scope) => unbind(scope, li.id));
    await unbinds();
    await expect(unbinds()).rejects.toMatchObject({ code: 'not_bound' });

    expect(await school.openidOf(li.id)).toBeNull();
    expect(await released(li.id)).toEqual([{ by: (await school.actor(li.id)).name, openid }]);
    expect(await history(li.id)).toEqual([
      { openid, appId: 'wx1', boundAt: new Date(NOW), releasedAt: new Date(NOW), reason: 'unbound' },
    ]);
  });
});

describe('following and leaving', () => {
  it('when a stranger follows, they are told how to bind', async () => {
    const answer = await school.scans(phone());
    expect(answer).toContain('绑定微信');
  });

  it('when a bound person comes back, they are greeted by name and bound as before', async () => {
    const openid = phone();
    const li = await school.person({ name: '李娜', openid });
    await school.inTransaction(await school.actor(li.id), 'chat', (scope) =>
      school.events.unfollow(scope, { openid, at: scope.now }),
    );
    expect(await school.prisma().follower.findUnique({ where: { openid } })).toMatchObject({ following: false });
    await school.prisma().follower.update({ where: { openid }, data: { optedOut: true } });
    expect(await school.openidOf(li.id)).toBe(openid);

    expect(await school.scans(openid)).toContain('欢迎回来，李娜');
    expect(await school.prisma().follower.findUnique({ where: { openid } })).toMatchObject({
      following: true,
      optedOut: false,
    });
  });
});

describe('races for a binding', () => {
  it('when several phones scan one code at once, exactly one is bound', async () => {
    const li = await school.person();
    const { scene } = await school.ticketFor(li.id);
    const scanning = Array.from({ length: 6 }, phone);

    const answers = await Promise.all(scanning.map((openid) => school.scans(openid, scene)));

    expect(answers.filter((answer) => answer.includes('绑好了'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes('已经用过'))).toHaveLength(5);
    expect(await history(li.id)).toHaveLength(1);
    expect(scanning).toContain(await school.openidOf(li.id));
  });

  it('when one phone scans the codes of several people at once, it belongs to exactly one', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => school.person()));
    const tickets = await Promise.all(people.map(({ id }) => school.ticketFor(id)));
    const openid = phone();

    const answers = await Promise.all(tickets.map(({ scene }) => school.scans(openid, scene)));

    expect(answers.filter((answer) => answer.includes('绑好了'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes('已经绑定了另一个账号'))).toHaveLength(5);
    expect(await school.prisma().person.count({ where: { openid } })).toBe(1);
  });
});

postgresOnly('races for a binding between two nodes', () => {
  it('when two nodes hear the same phone scan two people’s codes, one person gets it, again and again', async () => {
    const other = await openDatabase({ databaseUrl: school.databaseUrl() as string, log: quietLog });
    try {
      const elsewhere = school.transactionsOf(other);
      for (let round = 0; round < 10; round += 1) {
        const [li, wang] = [await school.person(), await school.person()];
        const [hers, his] = [await school.ticketFor(li.id), await school.ticketFor(wang.id)];
        const openid = phone();
        const answers = await Promise.all([
          school.scans(openid, hers.scene),
          school.scans(openid, his.scene, elsewhere),
        ]);
        expect(answers.filter((answer) => answer.includes('绑好了'))).toHaveLength(1);
        expect(await school.prisma().binding.count({ where: { openid, releasedAt: null } })).toBe(1);
      }
    } finally {
      await other.close();
    }
  });
});
