/**
 * What the caller does about an error of the platform, one for each row of the platform's error list. `alarm` concerns
 * the account or the platform, so everything waits; `retry` is left once the client's own repeats are used up.
 */
export type Next =
  | { do: 'retry' }
  | { do: 'outcomeUnknown' }
  | { do: 'refreshToken' }
  | { do: 'alarm'; why: 'account' | 'tokenRefused' | 'unknownCode' | 'quotaResetsUsed' }
  | { do: 'dropInvalidOpenid' }
  | { do: 'dropNotFollower' }
  | { do: 'optedOut' }
  | { do: 'stopTemplate' }
  | { do: 'delayHours'; hours: number }
  | { do: 'badTemplate'; field?: string }
  | { do: 'resendWithUrlOnly' }
  | { do: 'pauseUntilMidnight' }
  | { do: 'waitMinute' }
  | { do: 'windowClosed' }
  | { do: 'fixContent' }
  | { do: 'reupload' }
  | { do: 'bug' }
  | { do: 'disableFeature' }
  | { do: 'restartOauth' }
  | { do: 'refuseSnapshotUser' }
  | { do: 'ignore' };

/** A WeChat errcode, or why there is none: no readable answer, an answer of another shape, a fake OAuth user. */
export type WechatCode = number | 'lost' | 'shape' | 'snapshot';

/** A call the platform refused or did not answer. Holds no token, secret or openid, so it may be logged whole. */
export class WechatError extends Error {
  override readonly name = 'WechatError';
  constructor(
    readonly code: WechatCode,
    readonly errmsg: string,
    readonly rid: string | undefined,
    readonly next: Next,
    readonly path: string,
  ) {
    super(`${path}: ${code} ${errmsg}`);
  }
}

/** One row of the platform's error list: what the codes mean, and what the caller does about them. */
type ErrorRow = { means: string; codes: readonly number[]; next: Next };

const ACCOUNT: Next = { do: 'alarm', why: 'account' };

/**
 * The platform's error list (wechat-platform.md §4 and §8), whole. What concerns the account or the platform pauses the
 * channel; what concerns one message (its fields, its addressee) ends only that message.
 */
export const ERROR_TABLE: readonly ErrorRow[] = [
  { means: 'busy', codes: [-1], next: { do: 'retry' } },
  { means: 'token bad or expired', codes: [40001, 40014, 42001], next: { do: 'refreshToken' } },
  { means: 'appid or secret wrong', codes: [40013, 40125], next: ACCOUNT },
  { means: 'our address is not on the list', codes: [40164, 61004], next: ACCOUNT },
  { means: 'our address waits for the administrator, or was refused', codes: [89503, 89506, 89507], next: ACCOUNT },
  { means: 'secret or account frozen', codes: [40243, 50007], next: ACCOUNT },
  { means: 'openid invalid, or of another account', codes: [40003], next: { do: 'dropInvalidOpenid' } },
  { means: 'no follower', codes: [43004, 50005], next: { do: 'dropNotFollower' } },
  { means: 'refused or blocked by the addressee', codes: [43101, 48002, 43019], next: { do: 'optedOut' } },
  { means: 'template abused or marketing', codes: [43116, 40249], next: { do: 'stopTemplate' } },
  { means: 'too often to this openid', codes: [43117], next: { do: 'delayHours', hours: 4 } },
  { means: 'template id or field invalid', codes: [40037, 40036, 47003], next: { do: 'badTemplate' } },
  { means: 'mini-program path invalid', codes: [41030], next: { do: 'resendWithUrlOnly' } },
  { means: 'daily quota used up', codes: [45009], next: { do: 'pauseUntilMidnight' } },
  { means: 'minute quota used up', codes: [45011], next: { do: 'waitMinute' } },
  { means: 'window closed, or its count used up', codes: [45015, 45047], next: { do: 'windowClosed' } },
  { means: 'too long, too many articles, or empty', codes: [45002, 45008, 44004], next: { do: 'fixContent' } },
  { means: 'media gone', codes: [40007], next: { do: 'reupload' } },
  {
    means: 'bad request',
    codes: [40033, 47001, 41001, 41002, 41003, 41004, 41005, 41006, 41007, 41008, 41009],
    next: { do: 'bug' },
  },
  { means: 'call not permitted, or banned', codes: [48001, 48004, 50002, 40200], next: { do: 'disableFeature' } },
  { means: 'authorization code or session used up', codes: [40029, 40163, 42003, 42007], next: { do: 'restartOauth' } },
  { means: 'no resets of quotas left', codes: [48006], next: { do: 'alarm', why: 'quotaResetsUsed' } },
  { means: 'typing mark not taken: nobody misses one', codes: [45080, 45081], next: { do: 'ignore' } },
];

const BY_CODE = new Map(ERROR_TABLE.flatMap(({ codes, next }) => codes.map((code) => [code, next] as const)));

/** What to do about an errcode. A code we do not know may concern everybody: it is an alarm, and nothing is given up. */
export function nextFor(code: number, errmsg = ''): Next {
  const next = BY_CODE.get(code) ?? { do: 'alarm', why: 'unknownCode' };
  if (next.do !== 'badTemplate') return next;
  const field = /data\.(\w+)/.exec(errmsg)?.[1]; // 「argument invalid! data.phrase10.value invalid」
  return field ? { ...next, field } : next;
}

/**
 * What to do about an errcode of the token call, where whatever is refused concerns the account: there is no message
 * and no addressee in it. Busy and quotas stay what they are; 40001 means a wrong secret there.
 */
export function nextForToken(code: number): Next {
  const next = nextFor(code);
  return ['retry', 'pauseUntilMidnight', 'waitMinute'].includes(next.do) ? next : ACCOUNT;
}

/** Makes an answer's errcode an error. The rid is what WeChat's support asks for; it ends the errmsg. */
export function wechatError(path: string, code: number, errmsg: string, next = nextFor(code, errmsg)): WechatError {
  const rid = /\brid:\s*([\w-]+)/.exec(errmsg)?.[1];
  return new WechatError(code, withoutSecrets(errmsg), rid, next, path);
}

/** When a call may be made again: `spreadMs` is the caller's jitter, 0 to 1 minute; undefined where time heals nothing. */
export function retryAt(next: Next, now: Date, spreadMs = 0): Date | undefined {
  const at = (ms: number) => new Date(ms + spreadMs);
  switch (next.do) {
    case 'retry':
      return at(now.getTime() + 60_000);
    case 'waitMinute':
      return at((Math.floor(now.getTime() / 60_000) + 1) * 60_000);
    case 'delayHours':
      return at(now.getTime() + next.hours * 3_600_000);
    case 'pauseUntilMidnight': {
      // The platform counts days in China's time, which has no summer time, wherever the school is.
      const offset = 8 * 3_600_000;
      const day = 24 * 3_600_000;
      return at((Math.floor((now.getTime() + offset) / day) + 1) * day - offset);
    }
    default:
      return undefined;
  }
}

// Some messages repeat what was sent: 「invalid openid: [o…]」, 「invalid credential, access_token is …」.
function withoutSecrets(errmsg: string): string {
  return errmsg.replace(/[\w-]{24,}/g, (word) => (/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/.test(word) ? word : '…'));
}
