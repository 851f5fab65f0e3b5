import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import type { About } from '../../src/kernel/notice.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { useNotify } from '../notify/notify-school.ts';
import { startWeb } from '../notify/notify-web.ts';

const school = useNotify();
const IDENTIFY = '/sns/oauth2/access_token';
let web: Awaited<ReturnType<typeof startWeb>>;

beforeEach(async () => {
  web = await startWeb(school);
});
afterEach(() => web.stop());

const inTwoWeeks = () => new Date(school.clock.now().getTime() + 14 * 86_400_000);
const linkTo = (to: number, about: About = { entity: 'customer', id: 7 }, expiresAt = inTwoWeeks()) =>
  `/l/${school.links.sign({ to, about, expiresAt })}`;
const identifies = (openid: string | null, more: object = {}) =>
  school.platform.answer(IDENTIFY, { access_token: 'A', expires_in: 7200, openid, scope: 'snsapi_base', ...more });

/** Opens a link in WeChat's browser, as far as the platform's page; answers where that would come back to. */
async function setOut(phone: ReturnType<typeof web.browser>, link: string, code: string | null = 'C1') {
  const { status, location } = await phone.open(link);
  const page = new URL(location);
  expect([status, page.pathname, page.searchParams.get('scope')]).toEqual([
    303,
    '/connect/oauth2/authorize',
    'snsapi_base',
  ]);
  expect(page.searchParams.get('redirect_uri')).toBe('https://school.test/wechat/oauth');
  return `/wechat/oauth?${code ? `code=${code}&` : ''}state=${page.searchParams.get('state')}`;
}

describe('a link, at a computer', () => {
  it('opens the record for its addressee', async () => {
    const { id } = await school.person();
    const visitor = await web.browser().signIn(id);
    expect(await visitor.open(linkTo(id))).toMatchObject({ status: 303, location: '/customers/7' });
  });

  it.each<[About, string]>([
    [{ entity: 'pool' }, '/pool'],
    [{ entity: 'pool', id: 3 }, '/pool/3'],
    [{ entity: 'myCustomers' }, '/my-customers'],
    [{ entity: 'lesson', id: 9 }, '/lessons/9/attendance'],
    [{ entity: 'import', id: 4 }, '/customers/import/4'],
    [{ entity: 'studyRecord', id: 5 }, '/portal/records/5'],
    [{ entity: 'enrolment', id: 6 }, '/enrolments/6'],
    [{ entity: 'question', id: 8 }, '/questions/8'],
    [{ entity: 'booking', id: 999_999 }, '/rooms/grid'],
  ])('about %o leads to %s', async (about, path) => {
    const { id } = await school.person();
    const visitor = await web.browser().signIn(id);
    expect((await visitor.open(linkTo(id, about))).location).toBe(path);
  });

  it('about a booking leads to the grid of its day', async () => {
    const { id } = await school.person();
    const room = await school.prisma.room.create({ data: { name: `夏威夷${id}`, seats: 8 } });
    const booking = await school.prisma.booking.create({
      data: { roomId: room.id, date: dayToDb('2026-11-23'), slot: 3, personId: id, createdAt: school.clock.now() },
    });
    const visitor = await web.browser().signIn(id);
    expect((await visitor.open(linkTo(id, { entity: 'booking', id: booking.id }))).location).toBe(
      '/rooms/grid?date=2026-11-23',
    );
  });

  it('asks for a sign-in first, and comes back after it', async () => {
    const link = linkTo((await school.person()).id);
    expect(await web.browser().open(link)).toMatchObject({
      status: 303,
      location: `/login?next=${encodeURIComponent(link)}`,
    });
    expect(await web.browser().json('GET', link)).toMatchObject({ status: 401 });
  });

  it('forwarded to somebody else, is politely refused', async () => {
    const [to, other] = [await school.person(), await school.person()];
    const visitor = await web.browser().signIn(other.id);
    const answer = await visitor.open(linkTo(to.id));
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('这个链接是发给别的同事的，只有本人能打开');
    expect(await visitor.json('GET', linkTo(to.id))).toMatchObject({
      status: 403,
      body: { error: { code: 'link_not_yours' } },
    });
  });

  it('says when it has expired or is not whole', async () => {
    const { id } = await school.person();
    const visitor = await web.browser().signIn(id);
    const link = linkTo(id);
    expect(await visitor.open(link.slice(0, -1))).toMatchObject({ status: 404 });
    school.clock.moveTo(inTwoWeeks());
    const late = await visitor.open(link);
    expect(late.status).toBe(403);
    expect(late.text).toContain('这个链接过期了');
  });
});

