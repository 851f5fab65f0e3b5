import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { createWechatApi } from '../../src/wechat/api.ts';
import type { Next } from '../../src/wechat/errors.ts';
import type { TokenState } from '../../src/wechat/token.ts';
import { type Answer, startPlatform } from './platform.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const OPENID = 'oia2TjuEGTNoeX76QEjQNrcURxG8';
const SEND = '/cgi-bin/message/template/send';
const CUSTOM = '/cgi-bin/message/custom/send';
const TOKEN = '/cgi-bin/stable_token';
const USER = '/cgi-bin/user/info';
const OK = { errcode: 0, errmsg: 'ok' };
const BUSY = { errcode: -1, errmsg: 'system error' };
const BAD_TOKEN = {
  errcode: 40001,
  errmsg: 'invalid credential, access_token is invalid or not latest rid: 65f1a2b3-1234abcd-12345678',
};
const SENT = '{"errcode":0,"errmsg":"ok","msgid":3487542469355618313}';
const template = { openid: OPENID, templateId: 't1', data: { thing1: '王小雨' } };

let platform: Awaited<ReturnType<typeof startPlatform>>;
let pauses: number[];
let now: number;
let log: string[];
let state: TokenState;

beforeEach(async () => {
  platform = await startPlatform();
  pauses = [];
  now = 1_763_700_000_000;
  log = [];
  state = createInProcessState({ wallNow: () => now });
});
afterEach(() => platform.stop());

