import { z } from 'zod';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';

const Check = z.object({
  action: z.enum(['all', 'dns', 'ping']),
  check_operator: z.enum(['DEFAULT', 'CHINANET', 'UNICOM', 'CAP']).default('DEFAULT'),
});
const Rid = z.object({ rid: z.string().min(1).max(64) });

/** What the account's console tells by API: whether the callback is reachable, what a failed call was, automatic replies. */
export function createConsole({ prisma }: SandboxParts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/callback/check', check),
    withToken('POST', '/cgi-bin/openapi/rid/get', explain),
    withToken('GET', '/cgi-bin/get_current_autoreply_info', autoReplies),
  ];
  return { calls };

  async function check(request: ApiRequest) {
    const { action, check_operator } = readBody(request, Check, 40201, 'invalid action or check_operator');
    const dns = [{ ip: '127.0.0.1', real_operator: check_operator === 'DEFAULT' ? 'UNICOM' : check_operator }];
    const ping = [{ ip: '127.0.0.1', from_operator: check_operator, package_loss: '0%', time: '1.002ms' }];
    return { ...(action !== 'ping' && { dns }), ...(action !== 'dns' && { ping }) };
  }

  /** The call that was refused under that rid, as long as 「平台看到的」 remembers it. */
  async function explain(request: ApiRequest) {
    const { rid } = readBody(request, Rid);
    const row = await prisma.sandboxTraffic.findFirst({
      where: { direction: 'call', response: { path: ['errmsg'], string_ends_with: `rid: ${rid}` } },
      orderBy: { id: 'desc' },
    });
    if (!row) throw new PlatformError(76001, 'rid not found');
    const { body } = z.looseObject({ body: z.unknown() }).parse(row.request);
    return {
      ...OK,
      request: {
        invoke_time: Math.floor(row.at.getTime() / 1000),
        cost_in_ms: 1,
        request_url: row.name,
        request_body: body === null || body === undefined ? '' : JSON.stringify(body),
        response_body: JSON.stringify(row.response),
        client_ip: '127.0.0.1',
      },
    };
  }

  async function autoReplies() {
    return { is_add_friend_reply_open: 0, is_autoreply_open: 0 };
  }
}
