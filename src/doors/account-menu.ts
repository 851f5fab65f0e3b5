import type { Logger } from 'pino';
import type { MenuEntry } from '../chat/registry.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import { buildMenu, type WechatApi } from '../wechat/index.ts';

const KEY = 'wechat.accountMenu';

/** The Official Account's menu, made from the commands; set anew only where they have changed. */
export function createAccountMenu(parts: {
  prisma: PrismaClient;
  api: Pick<WechatApi, 'setMenu'>;
  clock: Clock;
  entries: readonly MenuEntry[];
  log: Logger;
}) {
  const { prisma, api, clock, entries, log } = parts;
  const menu = buildMenu(entries);

  async function set(): Promise<void> {
    await api.setMenu(menu);
    const row = { value: menu as object, updatedAt: clock.now() };
    await prisma.setting.upsert({ where: { key: KEY }, create: { key: KEY, ...row }, update: row });
  }
  return {
    /** @throws WechatError */
    set,
    /** At start: the platform not answering is no reason not to run. */
    ensure: async (): Promise<void> => {
      const kept = await prisma.setting.findUnique({ where: { key: KEY } });
      if (kept && JSON.stringify(kept.value) === JSON.stringify(menu)) return;
      await set().catch((error) => log.warn({ err: error }, 'the account menu could not be set; try npm run menu'));
    },
  };
}
