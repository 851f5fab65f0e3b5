import type { About } from '../../kernel/notice.ts';

/** The ways to reach somebody, in the order a school usually has them. */
export const CHANNELS = ['wechat', 'email', 'sms'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** A notice on its way, with what channels need to know of its addressee. */
export type Sending = {
  id: number;
  kind: string;
  /** As the row holds it; its kind reads it. */
  data: unknown;
  about: About | null;
  createdAt: Date;
  /** The same for every repetition, so that a platform can tell one; a sending anew by hand gets another. */
  key: string;
  person: Addressee;
};

export type Addressee = {
  id: number;
  name: string;
  active: boolean;
  openid: string | null;
  email: string | null;
  phone: string | null;
};

/** What a channel made of a notice, which says what comes next. Errors are the other side's own words, without secrets. */
export type Outcome =
  | { is: 'sent'; way?: string; platformId?: string }
  /** Busy, or nobody knows: soon once more, under the same key; at most `most` times where there is no key. */
  | { is: 'again'; way?: string; error: string; most?: number }
  /** Not before that time. */
  | { is: 'later'; way?: string; at: Date; error: string }
  /** The channel is closed for everybody until then (account, platform, quota): nothing is said about this notice. */
  | { is: 'paused'; way?: string; at: Date; error: string }
  /** This channel will never take this notice. */
  | { is: 'refused'; way?: string; error: string; field?: string }
  /** This channel does not reach this person. */
  | { is: 'unavailable'; way?: string; error: string };

/** One way out of the house. `send` throws nothing but bugs. */
export type Channel = { name: ChannelName; send(sending: Sending): Promise<Outcome> };