function client({ timeoutMs = 5000 } = {}) {
  return createWechatApi({
    config: {
      appId: 'wx1',
      secret: SECRET,
      apiBase: platform.base,
      openBase: 'https://open.weixin.qq.com',
      mpBase: 'https://mp.weixin.qq.com',
    },
    state,
    log: pino({ level: 'debug' }, { write: (line: string) => log.push(line) }),
    wallNow: () => now,
    sleep: async (ms) => {
      pauses.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    timeoutMs,
  });
}

const cutOff: Answer = (res) => res.destroy();
const status =
  (code: number): Answer =>
  (res) =>
    res.writeHead(code).end('<html>');
const silent: Answer = () => {};
const failure = (code: number | string, next: Next) => expect.objectContaining({ name: 'WechatError', code, next });

describe('tokens', () => {
  it('the first call, asks stable_token by JSON POST and never forces', async () => {
    platform.answer(USER, { subscribe: 1, openid: OPENID });
    await client().getUser(OPENID);
    const [request] = platform.to(TOKEN);
    expect(request?.method).toBe('POST');
    expect(JSON.parse(String(request?.body))).toEqual({
      grant_type: 'client_credential',
      appid: 'wx1',
      secret: SECRET,
      force_refresh: false,
    });
    expect(platform.to(USER)).toMatchObject([{ query: { access_token: 'T1', openid: OPENID, lang: 'zh_CN' } }]);
  });

  it('fifty calls at once, fetch one token', async () => {
    platform.answer(USER, { subscribe: 1, openid: OPENID });
    const api = client();
    await Promise.all(Array.from({ length: 50 }, () => api.getUser(OPENID)));
    expect(platform.to(TOKEN)).toHaveLength(1);
    expect(platform.to(USER)).toHaveLength(50);
  });

  it('two clients that share one state, fetch one token between them', async () => {
    const [a, b] = [client(), client()];
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).accessToken()));
    expect(new Set(tokens)).toEqual(new Set(['T1']));
    expect(platform.to(TOKEN)).toHaveLength(1);
  });

  it('a token in its last five minutes, is renewed once by everybody together', async () => {
    platform.answer(TOKEN, { access_token: 'T1', expires_in: 7200 }, { access_token: 'T2', expires_in: 7200 });
    const [a, b] = [client(), client()];
    await a.accessToken();
    now += (7200 - 331) * 1000;
    expect(await b.accessToken()).toBe('T1');
    now += 62 * 1000;
    expect(await Promise.all([a.accessToken(), b.accessToken(), a.accessToken()])).toEqual(['T2', 'T2', 'T2']);
    expect(platform.to(TOKEN)).toHaveLength(2);
  });

  it('a token that comes with five minutes left, is used for a minute and not asked for at every call', async () => {
    platform.answer(TOKEN, { access_token: 'T1', expires_in: 300 });
    const api = client();
    for (let i = 0; i < 10; i += 1) await api.accessToken();
    expect(platform.to(TOKEN)).toHaveLength(1);
  });

  it.each([40001, 40014, 42001])('refused with %i, is fetched anew and the call repeated once', async (errcode) => {
    platform.answer(TOKEN, { access_token: 'T1', expires_in: 7200 }, { access_token: 'T2', expires_in: 7200 });
    platform.answer(USER, { ...BAD_TOKEN, errcode }, { subscribe: 1, openid: OPENID });
    expect(await client().getUser(OPENID)).toMatchObject({ isFollower: true });
    expect(platform.to(USER).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
  });

  it('refused to fifty calls at once, is fetched anew once', async () => {
    platform.answer(TOKEN, { access_token: 'T1', expires_in: 7200 }, { access_token: 'T2', expires_in: 7200 });
    platform.answer(USER, (res, { query }) => {
      res.end(JSON.stringify(query.access_token === 'T1' ? BAD_TOKEN : { subscribe: 1, openid: OPENID }));
    });
    const api = client();
    await Promise.all(Array.from({ length: 50 }, () => api.getUser(OPENID)));
    expect(platform.to(TOKEN)).toHaveLength(2);
    expect(platform.to(USER)).toHaveLength(100);
  });

  it('refused though another node has replaced it, keeps the other’s', async () => {
    const api = client();
    await api.accessToken();
    platform.answer(
      USER,
      (res) => {
        const stored = JSON.stringify({ value: 'T9', reuseUntil: now + 1e6 });
        state.set('wechat:token:wx1', stored, 1e6).then(() => res.end(JSON.stringify(BAD_TOKEN)));
      },
      { subscribe: 1, openid: OPENID },
    );
    await api.getUser(OPENID);
    expect(platform.to(USER).map(({ query }) => query.access_token)).toEqual(['T1', 'T9']);
    expect(platform.to(TOKEN)).toHaveLength(1);
  });

  it('refused again and again, ends in an alarm and does not fetch without end', async () => {
    platform.answer(USER, BAD_TOKEN);
    const api = client();
    for (let i = 0; i < 5; i += 1) {
      await expect(api.getUser(OPENID)).rejects.toEqual(failure(40001, { do: 'alarm', why: 'tokenRefused' }));
    }
    expect(platform.to(TOKEN)).toHaveLength(2);
    expect(platform.to(USER)).toHaveLength(10);
    expect(platform.to(TOKEN).every(({ body }) => !String(body).includes('"force_refresh":true'))).toBe(true);
  });

  it('a wrong secret, is an alarm and not a reason to fetch again', async () => {
    platform.answer(TOKEN, { errcode: 40001, errmsg: 'invalid credential' });
    await expect(client().getUser(OPENID)).rejects.toEqual(failure(40001, { do: 'alarm', why: 'account' }));
    expect(platform.to(TOKEN)).toHaveLength(1);
  });

  it('a fetch that fails, is given up by all who waited and tried anew by the next', async () => {
    platform.answer(TOKEN, { errcode: 40164, errmsg: 'invalid ip' }, { access_token: 'T1', expires_in: 7200 });
    const api = client();
    const both = await Promise.allSettled([api.accessToken(), api.accessToken()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await api.accessToken()).toBe('T1');
  });

  it('a lease left by a node that died, is waited for and then taken', async () => {
    await state.acquireLease('wechat:token:wx1:lease', 30_000);
    const waiting = client().accessToken();
    await new Promise((resolve) => setImmediate(resolve));
    now += 30_001;
    expect(await waiting).toBe('T1');
  });

  it('the JS-SDK ticket, is shared like the token', async () => {
    platform.answer('/cgi-bin/ticket/getticket', { errcode: 0, errmsg: 'ok', ticket: 'K1', expires_in: 7200 });
    const [a, b] = [client(), client()];
    expect(await Promise.all([a.jsSdkTicket(), b.jsSdkTicket(), a.jsSdkTicket()])).toEqual(['K1', 'K1', 'K1']);
    expect(platform.to('/cgi-bin/ticket/getticket')).toMatchObject([{ query: { type: 'jsapi', access_token: 'T1' } }]);
  });
});

