import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { MenuEntry } from '../chat/registry.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import { buildMenu, type WechatApi } from '../wechat/index.ts';

const KEY = 'wechat.accountMenu';
/** How long to wait after each failure, the last one from then on. */
const PAUSES_MS = [5_000, 15_000, 60_000, 5 * 60_000, 15 * 60_000];

type Parts = {
  prisma: PrismaClient;
  api: Pick<WechatApi, 'setMenu' | 'appId'>;
  clock: Clock;
  entries: readonly MenuEntry[];
  log: Logger;
  /** Once it is given, nothing is tried again. */
  stopping: AbortSignal;
  pausesMs?: readonly number[];
};

/** The Official Account's menu, made from the commands; set anew only where they or the account have changed. */
export function createAccountMenu(parts: Parts) {
  const { prisma, api, clock, entries, log, stopping, pausesMs = PAUSES_MS } = parts;
  const { appId } = api;
  const menu = buildMenu(entries);
  let ensuring: Promise<void> = Promise.resolve();

  async function set(): Promise<void> {
    await api.setMenu(menu);
    const row = { value: { appId, menu } as object, updatedAt: clock.now() };
    await prisma.setting.upsert({ where: { key: KEY }, create: { key: KEY, ...row }, update: row });
  }

  async function isSet(): Promise<boolean> {
    const kept = await prisma.setting.findUnique({ where: { key: KEY } });
    return isDeepStrictEqual(kept?.value, { appId, menu }); // jsonb keeps no order of keys, so no text is compared
  }

  async function ensure(): Promise<void> {
    for (let failures = 0; !stopping.aborted; failures += 1) {
      try {
        if (!(await isSet())) await set();
        return;
      } catch (error) {
        const pause = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0;
        log.warn({ err: error, againInMs: pause }, 'the account menu could not be set; it is tried again');
        await sleep(pause, undefined, { signal: stopping, ref: false }).catch(() => undefined);
      }
    }
  }

  return {
    /** @throws WechatError */
    set,
    /** Sets the menu where it is not set, as often as it takes; nobody waits for the platform. */
    start: (): void => {
      ensuring = ensure();
    },
    /** Answers when nothing is under way any more; after `stopping`, soon. */
    settled: (): Promise<void> => ensuring,
  };
}