describe('a link, in WeChat', () => {
  it('opens the record for its addressee without a password', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    expect(await phone.open(await setOut(phone, linkTo(person.id)))).toMatchObject({
      status: 303,
      location: '/customers/7',
    });
    expect(JSON.parse((await phone.open('/me')).text)).toEqual({ name: person.name });
    const session = await school.prisma.session.findFirstOrThrow({ where: { personId: person.id } });
    expect(session.expiresAt.getTime()).toBeLessThanOrEqual(wallNow() + 2 * 3_600_000);
    expect(await phone.open(linkTo(person.id, { entity: 'pool' }))).toMatchObject({ location: '/pool' });
  });

  it('forwarded to another colleague, opens nothing and signs nobody in', async () => {
    const [to, other] = [await school.person(), await school.person()];
    const phone = web.browser({ inWechat: true });
    identifies(other.openid);
    const answer = await phone.open(await setOut(phone, linkTo(to.id)));
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('只有本人能打开');
    expect(await school.prisma.session.count()).toBe(0);
  });

  it('forwarded to a stranger, says how to bind', async () => {
    const phone = web.browser({ inWechat: true });
    identifies('oXx_nobody_knows');
    const answer = await phone.open(await setOut(phone, linkTo((await school.person()).id)));
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('还没绑定校信');
  });

  it('of a deactivated person opens nothing', async () => {
    const person = await school.person({ active: false });
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    expect((await phone.open(await setOut(phone, linkTo(person.id)))).status).toBe(403);
  });

  it('comes back once: the state is used up, and who is signed in just goes on', async () => {
    const person = await school.person();
    const [phone, thief] = [web.browser({ inWechat: true }), web.browser({ inWechat: true })];
    identifies(person.openid);
    const link = linkTo(person.id);
    const back = await setOut(phone, link);
    await phone.open(back);
    expect(await phone.open(back)).toMatchObject({ status: 303, location: link });
    const again = await thief.open(back);
    expect(again.status).toBe(403);
    expect(again.text).toContain(`href="${link}"`);
    expect(school.platform.to(IDENTIFY)).toHaveLength(1);
  });

  it('comes back twice at once: one session only', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    const back = await setOut(phone, linkTo(person.id));
    await Promise.all([phone.open(back), phone.open(back), phone.open(back)]);
    expect(await school.prisma.session.count()).toBe(1);
  });

  it('comes back twice, the first answer lost on the way: the second is the same, with the same session', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    const back = await setOut(phone, linkTo(person.id));
    const twin = phone.twin();
    const [first, second] = [await phone.open(back), await twin.open(back)];
    expect([first.location, second.location]).toEqual(['/customers/7', '/customers/7']);
    expect(JSON.parse((await twin.open('/me')).text)).toEqual({ name: person.name });
    expect(await school.prisma.session.count()).toBe(1);
    expect(school.platform.to(IDENTIFY)).toHaveLength(1);
  });

  it('comes back twice while WeChat is slow to say who it is: both are let in', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    school.platform.answer(IDENTIFY, (res) => {
      setTimeout(() => {
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify({ openid: person.openid, scope: 'snsapi_base' }));
      }, 200);
    });
    const back = await setOut(phone, linkTo(person.id));
    const twin = phone.twin();
    const answers = await Promise.all([phone.open(back), twin.open(back)]);
    expect(answers.map(({ location }) => location)).toEqual(['/customers/7', '/customers/7']);
  });

  it('comes back twice refused: says the same twice, and after half a minute that it is over', async () => {
    const phone = web.browser({ inWechat: true });
    identifies('oXx_nobody_knows');
    const back = await setOut(phone, linkTo((await school.person()).id));
    const twin = phone.twin();
    for (const browser of [phone, phone, twin]) expect((await browser.open(back)).text).toContain('还没绑定校信');
    await school.prisma.oauthState.updateMany({ data: { usedAt: new Date(wallNow() - 31_000) } });
    expect((await twin.open(back)).text).toContain('已经用过或过期');
  });

  it('asked by somebody else first, still lets in who set out', async () => {
    const person = await school.person();
    const [phone, thief] = [web.browser({ inWechat: true }), web.browser({ inWechat: true })];
    identifies(person.openid);
    const back = await setOut(phone, linkTo(person.id));
    expect((await thief.open(back)).status).toBe(403);
    expect((await phone.open(back)).location).toBe('/customers/7');
  });

  it('looked at with HEAD or fetched ahead, begins nothing and uses nothing up', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    const link = linkTo(person.id);
    expect((await phone.open(link, { method: 'HEAD' })).status).toBe(200);
    expect((await phone.open(link, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
    expect(await school.prisma.oauthState.count({ where: { target: link.slice(3) } })).toBe(0);
    const back = await setOut(phone, link);
    await phone.open(back, { method: 'HEAD' });
    await phone.open(back, { headers: { purpose: 'prefetch' } });
    const begun = await school.prisma.oauthState.findFirst({ where: { target: link.slice(3) } });
    expect(begun).toMatchObject({ usedAt: null });
    expect((await phone.open(back)).location).toBe('/customers/7');
  });

  it('in WeCom’s browser is no WeChat: asks for a sign-in', async () => {
    const link = linkTo((await school.person()).id);
    const wecom = 'Mozilla/5.0 (iPhone) wxwork/4.1.22 MicroMessenger/7.0.1 Language/zh';
    const answer = await web.browser().open(link, { headers: { 'user-agent': wecom } });
    expect(answer.location).toBe(`/login?next=${encodeURIComponent(link)}`);
  });

  it('comes back only in the browser that set out', async () => {
    const person = await school.person();
    const [phone, other] = [web.browser({ inWechat: true }), web.browser({ inWechat: true })];
    identifies(person.openid);
    const answer = await other.open(await setOut(phone, linkTo(person.id)));
    expect(answer.status).toBe(403);
    expect(await school.prisma.session.count()).toBe(0);
  });

  it('with two opened side by side, each comes back', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    const [first, second] = [
      await setOut(phone, linkTo(person.id)),
      await setOut(phone, linkTo(person.id, { entity: 'pool' })),
    ];
    expect((await phone.open(first)).location).toBe('/customers/7');
    expect((await phone.open(second)).location).toMatch(/^\/(pool|l\/)/);
  });

  it('declined, explains and offers another try', async () => {
    const link = linkTo((await school.person()).id);
    const phone = web.browser({ inWechat: true });
    const answer = await phone.open(await setOut(phone, link, null));
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('没拿到微信授权');
    expect(answer.text).toContain(`href="${link}"`);
  });

  it.each([
    [{ errcode: 40029, errmsg: 'invalid code' }, '微信没认出你来'],
    [{ errcode: 40163, errmsg: 'code been used' }, '微信没认出你来'],
    [{ errcode: -1, errmsg: 'system error' }, '微信没认出你来'],
    [
      { access_token: 'A', expires_in: 7200, openid: 'oXx_fake', scope: 'snsapi_base', is_snapshotuser: 1 },
      '使用完整服务',
    ],
  ])('when the platform answers %o, says what to do', async (answer, said) => {
    const phone = web.browser({ inWechat: true });
    school.platform.answer(IDENTIFY, answer);
    const shown = await phone.open(await setOut(phone, linkTo((await school.person()).id)));
    expect(shown.status).toBe(403);
    expect(shown.text).toContain(said);
    expect(shown.text).toContain('重试');
    expect(await school.prisma.session.count()).toBe(0);
  });

  it('a state nobody gave, none, or an expired one is refused', async () => {
    const person = await school.person();
    const phone = web.browser({ inWechat: true });
    identifies(person.openid);
    expect((await phone.open('/wechat/oauth?code=C1&state=abc')).status).toBe(403);
    expect((await phone.open('/wechat/oauth')).status).toBe(403);
    expect((await phone.open('/wechat/oauth?code=C1&code=C2&state=a&state=b')).status).toBe(403);
    const back = await setOut(phone, linkTo(person.id));
    await school.prisma.oauthState.updateMany({ data: { expiresAt: new Date(wallNow() - 1) } });
    expect((await phone.open(back)).status).toBe(403);
    expect(school.platform.to(IDENTIFY)).toHaveLength(0);
  });
});
