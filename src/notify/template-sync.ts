import type { Logger } from 'pino';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import type { SharedState } from '../shared-state/index.ts';
import { type WechatApi, WechatError } from '../wechat/index.ts';
import { syncTemplates } from './map-templates.ts';

type Parts = {
  prisma: PrismaClient;
  api: WechatApi;
  clock: Clock;
  shared: Pick<SharedState, 'get' | 'set' | 'acquireLease' | 'releaseLease'>;
  log: Logger;
  catalogue: Catalogue;
};

/** Asking the platform for its templates helps at most once in this time. */
const KNOWN_MS = 10 * 60_000;
/** Longer than one call with its repeats. */
const LEASE_MS = 30_000;

/** How a sync went: `known` the list is as fresh as it gets, `elsewhere` another node asks just now. */
type Synced = { is: 'known' } | { is: 'elsewhere' } | { is: 'failed'; error: string };

/**
 * Fetches the account's templates when a notice needs them: once for all who ask at a time, at most every ten minutes
 * over all nodes; a fetch that failed does not count.
 */
export function createTemplateSync({ prisma, api, clock, shared, log, catalogue }: Parts) {
  const key = `notify:template-sync:${api.appId}`;
  let running: Promise<Synced> | null = null;

  return {
    /** Waits for the list, whoever asks for it. */
    again(): Promise<Synced> {
      running ??= sync().finally(() => {
        running = null;
      });
      return running;
    },
  };

  async function sync(): Promise<Synced> {
    if ((await shared.get(key)) !== null) return { is: 'known' };
    const lease = await shared.acquireLease(key, LEASE_MS);
    if (!lease) return { is: 'elsewhere' };
    try {
      await syncTemplates({ prisma, api, catalogue, now: clock.now() });
      await shared.set(key, clock.now().toISOString(), KNOWN_MS);
      return { is: 'known' };
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      log.warn({ code: error.code }, 'the templates could not be synced');
      return { is: 'failed', error: `${error.code} ${error.errmsg}`.trim() };
    } finally {
      await shared.releaseLease(key, lease);
    }
  }
}
