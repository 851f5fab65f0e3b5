import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, withoutToken } from './call.ts';
import { checkAccount } from './tokens.ts';

const CODE_MS = 5 * 60_000;
const ACCESS_MS = 7200_000;
const REFRESH_MS = 30 * 86_400_000;

const Code = z.object({ openid: z.string(), scope: z.string() });

/** A page that WeChat's own browser shows instead of going on; `code` is WeChat's number for it. */
export type OauthRefusal = { code: number; why: string };

/** Web authorization (网页授权): a code for a page, once and for five minutes, then the openid behind it. */
export function createOauth({ prisma, account }: SandboxParts) {
  const calls: ApiCall[] = [
    withoutToken('GET', '/sns/oauth2/access_token', exchange),
    withoutToken('GET', '/sns/oauth2/refresh_token', refresh),
    withoutToken('GET', '/sns/userinfo', userInfo),
    withoutToken('GET', '/sns/auth', check),
  ];
  return { calls, refuse, authorize };

  /** Why the authorize page would not go on with this request; null where it would. */
  function refuse(query: Readonly<Record<string, string>>, hosts: readonly string[]): OauthRefusal | null {
    if (query.appid !== account.appId) return { code: 10012, why: 'appid 不是这个公众号的' };
    if (query.response_type !== 'code') return { code: 10004, why: 'response_type 应为 code' };
    if (!/^snsapi_(base|userinfo)$/.test(query.scope ?? '')) return { code: 10005, why: 'scope 参数不对' };
    if (!/^[A-Za-z0-9]{0,128}$/.test(query.state ?? ''))
      return { code: 10006, why: 'state 只能是字母和数字，最多 128 个' };
    const host = hostOf(query.redirect_uri ?? '');
    if (!host || !hosts.includes(host)) return { code: 10003, why: 'redirect_uri 域名与后台配置不一致' };
    return null;
  }

  /** Where the browser of this phone goes back to, with a code. */
  async function authorize(openid: string, query: Readonly<Record<string, string>>): Promise<string> {
    const code = `0${randomBytes(23).toString('base64url').slice(0, 31)}`;
    await keep('oauthCode', code, { openid, scope: query.scope ?? '' }, CODE_MS);
    const back = new URL(query.redirect_uri ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.state ?? '');
    return back.href;
  }

  async function exchange({ query }: ApiRequest) {
    checkAccount(account, query.appid, query.secret);
    if (!query.code) throw new PlatformError(41008, 'missing code');
    if (query.grant_type !== 'authorization_code') throw new PlatformError(40002, 'invalid grant_type');
    const key = `oauthCode:${query.code ?? ''}`;
    const now = new Date(wallNow());
    // Spending it is the check: of two that come with one code, one gets the openid.
    const [spent] = await prisma.$queryRaw<{ value: unknown }[]>`
      UPDATE "SandboxItem" SET "kind" = 'oauthCodeUsed' WHERE "key" = ${key} AND "kind" = 'oauthCode'
        AND "expiresAt" > ${now} RETURNING "value"`;
    if (!spent) {
      const known = await prisma.sandboxItem.findUnique({ where: { key } });
      if (known?.kind === 'oauthCodeUsed') throw new PlatformError(40163, 'code been used');
      throw new PlatformError(40029, 'invalid code');
    }
    return grant(Code.parse(spent.value));
  }

  async function refresh({ query }: ApiRequest) {
    if (query.appid !== account.appId) throw new PlatformError(40013, 'invalid appid');
    if (query.grant_type !== 'refresh_token') throw new PlatformError(40002, 'invalid grant_type');
    const kept = await alive(`oauthRefresh:${query.refresh_token ?? ''}`);
    if (!kept) throw new PlatformError(40030, 'invalid refresh_token');
    return grant(Code.parse(kept), query.refresh_token);
  }

  async function grant({ openid, scope }: z.infer<typeof Code>, refreshToken = randomBytes(48).toString('base64url')) {
    const access_token = randomBytes(48).toString('base64url');
    await keep('oauthAccess', access_token, { openid, scope }, ACCESS_MS);
    await keep('oauthRefresh', refreshToken, { openid, scope }, REFRESH_MS);
    return { access_token, expires_in: ACCESS_MS / 1000, refresh_token: refreshToken, openid, scope };
  }

  async function userInfo({ query }: ApiRequest) {
    const { openid, scope } = await access(query);
    if (scope !== 'snsapi_userinfo') throw new PlatformError(48001, 'api unauthorized');
    return {
      openid,
      nickname: '微信用户',
      sex: 0,
      language: 'zh_CN',
      city: '',
      province: '',
      country: '',
      headimgurl: '',
      privilege: [],
    };
  }

  async function check({ query }: ApiRequest) {
    await access(query);
    return { errcode: 0, errmsg: 'ok' };
  }

  async function access(query: Readonly<Record<string, string>>) {
    const kept = await alive(`oauthAccess:${query.access_token ?? ''}`);
    if (!kept) throw new PlatformError(40001, 'invalid credential, access_token is invalid or not latest');
    const granted = Code.parse(kept);
    if (granted.openid !== query.openid) throw new PlatformError(40003, 'invalid openid');
    return granted;
  }

  async function keep(kind: string, name: string, value: z.infer<typeof Code>, lifeMs: number): Promise<void> {
    const now = wallNow();
    const data = { kind, value, createdAt: new Date(now), expiresAt: new Date(now + lifeMs) };
    const key = `${kind}:${name}`;
    await prisma.sandboxItem.upsert({ where: { key }, create: { key, ...data }, update: data });
  }

  async function alive(key: string): Promise<unknown> {
    const row = await prisma.sandboxItem.findUnique({ where: { key } });
    return row?.expiresAt && row.expiresAt.getTime() > wallNow() ? row.value : null;
  }
}

function hostOf(address: string): string | null {
  try {
    return new URL(address).host;
  } catch {
    return null;
  }
}
