import { beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const PLATFORM = '/sandbox/platform';
const stable = (more: object = {}) =>
  desk.post(`${PLATFORM}/cgi-bin/stable_token`, {
    grant_type: 'client_credential',
    appid: desk.account.appId,
    secret: desk.account.appSecret,
    ...more,
  });
const fresh = () =>
  desk.get(
    `${PLATFORM}/cgi-bin/token?grant_type=client_credential&appid=${desk.account.appId}&secret=${desk.account.appSecret}`,
  );
const use = (token: string) => desk.get(`${PLATFORM}/cgi-bin/getcallbackip?access_token=${token}`);
const endSoon = (token: string, seconds: number) =>
  desk.database().prisma.sandboxItem.updateMany({
    where: { OR: [{ key: `token:${token}` }, { key: 'tokenPointer:stable' }] },
    data: { expiresAt: new Date(wallNow() + seconds * 1000) },
  });

describe('stable_token', () => {
  it('asked many times at once, gives everybody the same token', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => stable()));
    const tokens = new Set(answers.map(({ json }) => json.access_token));
    expect(tokens.size).toBe(1);
    expect(answers[0]?.json.expires_in).toBeGreaterThan(7000);
    expect((await use([...tokens][0])).json.ip_list).toContain('127.0.0.1');
  });

  it('with less than five minutes left, gives a new one while the old one still works', async () => {
    const { access_token: old } = (await stable()).json;
    await endSoon(old, 299);
    const { access_token: next } = (await stable()).json;
    expect(next).not.toBe(old);
    expect((await use(old)).json.ip_list).toBeDefined();
    expect((await use(next)).json.ip_list).toBeDefined();
  });

  it('with more than five minutes left, keeps the one there is', async () => {
    const { access_token: old } = (await stable()).json;
    await endSoon(old, 330);
    const again = (await stable()).json;
    expect(again.access_token).toBe(old);
    expect(again.expires_in).toBeLessThanOrEqual(330);
  });

  it('forced, kills the old one at once, and not twice within thirty seconds', async () => {
    const { access_token: old } = (await stable()).json;
    const { access_token: next } = (await stable({ force_refresh: true })).json;
    expect(next).not.toBe(old);
    expect((await use(old)).json.errcode).toBe(40001);
    expect((await stable({ force_refresh: true })).json.errcode).toBe(45011);
    expect((await stable()).json.access_token).toBe(next);
  });

  it.each([
    [{ appid: 'wx0' }, 40013],
    [{ secret: 'no' }, 40125],
    [{ secret: undefined }, 41004],
    [{ appid: undefined }, 41002],
    [{ grant_type: 'x' }, 40002],
  ])('with %o, answers 200 with %i', async (wrong, errcode) => {
    const { status, json } = await stable(wrong);
    expect(status).toBe(200);
    expect(json.errcode).toBe(errcode);
    expect(json.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });

  it('by GET, is refused', async () => {
    expect((await desk.get(`${PLATFORM}/cgi-bin/stable_token`)).json.errcode).toBe(43002);
  });
});

describe('token', () => {
  it('makes a new one at each call and disturbs no stable one', async () => {
    const { access_token: steady } = (await stable()).json;
    const { access_token: first } = (await fresh()).json;
    const { access_token: second } = (await fresh()).json;
    expect(second).not.toBe(first);
    expect((await use(first)).json.ip_list).toBeDefined(); // five minutes more
    expect((await stable()).json.access_token).toBe(steady);
    const row = await desk.database().prisma.sandboxItem.findUniqueOrThrow({ where: { key: `token:${first}` } });
    expect((row.expiresAt?.getTime() ?? 0) - wallNow()).toBeLessThanOrEqual(300_000);
  });
});

describe('a call', () => {
  it('without, with an unknown or with an expired token, is refused with its own code', async () => {
    expect((await desk.get(`${PLATFORM}/cgi-bin/getcallbackip`)).json.errcode).toBe(41001);
    expect((await use('nonsense')).json.errcode).toBe(40001);
    const { access_token: old } = (await stable()).json;
    await endSoon(old, -1);
    expect((await use(old)).json.errcode).toBe(42001);
  });

  it('when the sandbox clock is moved by days, finds its token still valid', async () => {
    const token = await desk.token();
    await desk.post('/sandbox/clock', { byMinutes: 3 * 24 * 60 });
    expect((await use(token)).json.ip_list).toBeDefined();
  });

  it('to an unknown address, with broken or with escaped JSON, is refused', async () => {
    expect((await desk.api('/cgi-bin/nothing')).errcode).toBe(40066);
    expect((await desk.api('/cgi-bin/qrcode/create', '{"broken')).errcode).toBe(47001);
    expect((await desk.api('/cgi-bin/qrcode/create', '{"a":"\\u4f60"}')).errcode).toBe(40033);
  });
});

describe('the other calls', () => {
  it('the jsapi ticket stays the same while it is fresh', async () => {
    const first = await desk.api('/cgi-bin/ticket/getticket', undefined, '&type=jsapi');
    const second = await desk.api('/cgi-bin/ticket/getticket', undefined, '&type=jsapi');
    expect(first).toMatchObject({ errcode: 0, ticket: second.ticket });
  });

  it('quotas are set back ten times a month', async () => {
    const clear = () => desk.api('/cgi-bin/clear_quota', { appid: desk.account.appId });
    for (let n = 0; n < 10; n += 1) expect(await clear()).toMatchObject({ errcode: 0 });
    expect((await clear()).errcode).toBe(48006);
    expect((await desk.api('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/clear_quota' })).quota.used).toBe(11);
  });

  it('media come back as they were handed over, and unknown ones are gone', async () => {
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }), 'a.png');
    const token = await desk.token();
    const address = (path: string) => `${desk.base}${PLATFORM}/cgi-bin/media/${path}&access_token=${token}`;
    const read = async (answer: Response) => (await answer.json()) as { media_id?: string; errcode?: number };
    const uploaded = await read(await fetch(address('upload?type=image'), { method: 'POST', body: form }));
    const file = await fetch(address(`get?media_id=${uploaded.media_id}`));
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from([1, 2, 3]));
    expect((await read(await fetch(address('get?media_id=x')))).errcode).toBe(40007);
    expect((await read(await fetch(address('upload?type=film'), { method: 'POST', body: form }))).errcode).toBe(40004);
  });

  it('the menu keeps the limits of the platform and is gone when deleted', async () => {
    const entry = { type: 'click', name: '公海', key: 'pool' };
    const create = (button: unknown) => desk.api('/cgi-bin/menu/create', { button });
    expect((await create([entry, entry, entry, entry])).errcode).toBe(40016);
    expect((await create([{ ...entry, name: '一二三四五六' }])).errcode).toBe(40018);
    expect((await create([{ name: '客户', sub_button: Array(6).fill(entry) }])).errcode).toBe(40023);
    expect((await create([{ type: 'view', name: '网页' }])).errcode).toBe(40020);
    expect((await create([{ name: '客户', sub_button: [entry] }])).errcode).toBe(0);
    expect((await desk.api('/cgi-bin/menu/get')).menu.button[0].sub_button[0].key).toBe('pool');
    expect((await desk.api('/cgi-bin/menu/delete')).errcode).toBe(0);
    expect((await desk.api('/cgi-bin/menu/get')).errcode).toBe(46003);
  });
});