describe('lost answers and a busy platform', () => {
  const user = { subscribe: 1, openid: OPENID };

  it.each<[string, Answer]>([
    ['-1', BUSY],
    ['HTTP 502', status(502)],
    ['HTML instead of JSON', status(200)],
    ['a connection cut off', cutOff],
    ['an empty body', ''],
    ['a bare list', '[]'],
  ])('%s, is asked again after 1, 2 and 4 seconds', async (_what, bad) => {
    platform.answer(USER, bad, bad, bad, user);
    expect(await client().getUser(OPENID)).toMatchObject({ isFollower: true });
    expect(pauses).toEqual([1000, 2000, 4000]);
  });

  it('no end of -1, gives up after the third repeat', async () => {
    platform.answer(USER, BUSY);
    await expect(client().getUser(OPENID)).rejects.toEqual(failure(-1, { do: 'retry' }));
    expect(platform.to(USER)).toHaveLength(4);
  });

  it('no answer in time, is asked again', async () => {
    platform.answer(TOKEN, { access_token: 'T1', expires_in: 7200 });
    const api = client({ timeoutMs: 200 });
    await api.accessToken();
    platform.answer(USER, silent, user);
    pauses.length = 0;
    expect(await api.getUser(OPENID)).toMatchObject({ isFollower: true });
    expect(pauses[0]).toBe(1000);
  });

  it('a template with an id of ours, is repeated and keeps the id', async () => {
    platform.answer(SEND, cutOff, BUSY, SENT);
    expect(await client().sendTemplate({ ...template, clientMsgId: 'n1' })).toEqual({ msgId: '3487542469355618313' });
    expect(platform.to(SEND).map(({ body }) => JSON.parse(String(body)).client_msg_id)).toEqual(['n1', 'n1', 'n1']);
  });

  it('a template with an id of ours and no answer at all, has an unknown outcome', async () => {
    platform.answer(SEND, status(500));
    await expect(client().sendTemplate({ ...template, clientMsgId: 'n1' })).rejects.toEqual(
      failure('lost', { do: 'outcomeUnknown' }),
    );
    expect(platform.to(SEND)).toHaveLength(4);
  });

  it.each<[string, Answer, number | string, Next]>([
    ['cut off', cutOff, 'lost', { do: 'outcomeUnknown' }],
    ['HTTP 500', status(500), 'lost', { do: 'outcomeUnknown' }],
    ['-1', BUSY, -1, { do: 'retry' }],
    ['without a word whether it went out', { errmsg: 'ok' }, 'shape', { do: 'outcomeUnknown' }],
  ])('a template without an id, %s, is never sent twice', async (_what, bad, code, next) => {
    platform.answer(SEND, bad);
    await expect(client().sendTemplate(template)).rejects.toEqual(failure(code, next));
    expect(platform.to(SEND)).toHaveLength(1);
  });

  it('a customer-service message, is repeated once after -1 and never after a lost answer', async () => {
    platform.answer(CUSTOM, BUSY);
    await expect(client().sendCustom(OPENID, { type: 'text', text: 'a' })).rejects.toEqual(
      failure(-1, { do: 'retry' }),
    );
    expect(platform.to(CUSTOM)).toHaveLength(2);
    platform.answer(CUSTOM, cutOff);
    await expect(client().sendCustom(OPENID, { type: 'text', text: 'a' })).rejects.toEqual(
      failure('lost', { do: 'outcomeUnknown' }),
    );
    expect(platform.to(CUSTOM)).toHaveLength(3);
  });

  it('an answer of another shape, is a bug of ours and not repeated', async () => {
    platform.answer(USER, { subscribe: 'yes' });
    await expect(client().getUser(OPENID)).rejects.toEqual(failure('shape', { do: 'bug' }));
    expect(platform.to(USER)).toHaveLength(1);
  });

  it('a redirect, is not followed with the token in the address', async () => {
    platform.answer(CUSTOM, (res) => res.writeHead(307, { location: `${platform.base}/elsewhere` }).end());
    await expect(client().sendCustom(OPENID, { type: 'text', text: 'a' })).rejects.toEqual(
      failure('lost', { do: 'outcomeUnknown' }),
    );
    expect(platform.to('/elsewhere')).toEqual([]);
  });
});

