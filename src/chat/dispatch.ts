import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Actor } from '../kernel/actor.ts';
import { visible } from '../kernel/normal/text.ts';
import { withoutUnstorable } from '../kernel/refuse-unstorable.ts';
import type { InTransaction, Scope, Tx } from '../kernel/scope.ts';
import { commandsFor } from './help.ts';
import type { Dispatch, Incoming } from './incoming.ts';
import { sayUnknown } from './nearest.ts';
import { type Found, perform } from './perform.ts';
import { sayFailed, sayStranger, sayWordless } from './phrases.ts';
import type { Receipts } from './receipts.ts';
import type { Registry } from './registry.ts';
import type { Reply } from './reply.ts';
import { withTaps } from './taps.ts';

/** Who stands behind a sender's openid, with what they may do; null where nobody is bound to it. */
export type Identify = (tx: Tx, openid: string) => Promise<Actor | null>;

/** The transaction opens before the sender is known; nothing but the receipt is written as this one. */
const unknownActor: Actor = { id: null, name: '', roles: [], grants: [], departmentId: null, campusId: null };

/**
 * Answers one message, in one transaction: receipt, sender, command, permission, effect, answer. A message delivered
 * again has no second effect and gets the first one's answer. A refusal takes back what the command did and is the
 * answer; where something fails nothing is kept, not even the receipt, so that the next delivery may try again.
 */
export function createDispatch(parts: {
  inTransaction: InTransaction;
  registry: Registry;
  identify: Identify;
  receipts: Receipts;
  log: Logger;
}): Dispatch {
  const { inTransaction, registry, identify, receipts, log } = parts;

  async function answerOnce(scope: Scope, incoming: Incoming): Promise<Reply> {
    const earlier = await receipts.begin(scope, incoming.key);
    if (earlier) return earlier;
    const answer = withTaps(await answerTo(scope, incoming), registry);
    await receipts.end(scope, incoming.key, answer);
    return answer;
  }

  async function answerTo(scope: Scope, { sender, text: written = '', command }: Incoming): Promise<Reply> {
    const text = visible(withoutUnstorable(written));
    const actor = await identify(scope.tx, sender);
    if (!actor) return sayStranger();
    const found = command === undefined ? registry.find(text) : clicked(command);
    if (found) return perform({ ...scope, actor }, found, registry);
    return text.trim() === '' ? sayWordless() : sayUnknown(text, commandsFor(actor, registry.commands));
  }

  /** A menu click is its command without arguments; a key from an older menu leads to 帮助. */
  function clicked(id: string): Found | null {
    const command = registry.byId(id) ?? registry.byId('chat.help');
    return command ? { command, said: { word: command.words[0], rest: '', args: [] } } : null;
  }

  return async (incoming) => {
    try {
      return await inTransaction(unknownActor, incoming.channel, (scope) => answerOnce(scope, incoming));
    } catch (error) {
      const ref = randomBytes(3).toString('hex').toUpperCase();
      const asked = incoming.command ?? registry.find(incoming.text ?? '')?.command.id ?? null;
      log.error({ err: error, ref, channel: incoming.channel, command: asked }, 'a message could not be answered');
      return sayFailed(ref);
    }
  };
}
