import type { Channel } from '../kernel/actor.ts';
import type { Reply } from './reply.ts';

/**
 * One thing said to us, whatever the door. `key` names the delivery: the same key has one effect and gets the same
 * answer. `text` is what was typed or tapped; a menu click carries `command` instead.
 */
export type Incoming = {
  channel: Extract<Channel, 'chat' | 'bot'>;
  /** The sender's openid. */
  sender: string;
  text?: string;
  /** A menu key: a command's id. */
  command?: string;
  key: string;
};

/** Answers one incoming message, whole: identified, permitted, run and receipted in one transaction. */
export type Dispatch = (incoming: Incoming) => Promise<Reply>;
