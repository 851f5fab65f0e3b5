import type { Logger } from 'pino';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Clock, wallNow as machineNow } from '../../kernel/clock.ts';
import type { SchoolTime } from '../../kernel/school-time.ts';
import type { Catalogue } from '../../notices/catalogue.ts';
import type { Values } from '../../notices/define-notice.ts';
import type { SharedState } from '../../shared-state/index.ts';
import { type WechatApi, WechatError } from '../../wechat/index.ts';
import { readReach, type WechatUser } from '../followers.ts';
import type { Mapping } from '../map-templates.ts';
import { createMappings } from '../mappings.ts';
import { createPauses } from '../pauses.ts';
import { TEMPLATE_TEXT, UNAVAILABLE } from '../phrases.ts';
import { createTemplateSync } from '../template-sync.ts';
import { fitValue } from '../template-values.ts';
import { viewOf } from '../views.ts';
import { reserveWindow } from '../windows.ts';
import type { Channel, Outcome, Sending } from './channel.ts';
import { customText } from './custom-text.ts';
import { actOnError, type Failed, type Verdict } from './wechat-outcome.ts';

export type WechatChannelParts = {
  prisma: PrismaClient;
  api: WechatApi;
  clock: Clock;
  time: SchoolTime;
  shared: Pick<SharedState, 'get' | 'set' | 'acquireLease' | 'releaseLease'>;
  log: Logger;
  catalogue: Catalogue;
  /** The address that opens what a notice is about, for its addressee. */
  linkFor: LinkFor;
  wallNow?: () => number;
  random?: () => number;
};

/** The signed address of what a notice is about; undefined where it is about nothing one can open. */
export type LinkFor = (notice: Pick<Sending, 'about' | 'createdAt'> & { person: { id: number } }) => string | undefined;

/** Another node asks for the templates at the moment: it has them by then. */
const SYNC_ELSEWHERE_MS = 5000;

/**
 * The Official Account: template messages, which have an idempotency key, and customer-service messages while somebody's
 * window is open. Never more of those than the platform grants.
 */
