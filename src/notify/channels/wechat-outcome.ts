import type { Logger } from 'pino';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Next, retryAt, type WechatError } from '../../wechat/index.ts';
import { flagBinding, noteOptedOut, noteUnfollowed, type WechatUser } from '../followers.ts';
import type { Pauses } from '../pauses.ts';
import { closeWindows } from '../windows.ts';
import type { Outcome } from './channel.ts';

/** A call that failed: which way, to whom, with which template; when it began, and when its notice was written. */
export type Failed = {
  way: 'template' | 'custom';
  user: WechatUser;
  templateId?: string;
  began: Date;
  createdAt: Date;
};

/** What a failed call means: for the whole notice, or for this way only, so that the other may be tried. */
export type Verdict = { outcome: Outcome; mayTryOtherWay: boolean };

type Parts = { prisma: PrismaClient; clock: Clock; pauses: Pauses; log: Logger; random: () => number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STOPPED_MS = 7 * 24 * HOUR_MS;
/** After a pause notices come not all at once, but soon. */
const SPREAD_MS = 10_000;

/**
 * Does what the platform's error asks for (wechat-platform.md §4) and says what it means for the notice: what we know of
 * the person changes, a call, a template or the whole account is left alone by all nodes, somebody is alarmed. What
 * concerns the account or the platform only pauses; where it concerns this way alone, the other one may be tried.
 */
export async function actOnError(
  error: WechatError,
  failed: Failed,
  { prisma, clock, pauses, log, random }: Parts,
): Promise<Verdict> {
  const { next } = error;
  const { way, user, templateId, began, createdAt } = failed;
  const now = clock.now();
  const said = { way, error: `${error.code} ${error.errmsg}`.trim() };
  const end = (outcome: Outcome): Verdict => ({ outcome, mayTryOtherWay: false });
  const thisWay = (outcome: Outcome): Verdict => ({ outcome, mayTryOtherWay: true });
  const spread = (at: Date) => new Date(at.getTime() + Math.round(random() * SPREAD_MS));

  switch (next.do) {
    case 'outcomeUnknown':
      // Only template messages have a key; a customer-service message may come twice, so it is repeated once.
      return end({ is: 'again', ...said, ...(way === 'custom' && { most: 2 }) });
    case 'retry':
    case 'refreshToken':
      return end({ is: 'again', ...said });
    case 'dropInvalidOpenid':
      await flagBinding(prisma, user, began);
      return end({ is: 'unavailable', ...said });
    case 'dropNotFollower':
      // As of the call's beginning: who followed while it was under way is a follower.
      await noteUnfollowed(prisma, user, began);
      return end({ is: 'unavailable', ...said });
    case 'optedOut':
      await noteOptedOut(prisma, user, now);
      return thisWay({ is: 'unavailable', ...said });
    case 'windowClosed':
      await closeWindows(prisma, user.openid);
      return thisWay({ is: 'unavailable', ...said });
    case 'pauseUntilMidnight':
    case 'waitMinute': {
      const until = retryAt(next, now) ?? now;
      await pauses.pause(way, until);
      if (next.do === 'pauseUntilMidnight') log.error({ way, code: error.code }, 'a daily quota of WeChat is used up');
      return thisWay({ is: 'paused', ...said, at: spread(until) });
    }
    case 'delayHours':
      return end({ is: 'later', ...said, at: retryAt(next, now, random() * MINUTE_MS) ?? now });
    case 'stopTemplate':
      if (templateId) await pauses.pause(`template:${templateId}`, new Date(now.getTime() + STOPPED_MS));
      log.error({ templateId, code: error.code }, 'WeChat stopped a template');
      return thisWay({ is: 'refused', ...said });
    case 'alarm': {
      const until = await pauses.pauseAccount();
      log.error({ code: error.code, why: next.why, until }, 'WeChat does not let us in; notices wait');
      const isPerhapsThisOne = next.why === 'unknownCode';
      return end({ is: 'paused', ...said, at: spread(isPerhapsThisOne ? stepBack(until, createdAt, now) : until) });
    }
    case 'disableFeature': {
      const until = new Date(now.getTime() + HOUR_MS);
      await pauses.pause(way, until);
      log.error({ way, code: error.code }, 'WeChat does not permit a call; it is left alone for an hour');
      return thisWay({ is: 'paused', ...said, at: spread(until) });
    }
    case 'badTemplate':
      return thisWay({ is: 'refused', ...said, ...fieldOf(next) });
    default:
      return thisWay({ is: 'refused', ...said });
  }
}

/** A code nobody knows may concern this one notice after all: the older it is, the more seldom it stops the others. */
function stepBack(until: Date, createdAt: Date, now: Date): Date {
  const age = now.getTime() - createdAt.getTime();
  return age < HOUR_MS ? until : new Date(Math.max(until.getTime(), now.getTime() + Math.min(age / 4, 2 * HOUR_MS)));
}

function fieldOf(next: Extract<Next, { do: 'badTemplate' }>): { field?: string } {
  return next.field ? { field: next.field } : {};
}
