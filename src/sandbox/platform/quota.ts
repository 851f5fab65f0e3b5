import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withoutToken, withToken } from './call.ts';
import { checkAccount } from './tokens.ts';

const RESETS_A_MONTH = 10;
const DEFAULT_DAILY = 100_000;
const DAILY: Readonly<Record<string, number>> = {
  '/cgi-bin/token': 2000,
  '/cgi-bin/stable_token': 500_000,
  '/cgi-bin/message/custom/send': 500_000,
  '/cgi-bin/user/info': 5_000_000,
  '/cgi-bin/user/get': 500,
  '/cgi-bin/menu/create': 1000,
};

const Clear = z.object({ appid: z.string() });
const ClearV2 = z.object({ appid: z.string().optional(), appsecret: z.string().optional() });
const Get = z.object({ cgi_path: z.string() });

/** Daily quotas and the addresses pushes come from. */
export function createQuotas({ prisma, account }: SandboxParts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/clear_quota', clear),
    withoutToken('POST', '/cgi-bin/clear_quota/v2', clearBySecret),
    withToken('POST', '/cgi-bin/openapi/quota/get', get),
    withToken('GET', '/cgi-bin/getcallbackip', addresses),
    withToken('GET', '/cgi-bin/get_api_domain_ip', addresses),
  ];
  return { calls };

  async function clear(request: ApiRequest) {
    if (readBody(request, Clear).appid !== account.appId) throw new PlatformError(40013, 'invalid appid');
    return useReset();
  }

  async function clearBySecret(request: ApiRequest) {
    const { appid, appsecret } = readBody(request, ClearV2);
    checkAccount(account, appid, appsecret);
    return useReset();
  }

  async function useReset() {
    const now = new Date(wallNow());
    const key = `clearQuota:${now.toISOString().slice(0, 7)}`;
    const done = await prisma.$executeRaw`
      INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "createdAt")
      VALUES (${key}, 'clearQuota', '{"used":1}'::jsonb, ${now})
      ON CONFLICT ("key") DO UPDATE SET "value" = jsonb_build_object('used', (i."value"->>'used')::int + 1)
        WHERE (i."value"->>'used')::int < ${RESETS_A_MONTH}`;
    if (done === 0) throw new PlatformError(48006, 'forbid to clear quota because of reaching the limit');
    return OK;
  }

  async function get(request: ApiRequest) {
    const { cgi_path } = readBody(request, Get);
    const used = await prisma.sandboxTraffic.count({ where: { direction: 'call', name: cgi_path } });
    const daily_limit = DAILY[cgi_path] ?? DEFAULT_DAILY;
    return { ...OK, quota: { daily_limit, used, remain: daily_limit - used } };
  }

  async function addresses() {
    return { ip_list: ['127.0.0.1', '127.0.0.0/8'] };
  }
}
