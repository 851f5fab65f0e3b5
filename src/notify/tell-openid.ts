import type { Logger } from 'pino';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import { plainText, type WechatApi, WechatError } from '../wechat/index.ts';
import { reserveWindow } from './windows.ts';

/**
 * Says something to a phone that belongs to nobody any more, if its window is open: a released one. Without a person
 * there is no other channel, so where it cannot be said it is left unsaid.
 */
export function createTellOpenid(parts: { prisma: PrismaClient; api: WechatApi; clock: Clock; log: Logger }) {
  const { prisma, api, clock, log } = parts;
  return async (openid: string, text: string): Promise<void> => {
    try {
      if (await reserveWindow(prisma, { appId: api.appId, openid }, clock.now()))
        await api.sendCustom(openid, { type: 'text', text: plainText(text) });
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      log.info({ code: error.code }, 'a phone without a person could not be told');
    }
  };
}