describe('the log', () => {
  it('a failed call, logs code, rid and path and neither token, secret nor openid', async () => {
    const secretToken = 'T'.repeat(136);
    platform.answer(TOKEN, { access_token: secretToken, expires_in: 7200 });
    platform.answer(USER, { errcode: 40003, errmsg: `invalid openid: [${OPENID}] rid: 65f1a2b3-1234abcd-12345678` });
    await expect(client().getUser(OPENID)).rejects.toMatchObject({
      rid: '65f1a2b3-1234abcd-12345678',
      next: { do: 'dropInvalidOpenid' },
    });
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ path: USER, code: 40003, rid: '65f1a2b3-1234abcd-12345678' });
    for (const secret of [secretToken, SECRET, OPENID]) expect(log.join('')).not.toContain(secret);
  });
});

describe('calls', () => {
  const asked = () => platform.asked.at(-1);
  const body = () => JSON.parse(String(asked()?.body));

  it('createQrCode, sends the documented body', async () => {
    platform.answer('/cgi-bin/qrcode/create', {
      ticket: 'gQ+/=',
      expire_seconds: 600,
      url: 'http://weixin.qq.com/q/a',
    });
    const api = client();
    expect(await api.createQrCode({ scene: 'bind:8f3k', expireSeconds: 600 })).toEqual({
      ticket: 'gQ+/=',
      expireSeconds: 600,
      url: 'http://weixin.qq.com/q/a',
    });
    expect(body()).toEqual({
      expire_seconds: 600,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: 'bind:8f3k' } },
    });
    await api.createQrCode({ scene: 'gate' });
    expect(body()).toEqual({ action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: 'gate' } } });
    expect(() => api.createQrCode({ scene: '' })).toThrow(RangeError);
    expect(api.qrCodeUrl('gQ+/=')).toBe('https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%2B%2F%3D');
  });

  it('sendTemplate, sends raw UTF-8 with fields, link and mini program, and keeps all digits of the msgid', async () => {
    platform.answer(SEND, SENT);
    const message = { ...template, url: 'https://a.cn/l/1', miniProgram: { appId: 'wxm', path: 'p' } };
    expect(await client().sendTemplate(message)).toEqual({ msgId: '3487542469355618313' });
    expect(String(asked()?.body)).toContain('王小雨');
    expect(body()).toEqual({
      touser: OPENID,
      template_id: 't1',
      url: 'https://a.cn/l/1',
      miniprogram: { appid: 'wxm', pagepath: 'p' },
      data: { thing1: { value: '王小雨' } },
    });
  });

  it('listTemplates, reads the field names from the content', async () => {
    const content = '课程:{{thing1.DATA}}\n上课时间：{{time22.DATA}}\n{{phrase3.DATA}}';
    platform.answer('/cgi-bin/template/get_all_private_template', {
      template_list: [
        { template_id: 't1', title: '上课提醒', primary_industry: '', deputy_industry: '', content, example: '' },
      ],
    });
    expect(await client().listTemplates()).toMatchObject([
      {
        id: 't1',
        title: '上课提醒',
        fields: [
          { name: 'thing1', label: '课程' },
          { name: 'time22', label: '上课时间' },
          { name: 'phrase3', label: '' },
        ],
      },
    ]);
  });

  it('addTemplate and deleteTemplate, send the documented bodies', async () => {
    platform.answer('/cgi-bin/template/api_add_template', { ...OK, template_id: 't9' });
    platform.answer('/cgi-bin/template/del_private_template', OK);
    expect(await client().addTemplate({ shortId: '51819', keywords: ['课程名称'] })).toEqual({ templateId: 't9' });
    expect(body()).toEqual({ template_id_short: '51819', keyword_name_list: ['课程名称'] });
    await client().deleteTemplate('t9');
    expect(body()).toEqual({ template_id: 't9' });
  });

  it.each([
    [{ type: 'text', text: '好' } as const, { msgtype: 'text', text: { content: '好' } }],
    [{ type: 'image', mediaId: 'm' } as const, { msgtype: 'image', image: { media_id: 'm' } }],
    [
      { type: 'news', title: 't', description: 'd', url: 'u', pictureUrl: 'p' } as const,
      { msgtype: 'news', news: { articles: [{ title: 't', description: 'd', url: 'u', picurl: 'p' }] } },
    ],
    [
      { type: 'miniProgram', title: 't', appId: 'a', path: 'p', thumbMediaId: 'm' } as const,
      { msgtype: 'miniprogrampage', miniprogrampage: { title: 't', appid: 'a', pagepath: 'p', thumb_media_id: 'm' } },
    ],
    [
      { type: 'menu', head: 'h', items: [{ id: '1', text: '满意' }], tail: 't' },
      { msgtype: 'msgmenu', msgmenu: { head_content: 'h', list: [{ id: '1', content: '满意' }], tail_content: 't' } },
    ] as const,
  ])('sendCustom %o, sends the documented body', async (message, expected) => {
    platform.answer(CUSTOM, OK);
    await client().sendCustom(OPENID, {
      ...message,
      ...('items' in message && { items: [...message.items] }),
    } as never);
    expect(body()).toEqual({ touser: OPENID, ...expected });
  });

  it('setTyping, sends the documented commands', async () => {
    platform.answer('/cgi-bin/message/custom/typing', OK);
    await client().setTyping(OPENID, true);
    expect(body()).toEqual({ touser: OPENID, command: 'Typing' });
    await client().setTyping(OPENID, false);
    expect(body()).toEqual({ touser: OPENID, command: 'CancelTyping' });
  });

  it('getUser and getUsers, tell followers from others', async () => {
    const follower = {
      subscribe: 1,
      openid: 'a',
      subscribe_time: 1763700000,
      unionid: 'u',
      qr_scene: 0,
      qr_scene_str: 'bind:1',
    };
    platform.answer('/cgi-bin/user/info/batchget', { user_info_list: [follower, { subscribe: 0, openid: 'b' }] });
    expect(await client().getUsers(['a', 'b'])).toMatchObject([
      { openid: 'a', isFollower: true, followedAt: 1763700000, unionid: 'u', scene: 'bind:1' },
      { openid: 'b', isFollower: false },
    ]);
    expect(body()).toEqual({
      user_list: [
        { openid: 'a', lang: 'zh_CN' },
        { openid: 'b', lang: 'zh_CN' },
      ],
    });
    expect(() => client().getUsers(Array.from({ length: 101 }, String))).toThrow(RangeError);
  });

  it('listFollowers, goes on until the last page', async () => {
    platform.answer(
      '/cgi-bin/user/get',
      { total: 2, count: 2, data: { openid: ['a', 'b'] }, next_openid: 'b' },
      { total: 2, count: 0, next_openid: '' },
    );
    expect(await client().listFollowers()).toEqual({ total: 2, openids: ['a', 'b'], next: 'b' });
    expect(await client().listFollowers('b')).toEqual({ total: 2, openids: [], next: undefined });
    expect(asked()?.query).toMatchObject({ next_openid: 'b' });
  });

  it('the menu, is set, read and deleted; none is undefined', async () => {
    const menu = { button: [{ type: 'click' as const, name: '公海', key: 'pool' }] };
    platform.answer('/cgi-bin/menu/create', OK);
    platform.answer('/cgi-bin/menu/get', { menu }, { errcode: 46003, errmsg: 'menu no exist' });
    platform.answer('/cgi-bin/menu/delete', OK);
    const api = client();
    await api.setMenu(menu);
    expect(body()).toEqual(menu);
    expect(await api.getMenu()).toEqual(menu);
    expect(await api.getMenu()).toBeUndefined();
    await api.deleteMenu();
    expect(asked()?.path).toBe('/cgi-bin/menu/delete');
  });

  it('uploadMedia, sends the file as the field media with its name', async () => {
    platform.answer('/cgi-bin/media/upload', { type: 'image', media_id: 'm1', created_at: 1 });
    const file = { type: 'image' as const, bytes: Buffer.from('PNG!'), filename: 'a.png', contentType: 'image/png' };
    expect(await client().uploadMedia(file)).toEqual({ mediaId: 'm1' });
    expect(asked()?.query).toMatchObject({ type: 'image' });
    expect(asked()?.headers['content-length']).toBeDefined();
    expect(String(asked()?.body)).toMatch(/name="media"; filename="a.png"\r\nContent-Type: image\/png\r\n\r\nPNG!\r\n/);
  });

  it('getMedia, gives bytes, a video’s address, or the error', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0, 1]);
    platform.answer(
      '/cgi-bin/media/get',
      (res) => res.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes),
      { video_url: 'http://v' },
      { errcode: 40007, errmsg: 'invalid media_id' },
    );
    const api = client();
    expect(await api.getMedia('m')).toEqual({ bytes, contentType: 'image/jpeg' });
    expect(await api.getMedia('m')).toEqual({ url: 'http://v' });
    await expect(api.getMedia('m')).rejects.toEqual(failure(40007, { do: 'reupload' }));
  });

  it('clearQuota and callbackIps, ask what is documented', async () => {
    platform.answer('/cgi-bin/clear_quota', OK);
    platform.answer('/cgi-bin/getcallbackip', { ip_list: ['101.226.103.0/25'] });
    await client().clearQuota();
    expect(body()).toEqual({ appid: 'wx1' });
    expect(await client().callbackIps()).toEqual(['101.226.103.0/25']);
  });

  it('authorizeUrl, keeps WeChat’s order and refuses a state WeChat would cut', () => {
    expect(client().authorizeUrl({ redirectUri: 'https://a.cn/wechat/oauth?x=1', state: 'S1' })).toBe(
      'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fa.cn%2Fwechat%2Foauth%3Fx%3D1&response_type=code&scope=snsapi_base&state=S1#wechat_redirect',
    );
    expect(() => client().authorizeUrl({ redirectUri: 'https://a.cn', state: 'a b' })).toThrow(RangeError);
  });

  it('identify, gives the openid without the shared token, once for a code asked twice at a time', async () => {
    const path = '/sns/oauth2/access_token';
    platform.answer(path, {
      access_token: 'o',
      expires_in: 7200,
      refresh_token: 'r',
      openid: OPENID,
      scope: 'snsapi_base',
    });
    const api = client();
    const twice = await Promise.all([api.identify('c1'), api.identify('c1')]);
    expect(twice).toEqual([expect.objectContaining({ openid: OPENID }), expect.objectContaining({ openid: OPENID })]);
    expect(platform.to(path)).toMatchObject([
      { query: { appid: 'wx1', secret: SECRET, code: 'c1', grant_type: 'authorization_code' } },
    ]);
    expect(platform.to(TOKEN)).toEqual([]);
  });

  it('identify with a used code or a fake user, is refused', async () => {
    const path = '/sns/oauth2/access_token';
    platform.answer(
      path,
      { errcode: 40163, errmsg: 'code been used' },
      { openid: OPENID, scope: 's', is_snapshotuser: 1 },
    );
    await expect(client().identify('c')).rejects.toEqual(failure(40163, { do: 'restartOauth' }));
    await expect(client().identify('c')).rejects.toEqual(failure('snapshot', { do: 'refuseSnapshotUser' }));
  });
});
