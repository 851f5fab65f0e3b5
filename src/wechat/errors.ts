/**
 * What the caller does about an error of the platform, one for each row of the platform's error list.
 * `alarm` also stands for wrong credentials; `retry` is left once the client's own repeats are used up.
 */
export type Next =
  | { do: 'retry' }
  | { do: 'outcomeUnknown' }
  | { do: 'refreshToken' }
  | { do: 'alarm'; why: 'credentials' | 'tokenRefused' | 'quotaResetsUsed' }
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

const NEXT: ReadonlyArray<[next: Next, ...codes: number[]]> = [
  [{ do: 'retry' }, -1],
  [{ do: 'refreshToken' }, 40001, 40014, 42001],
  [{ do: 'alarm', why: 'credentials' }, 40013, 40125, 40164, 61004],
  [{ do: 'dropInvalidOpenid' }, 40003],
  [{ do: 'dropNotFollower' }, 43004, 50005],
  [{ do: 'optedOut' }, 43101, 48002, 43019],
  [{ do: 'stopTemplate' }, 43116, 40249],
  [{ do: 'delayHours', hours: 4 }, 43117],
  [{ do: 'badTemplate' }, 40037, 40036, 47003],
  [{ do: 'resendWithUrlOnly' }, 41030],
  [{ do: 'pauseUntilMidnight' }, 45009],
  [{ do: 'waitMinute' }, 45011],
  [{ do: 'windowClosed' }, 45015, 45047],
  [{ do: 'fixContent' }, 45002, 45008, 44004],
  [{ do: 'reupload' }, 40007],
  [{ do: 'disableFeature' }, 48001, 48004, 50002, 40200],
  [{ do: 'restartOauth' }, 40029, 40163, 42003, 42007],
  [{ do: 'alarm', why: 'quotaResetsUsed' }, 48006],
  [{ do: 'ignore' }, 45080, 45081], // typing marks: nobody misses one
];

const BY_CODE = new Map(NEXT.flatMap(([next, ...codes]) => codes.map((code) => [code, next] as const)));

/** What to do about an errcode; every code we do not know is a bug of ours until somebody looks (40033, 47001, 4100x …). */
export function nextFor(code: number, errmsg = ''): Next {
  const next = BY_CODE.get(code) ?? { do: 'bug' };
  if (next.do !== 'badTemplate') return next;
  const field = /data\.(\w+)/.exec(errmsg)?.[1]; // 「argument invalid! data.phrase10.value invalid」
  return field ? { ...next, field } : next;
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
