import type { Logger } from 'pino';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Clock, wallNow as machineNow } from '../../kernel/clock.ts';
import type { NoticeKind } from '../../kernel/notice.ts';
import type { SchoolTime } from '../../kernel/school-time.ts';
import type { SharedState } from '../../shared-state/index.ts';
import { type WechatApi, WechatError } from '../../wechat/index.ts';
import { readReach } from '../followers.ts';
import { type Mapping, syncTemplates } from '../map-templates.ts';
import { createMappings } from '../mappings.ts';
import { createPauses } from '../pauses.ts';
import { TEMPLATE_TEXT, UNAVAILABLE } from '../phrases.ts';
import { fitValue } from '../template-values.ts';
import { type Values, viewOf } from '../views.ts';
import { reserveWindow } from '../windows.ts';
import type { Channel, Outcome, Sending } from './channel.ts';
import { customText } from './custom-text.ts';
import { actOnError, type Failed } from './wechat-outcome.ts';

export type WechatChannelParts = {
  prisma: PrismaClient;
  api: WechatApi;
  clock: Clock;
  time: SchoolTime;
  shared: Pick<SharedState, 'get' | 'set' | 'acquireLease'>;
  log: Logger;
  /** The address that opens what a notice is about, for its addressee. */
  linkFor: LinkFor;
  wallNow?: () => number;
  random?: () => number;
};

/** The signed address of what a notice is about; undefined where it is about nothing one can open. */
export type LinkFor = (notice: Pick<Sending, 'about' | 'createdAt'> & { person: { id: number } }) => string | undefined;

/** These say more than a template holds: in words while a window is open, as a template with a link where not. */
const LONG_KINDS: ReadonlySet<NoticeKind> = new Set(['aboutToDrop', 'nextContact', 'importDone', 'digest']);
/** Asking the platform for its templates helps at most once in this time. */
const RESYNC_MS = 10 * 60_000;

/** This way is not open for the notice; the channel's other way may be. */
type Closed = { is: 'closed'; why: string };

/**
 * The Official Account: template messages, which have an idempotency key, and customer-service messages while somebody's
 * window is open. Never more of those than the platform grants.
 */
export function createWechatChannel(parts: WechatChannelParts): Channel {
  const { prisma, api, clock, time, shared, log, linkFor, wallNow = machineNow, random = Math.random } = parts;
  const pauses = createPauses({ shared, clock });
  const mappings = createMappings({ prisma, wallNow });
  const ways = { template: sendTemplate, custom: sendCustom };

  return { name: 'wechat', send };

  async function send(sending: Sending): Promise<Outcome> {
    const openid = (sending.kind === 'bindReleased' && sending.data.openid) || sending.person.openid;
    if (!openid) return { is: 'unavailable', error: UNAVAILABLE.notBound };
    const reach = await readReach(prisma, openid, clock.now());
    if (!reach.following) return { is: 'unavailable', error: UNAVAILABLE.notFollowing };
    const whole = await pauses.until('wechat');
    if (whole) return { is: 'later', at: whole, error: TEMPLATE_TEXT.paused(time.format(whole)) };

    const order = LONG_KINDS.has(sending.kind) ? (['custom', 'template'] as const) : (['template', 'custom'] as const);
    const closed: string[] = [];
    for (const way of order) {
      if (way === 'template' && reach.optedOut) {
        closed.push(UNAVAILABLE.optedOut);
        continue;
      }
      const outcome = await ways[way](sending, openid);
      if (outcome.is !== 'closed') return outcome;
      closed.push(outcome.why);
    }
    return { is: 'unavailable', error: closed.join('，') };
  }

  async function sendTemplate(sending: Sending, openid: string): Promise<Outcome | Closed> {
    const view = viewOf(sending.kind, sending.data as never, { createdAt: sending.createdAt, time });
    if (!view) return { is: 'closed', why: TEMPLATE_TEXT.notMapped };
    const mapping = await mappedOf(view.kind);
    if (!mapping) return { is: 'closed', why: TEMPLATE_TEXT.notMapped };
    const { templateId } = mapping;
    const until = await pauses.until('template');
    if (until) return { is: 'later', way: 'template', at: until, error: TEMPLATE_TEXT.paused(time.format(until)) };
    const stopped = await pauses.until(`template:${templateId}`);
    if (stopped) return { is: 'refused', way: 'template', error: TEMPLATE_TEXT.stopped(time.format(stopped)) };

    const filled = fill(mapping, view.values, time.dayOf(sending.createdAt));
    if ('is' in filled) return filled;
    const { data } = filled;
    const url = linkFor(sending);
    return attempt({ way: 'template', openid, templateId }, async () => {
      const { msgId } = await api.sendTemplate({
        openid,
        templateId,
        data,
        clientMsgId: sending.key,
        ...(url && { url }),
      });
      return { is: 'sent', way: 'template', platformId: msgId };
    });
  }

  async function sendCustom(sending: Sending, openid: string): Promise<Outcome | Closed> {
    if (await pauses.until('custom')) return { is: 'closed', why: UNAVAILABLE.windowClosed };
    if (!(await reserveWindow(prisma, openid, clock.now()))) return { is: 'closed', why: UNAVAILABLE.windowClosed };
    const text = customText(sending, linkFor(sending));
    return attempt({ way: 'custom', openid }, async () => {
      await api.sendCustom(openid, { type: 'text', text });
      return { is: 'sent', way: 'custom' };
    });
  }

  async function attempt(call: Failed, work: () => Promise<Outcome>): Promise<Outcome | Closed> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const outcome = await actOnError(error, call, { prisma, clock, pauses, log, random });
      if (error.next.do === 'badTemplate') await resync();
      return outcome === 'closed' ? { is: 'closed', why: UNAVAILABLE.windowClosed } : outcome;
    }
  }

  /** A mapping without fields gets them from the platform's own list, once. */
  async function mappedOf(kind: Mapping['kind']): Promise<Mapping | undefined> {
    const mapping = await mappings.get(kind);
    if (!mapping || mapping.fields) return mapping;
    await resync();
    return mappings.get(kind);
  }

  async function resync(): Promise<void> {
    if (!(await shared.acquireLease('notify:template-sync', RESYNC_MS))) return;
    try {
      await syncTemplates({ prisma, api, now: clock.now() });
      mappings.forget();
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      log.warn({ code: error.code }, 'the templates could not be synced');
    }
  }
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
