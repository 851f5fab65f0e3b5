import { request } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const authorizePath = (more: Record<string, string> = {}) => {
  const query = new URLSearchParams({
    appid: desk.account.appId,
    redirect_uri: 'http://school.test/wechat/oauth',
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'abc123',
    ...more,
  });
  return `/sandbox/platform/connect/oauth2/authorize?${query}`;
};
const exchange = async (code: string) => {
  const { appId, appSecret } = desk.account;
  const query = `appid=${appId}&secret=${appSecret}&code=${code}&grant_type=authorization_code`;
  return (await desk.get(`/sandbox/platform/sns/oauth2/access_token?${query}`)).json;
};
const codeFor = async (openid: string, more: Record<string, string> = {}) => {
  const { headers } = await desk.get(authorizePath({ openid, ...more }));
  return new URL(headers.get('location') ?? '');
};

describe('web authorization', () => {
  it('brings a phone back with a code that tells its openid once', async () => {
    const back = await codeFor(desk.LI_NA);
    expect(back.origin + back.pathname).toBe('http://school.test/wechat/oauth');
    expect(back.searchParams.get('state')).toBe('abc123');
    const code = back.searchParams.get('code') ?? '';
    const [first, second] = await Promise.all([exchange(code), exchange(code)]);
    expect([first.openid, second.openid].filter(Boolean)).toEqual([desk.LI_NA]);
    expect([first.errcode, second.errcode].filter(Boolean)).toEqual([40163]);
    expect((await exchange('never-made')).errcode).toBe(40029);
  });

  it('from a browser that is on no phone, asks which one is meant', async () => {
    const { status, text } = await desk.get(authorizePath());
    expect(status).toBe(200);
    expect(text).toContain('用哪部手机打开');
    expect(text).toContain('李娜');
  });

  it.each([
    [{ redirect_uri: 'http://elsewhere.test/' }, '10003'],
    [{ appid: 'wx0' }, '10012'],
    [{ state: 'a b' }, '10006'],
    [{ scope: 'all' }, '10005'],
  ])('with %o, shows an error page and goes nowhere', async (more, code) => {
    const { status, text, headers } = await desk.get(authorizePath({ openid: desk.LI_NA, ...more }));
    expect(status).toBe(200);
    expect(headers.get('location')).toBeNull();
    expect(text).toContain(code);
  });

  it('gives user info only for the wider scope, and refreshes', async () => {
    const code = async (scope: string) => (await codeFor(desk.LI_NA, { scope })).searchParams.get('code') ?? '';
    const info = (grant: { access_token: string; openid: string }) =>
      desk.get(`/sandbox/platform/sns/userinfo?access_token=${grant.access_token}&openid=${grant.openid}`);
    expect((await info(await exchange(await code('snsapi_base')))).json.errcode).toBe(48001);
    const wide = await exchange(await code('snsapi_userinfo'));
    expect((await info(wide)).json.openid).toBe(desk.LI_NA);
    const again = `appid=${desk.account.appId}&grant_type=refresh_token&refresh_token=${wide.refresh_token}`;
    expect((await desk.get(`/sandbox/platform/sns/oauth2/refresh_token?${again}`)).json.openid).toBe(desk.LI_NA);
  });
});

/** What a browser does when a link is tapped; fetch would call itself a script. */
function navigate(path: string, referer: string): Promise<{ status?: number; location?: string }> {
  return new Promise((done, fail) => {
    const headers = { referer, 'sec-fetch-mode': 'navigate', accept: 'text/html' };
    request(desk.base + path, { headers, agent: false }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode, location: answer.headers.location });
    })
      .on('error', fail)
      .end();
  });
}

describe('the in-phone browser', () => {
  const onPhone = (path: string, openid = desk.LI_NA) => `/sandbox/phones/${openid}/web${path}`;

  it('opens links into the school below the phone, and no others', async () => {
    const open = (url: string) => desk.get(`/sandbox/phones/${desk.LI_NA}/open?url=${encodeURIComponent(url)}`);
    expect((await open('http://school.test/l/abc?x=1')).headers.get('location')).toBe(onPhone('/l/abc?x=1'));
    expect((await open(`${desk.base}/who`)).headers.get('location')).toBe(onPhone('/who'));
    expect((await open('https://elsewhere.test/')).status).toBe(422);
    expect((await open('javascript:alert(1)')).status).toBe(422);
  });

  it('knows which phone asks WeChat, and comes back on that phone', async () => {
    const { headers } = await desk.get(onPhone(authorizePath()));
    expect(headers.get('location')).toMatch(new RegExp(`^${onPhone('/wechat/oauth')}\\?code=`));
  });

  it('keeps who is signed in apart from the desk and from the next phone', async () => {
    const cookies = new Map<string, string>();
    const visit = async (path: string, more: Record<string, string> = {}) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await desk.get(path, { cookie, ...more });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        cookies.set(name, value);
      }
      return answer;
    };
    const signedIn = await visit(onPhone('/sign-in?name=LiNa'));
    expect(signedIn.headers.get('location')).toBe(onPhone('/who'));
    expect(signedIn.headers.getSetCookie().every((cookie) => cookie.includes('; path=/;'))).toBe(true);
    await visit('/sign-in?name=Admin');
    expect((await visit(onPhone('/who'))).json.name).toBe('LiNa');
    expect((await visit('/who')).json.name).toBe('Admin');
    expect((await visit(onPhone('/who', desk.WANG_QIANG))).json.name).toBeNull();
    expect((await visit(onPhone('/who'))).json.agent).toContain('MicroMessenger');
    // A page's script asks by an absolute path: the page it stands on tells the phone.
    const script = { referer: desk.base + onPhone('/lesson'), 'sec-fetch-mode': 'cors' };
    expect((await visit('/who', script)).json.name).toBe('LiNa');
    const link = await navigate('/who?x=1', desk.base + onPhone('/lesson'));
    expect(link).toEqual({ status: 307, location: onPhone('/who?x=1') });
  });
});