export function createWechatChannel(parts: WechatChannelParts): Channel {
  const {
    prisma,
    api,
    clock,
    time,
    shared,
    log,
    catalogue,
    linkFor,
    wallNow = machineNow,
    random = Math.random,
  } = parts;
  const { appId } = api;
  const pauses = createPauses({ shared, clock, appId });
  const mappings = createMappings({ prisma, appId, wallNow });
  const sync = createTemplateSync({ prisma, api, clock, shared, log, catalogue });
  const ways = { template: sendTemplate, custom: sendCustom };

  return { name: 'wechat', send };

  /**
   * One way, and where that one does not take the notice the other: what a template cannot carry is said in words while
   * the person's window is open.
   */
  async function send(sending: Sending): Promise<Outcome> {
    const notice = catalogue.find(sending.kind);
    const openid = notice?.openidIn(sending.data) ?? sending.person.openid;
    if (!openid) return { is: 'unavailable', error: UNAVAILABLE.notBound };
    const user = { appId, openid };
    const reach = await readReach(prisma, user, clock.now());
    if (!reach.following) return { is: 'unavailable', error: UNAVAILABLE.notFollowing };
    const whole = await pauses.until('wechat');
    if (whole) return { is: 'paused', at: whole, error: TEMPLATE_TEXT.paused(time.format(whole)) };

    // Words while a window is open, a template with a link where not.
    const order = notice?.isLong ? (['custom', 'template'] as const) : (['template', 'custom'] as const);
    const said: Outcome[] = [];
    for (const way of order) {
      if (way === 'template' && reach.optedOut) {
        said.push(closed(UNAVAILABLE.optedOut));
        continue;
      }
      const { outcome, mayTryOtherWay } = await ways[way](sending, user);
      if (outcome.is === 'sent') await pauses.worked();
      if (!mayTryOtherWay) return outcome;
      said.push(outcome);
    }
    return lastWord(said);
  }

  async function sendTemplate(sending: Sending, user: WechatUser): Promise<Verdict> {
    const notice = catalogue.find(sending.kind);
    const view = notice && viewOf(notice, sending.data, { createdAt: sending.createdAt, time });
    if (!view) return otherWay(closed(TEMPLATE_TEXT.notMapped));
    const mapping = await mappedOf(view.kind);
    if (!mapping) return otherWay(closed(TEMPLATE_TEXT.notMapped));
    if ('is' in mapping) return otherWay(mapping);
    const { templateId } = mapping;
    const until = await pauses.until('template');
    if (until) return otherWay({ is: 'paused', way: 'template', at: until, error: sayPaused(until) });
    const stopped = await pauses.until(`template:${templateId}`);
    if (stopped)
      return otherWay({ is: 'refused', way: 'template', error: TEMPLATE_TEXT.stopped(time.format(stopped)) });

    const filled = fill(mapping, view.values, time.dayOf(sending.createdAt));
    if ('is' in filled) return otherWay(filled);
    const { data } = filled;
    const url = linkFor(sending);
    const { createdAt, key: clientMsgId } = sending;
    return attempt({ way: 'template', user, templateId, createdAt }, async () => {
      const { openid } = user;
      const { msgId } = await api.sendTemplate({ openid, templateId, data, clientMsgId, ...(url && { url }) });
      return { is: 'sent', way: 'template', ...(msgId !== undefined && { platformId: msgId }) };
    });
  }

  async function sendCustom(sending: Sending, user: WechatUser): Promise<Verdict> {
    const until = await pauses.until('custom');
    if (until) return otherWay({ is: 'unavailable', way: 'custom', error: sayPaused(until) });
    if (!(await reserveWindow(prisma, user, clock.now()))) return otherWay(closed(UNAVAILABLE.windowClosed));
    const text = customText(catalogue.word(sending.kind, sending.data), linkFor(sending));
    return attempt({ way: 'custom', user, createdAt: sending.createdAt }, async () => {
      await api.sendCustom(user.openid, { type: 'text', text });
      return { is: 'sent', way: 'custom' };
    });
  }

  async function attempt(call: Omit<Failed, 'began'>, work: () => Promise<Outcome>): Promise<Verdict> {
    const began = clock.now();
    try {
      return { outcome: await work(), mayTryOtherWay: false };
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const verdict = await actOnError(error, { ...call, began }, { prisma, clock, pauses, log, random });
      if (error.next.do === 'badTemplate') await sync.again();
      return verdict;
    }
  }

  /** A kind's mapping with its fields, which come from the platform's own list: until that is here, the notice waits. */
  async function mappedOf(kind: Mapping['kind']): Promise<Mapping | Outcome | undefined> {
    const mapping = await mappings.get(kind);
    if (!mapping || mapping.fields) return mapping;
    const synced = await sync.again();
    if (synced.is === 'failed') return { is: 'again', way: 'template', error: synced.error };
    mappings.forget(); // another node may have written them
    const fresh = await mappings.get(kind);
    if (fresh?.fields || synced.is === 'known') return fresh;
    const at = new Date(clock.now().getTime() + SYNC_ELSEWHERE_MS);
    return { is: 'paused', way: 'template', at, error: TEMPLATE_TEXT.syncing };
  }

  function sayPaused(until: Date): string {
    return TEMPLATE_TEXT.paused(time.format(until));
  }
}

function closed(error: string): Outcome {
  return { is: 'unavailable', error };
}

/** This way does not take the notice; the other may. */
function otherWay(outcome: Outcome): Verdict {
  return { outcome, mayTryOtherWay: true };
}

/** What two ways that did not take a notice come to: what may still be waited for, else a refusal, else nothing open. */
function lastWord(said: readonly Outcome[]): Outcome {
  const waiting = said.find(({ is }) => is === 'again' || is === 'paused');
  const refused = said.find(({ is }) => is === 'refused');
  if (waiting ?? refused) return (waiting ?? refused) as Outcome;
  const errors = said.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  return { is: 'unavailable', error: errors.join('，') };
}

/** The template's fields with their values, or the first one that does not take its value. */
function fill({ fields }: Mapping, values: Values, day: string): { data: Record<string, string> } | Outcome {
  if (!fields) return { is: 'refused', way: 'template', error: TEMPLATE_TEXT.noFields };
  const data: Record<string, string> = {};
  for (const [field, source] of Object.entries(fields)) {
    const fitted = fitValue(field, source.startsWith('=') ? source.slice(1) : (values[source] ?? ''), day);
    if (!fitted.ok) return { is: 'refused', way: 'template', error: TEMPLATE_TEXT.misfit(field, fitted.why), field };
    data[field] = fitted.value;
  }
  return { data };
}
