import { describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { usePeople } from './people-school.ts';

const school = usePeople();
let phones = 0;
const phone = () => `openid-page-${++phones}`;

async function signedIn(own: Parameters<typeof school.person>[0] = {}) {
  const person = await school.person(own);
  const visitor = school.visitor();
  await visitor.signIn(person.username);
  return { person, visitor };
}

const sceneOf = async (id: string) =>
  (await school.prisma().bindTicket.findUniqueOrThrow({ where: { id }, select: { scene: true } })).scene;

describe('绑定微信', () => {
  it('when opened, shows the three steps and asks for a code by itself', async () => {
    const { visitor } = await signedIn();
    const page = await (await visitor.fetch('/bind')).text();
    expect(page).toContain('data-bound="0"');
    expect(page.match(/<li>/g)?.length).toBeGreaterThanOrEqual(3);
    expect(page).toContain('bind.js');
  });

  it('when a code is asked for, the platform makes one of ten minutes and it is drawn for its owner only', async () => {
    const { visitor } = await signedIn();
    const { status, body } = await visitor.json('POST', '/bind/ticket');

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: expect.any(String), qrUrl: expect.any(String) });
    expect(Math.abs(new Date(body.expiresAt).getTime() - wallNow() - 600_000)).toBeLessThan(60_000);
    expect(school.platform.asked.at(-1)).toEqual({ scene: await sceneOf(body.id), expireSeconds: 600 });
    expect(await school.prisma().bindTicket.findUnique({ where: { id: body.id } })).toMatchObject({
      ticket: `ticket of ${await sceneOf(body.id)}`,
    });
    const picture = await visitor.fetch(body.qrUrl);
    expect(picture.headers.get('Content-Type')).toContain('image/svg+xml');
    expect(await picture.text()).toContain('<svg');

    const other = await signedIn();
    expect((await other.visitor.json('GET', `/bind/ticket/${body.id}`)).status).toBe(404);
    expect((await other.visitor.fetch(body.qrUrl)).status).toBe(404);
  });

  it('when the code is scanned, the page turns from waiting to bound, and /me with it', async () => {
    const { visitor } = await signedIn();
    const { body } = await visitor.json('POST', '/bind/ticket');
    expect((await visitor.json('GET', `/bind/ticket/${body.id}`)).body).toEqual({ state: 'waiting' });

    await school.scans(phone(), await sceneOf(body.id));

    expect((await visitor.json('GET', `/bind/ticket/${body.id}`)).body).toEqual({ state: 'bound' });
    expect((await visitor.json('GET', '/me')).body.bound).toBe(true);
    expect(await (await visitor.fetch('/bind')).text()).toContain('data-bound="1"');
  });

  it('when the bound WeChat has unfollowed, the page says that nothing reaches it', async () => {
    const openid = phone();
    const { visitor } = await signedIn({ openid });
    const following = { openid, following: true, changedAt: new Date(wallNow()) };
    await school.prisma().follower.create({ data: following });
    expect(await (await visitor.fetch('/bind')).text()).not.toContain('取消了关注');
    await school.prisma().follower.update({ where: { openid }, data: { following: false } });
    expect(await (await visitor.fetch('/bind')).text()).toContain('取消了关注');
  });

  it('when somebody else’s phone scans it, the page says refused and why', async () => {
    const openid = phone();
    await school.person({ openid });
    const { visitor } = await signedIn();
    const { body } = await visitor.json('POST', '/bind/ticket');
    await school.scans(openid, await sceneOf(body.id));
    expect((await visitor.json('GET', `/bind/ticket/${body.id}`)).body).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('另一个人'),
    });
  });

  it('when ten minutes have passed, the page says expired and a new code works', async () => {
    const { visitor, person } = await signedIn();
    const { body } = await visitor.json('POST', '/bind/ticket');
    await school.prisma().bindTicket.update({ where: { id: body.id }, data: { expiresAt: new Date(wallNow() - 1) } });
    expect((await visitor.json('GET', `/bind/ticket/${body.id}`)).body).toEqual({ state: 'expired' });

    const { body: fresh } = await visitor.json('POST', '/bind/ticket');
    const openid = phone();
    await school.scans(openid, await sceneOf(fresh.id));
    expect(await school.openidOf(person.id)).toBe(openid);
  });

  it('when the platform gives no code, says so and what to do', async () => {
    const { visitor } = await signedIn();
    school.platform.fails = true;
    const answer = await visitor.json('POST', '/bind/ticket').finally(() => {
      school.platform.fails = false;
    });
    expect(answer.body.error).toMatchObject({ code: 'code_unavailable', message: expect.stringContaining('再试') });
  });

  it('when a stranger asks, they are to sign in first', async () => {
    expect((await school.visitor().json('POST', '/bind/ticket')).status).toBe(401);
    expect((await school.visitor().fetch('/bind', { headers: { Accept: 'text/html' } })).status).toBe(302);
  });

  it('when a student binds, it works the same', async () => {
    const { visitor, person } = await signedIn({ roles: ['student'] });
    const { body } = await visitor.json('POST', '/bind/ticket');
    const openid = phone();
    await school.scans(openid, await sceneOf(body.id));
    expect(await school.openidOf(person.id)).toBe(openid);
  });
});

describe('POST /bind/release', () => {
  it('when one is bound, takes the phone off; a second time says there is nothing to undo', async () => {
    const { visitor, person } = await signedIn({ openid: phone() });
    expect((await visitor.json('POST', '/bind/release')).status).toBe(200);
    expect(await school.openidOf(person.id)).toBeNull();
    expect((await visitor.json('POST', '/bind/release')).body.error.code).toBe('not_bound');
  });

  it('when a colleague tries to unbind somebody, is refused', async () => {
    const openid = phone();
    const wang = await school.person({ openid });
    const { visitor } = await signedIn();
    expect((await visitor.json('POST', '/bind/release', { personId: wang.id })).status).toBe(403);
    expect(await school.openidOf(wang.id)).toBe(openid);
  });

  it('when an administrator unbinds somebody, it is done', async () => {
    const wang = await school.person({ openid: phone() });
    const { visitor } = await signedIn({ roles: ['administrator'] });
    expect((await visitor.json('POST', '/bind/release', { personId: wang.id })).status).toBe(200);
    expect(await school.openidOf(wang.id)).toBeNull();
  });
});
