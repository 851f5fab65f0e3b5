import type { Logger } from 'pino';
import type { Dispatch } from '../chat/incoming.ts';
import type { Receipts } from '../chat/receipts.ts';
import { type Reply, reply } from '../chat/reply.ts';
import { systemActor } from '../kernel/actor.ts';
import type { InTransaction, Scope } from '../kernel/scope.ts';
import type { PassiveReply, Push } from '../wechat/index.ts';
import { renderWechat } from './render-wechat.ts';

/** A scan of one of our codes, or a follow: `scene` is what the code carries, `at` the platform's time of it. */
export type Scan = { openid: string; scene?: string; at: Date };

/** What events do; the features' own use cases. */
export type EventHandlers = {
  follow(scope: Scope, scan: Scan): Promise<Reply>;
  scan(scope: Scope, scan: Scan): Promise<Reply>;
  unfollow(scope: Scope, left: Omit<Scan, 'scene'>): Promise<void>;
  templateFinished(scope: Scope, finished: { msgId: string; outcome: string; status: string }): Promise<void>;
};

const NOTHING: Reply = reply();

/**
 * The Official Account's door: what a push asks becomes a message for `dispatch` or an event's use case, and the answer
 * a passive reply. Either way the receipt under `key` stands or falls with the effect.
 * @param noteContact keeps the customer-service windows that a message or an event opens
 */
export function createOfficialAccount(parts: {
  dispatch: Dispatch;
  inTransaction: InTransaction;
  receipts: Receipts;
  events: EventHandlers;
  noteContact: (openid: string, kind: 'message' | 'event', at: Date) => Promise<void>;
  log: Logger;
}) {
  const { dispatch, inTransaction, receipts, events, noteContact, log } = parts;

  function once(key: string, work: (scope: Scope) => Promise<Reply>): Promise<Reply> {
    return inTransaction(systemActor, 'chat', async (scope) => {
      const earlier = await receipts.begin(scope, key);
      if (earlier) return earlier;
      const answer = await work(scope);
      await receipts.end(scope, key, answer);
      return answer;
    });
  }

  async function answer(push: Push, key: string): Promise<Reply> {
    const sender = push.from;
    const at = happenedAt(push);
    switch (push.kind) {
      case 'text':
        return dispatch({ channel: 'chat', sender, text: push.content, key });
      case 'click':
        return dispatch({ channel: 'chat', sender, command: push.eventKey, key });
      case 'subscribe':
        return once(key, (scope) => events.follow(scope, { openid: sender, scene: push.scene, at }));
      case 'scan':
        return once(key, (scope) => events.scan(scope, { openid: sender, scene: push.scene, at }));
      case 'unsubscribe':
        return once(key, async (scope) => {
          await events.unfollow(scope, { openid: sender, at });
          return NOTHING;
        });
      case 'templateFinished':
        return once(key, async (scope) => {
          await events.templateFinished(scope, push);
          return NOTHING;
        });
      default:
        // Pictures, voices, places: people are told that we read words. Events nobody waits for stay silent.
        return push.msgType === 'event' ? NOTHING : dispatch({ channel: 'chat', sender, key });
    }
  }

  return async (push: Push, key: string): Promise<PassiveReply> => {
    const contact = contactOf(push);
    if (contact)
      await noteContact(push.from, contact, happenedAt(push)).catch((error) =>
        log.warn({ err: error }, 'a customer-service window could not be noted'),
      );
    const { lines } = await answer(push, key);
    return lines.length === 0 ? { type: 'ack' } : { type: 'text', text: renderWechat({ lines }) };
  };
}

/** The platform's time of a push: seconds, and milliseconds where a client has them wrong. */
function happenedAt({ createTime }: Push): Date {
  const time = Number(createTime);
  return new Date(time < 1e11 ? time * 1000 : time);
}

/** Messages open a window of 48 hours; menu clicks, taps in an answer, follows and scans one of a minute. */
function contactOf(push: Push): 'message' | 'event' | null {
  if (push.kind === 'text' && push.menuId !== undefined) return 'event';
  if (push.msgType !== 'event') return 'message';
  return ['click', 'subscribe', 'scan', 'scanCode'].includes(push.kind) ? 'event' : null;
}
