import type { Logger } from 'pino';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Next, retryAt, type WechatError } from '../../wechat/index.ts';
import { flagBinding, noteOptedOut, noteUnfollowed } from '../followers.ts';
import type { Pauses } from '../pauses.ts';
import { closeWindows } from '../windows.ts';
import type { Outcome } from './channel.ts';

/** A call that failed: which way, to whom, with which template. */
export type Failed = { way: 'template' | 'custom'; openid: string; templateId?: string };

type Parts = { prisma: PrismaClient; clock: Clock; pauses: Pauses; log: Logger; random: () => number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STOPPED_MS = 7 * 24 * HOUR_MS;
/** Long enough for the next channel to have its turn; short enough to see the mended settings soon. */
const ALARM_MS = 15 * MINUTE_MS;

/**
 * Does what the platform's error asks for (wechat-platform.md §4) and says what it means for the notice: what we know of
 * the person changes, a call or a template is left alone by all nodes, somebody is alarmed. 'closed' means that this way
 * is not open, so the other may be tried.
 */
export async function actOnError(
  error: WechatError,
  failed: Failed,
  { prisma, clock, pauses, log, random }: Parts,
): Promise<Outcome | 'closed'> {
  const { next } = error;
  const { way, openid, templateId } = failed;
  const now = clock.now();
  const said = { way, error: `${error.code} ${error.errmsg}`.trim() };

  switch (next.do) {
    case 'outcomeUnknown':
      // Only template messages have a key; a customer-service message may come twice, so it is repeated once.
      return { is: 'again', ...said, ...(way === 'custom' && { most: 2 }) };
    case 'retry':
    case 'refreshToken':
      return { is: 'again', ...said };
    case 'dropInvalidOpenid':
      await flagBinding(prisma, openid, now);
      return { is: 'unavailable', ...said };
    case 'dropNotFollower':
      await noteUnfollowed(prisma, openid, now);
      return { is: 'unavailable', ...said };
    case 'optedOut':
      await noteOptedOut(prisma, openid, now);
      return { is: 'unavailable', ...said };
    case 'windowClosed':
      await closeWindows(prisma, openid);
      return 'closed';
    case 'pauseUntilMidnight':
    case 'waitMinute': {
      const until = retryAt(next, now) ?? now;
      await pauses.pause(way, until);
      if (next.do === 'pauseUntilMidnight') log.error({ way, code: error.code }, 'a daily quota of WeChat is used up');
      return { is: 'later', ...said, at: spread(until, random) };
    }
    case 'delayHours':
      return { is: 'later', ...said, at: retryAt(next, now, random() * MINUTE_MS) ?? now };
    case 'stopTemplate':
      if (templateId) await pauses.pause(`template:${templateId}`, new Date(now.getTime() + STOPPED_MS));
      log.error({ templateId, code: error.code }, 'WeChat stopped a template');
      return { is: 'refused', ...said };
    case 'alarm':
      await pauses.pause('wechat', new Date(now.getTime() + ALARM_MS));
      log.error({ code: error.code, why: next.why }, 'WeChat does not let us in; notices wait');
      return { is: 'later', ...said, at: spread(new Date(now.getTime() + ALARM_MS), random) };
    case 'disableFeature':
      await pauses.pause(way, new Date(now.getTime() + HOUR_MS));
      log.error({ way, code: error.code }, 'WeChat does not permit a call; it is left alone for an hour');
      return { is: 'later', ...said, at: spread(new Date(now.getTime() + HOUR_MS), random) };
    case 'badTemplate':
      return { is: 'refused', ...said, ...fieldOf(next) };
    default:
      return { is: 'refused', ...said };
  }
}

function fieldOf(next: Extract<Next, { do: 'badTemplate' }>): { field?: string } {
  return next.field ? { field: next.field } : {};
}

/** Not all at once when the pause ends. */
function spread(at: Date, random: () => number): Date {
  return new Date(at.getTime() + Math.round(random() * MINUTE_MS));
}
