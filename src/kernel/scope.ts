import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor, Channel } from './actor.ts';
import type { Notice } from './notice.ts';
import type { SchoolDay, SchoolTime } from './school-time.ts';

/** An open transaction. */
export type Tx = Prisma.TransactionClient;

/** What a use case may touch. It opens no transaction and reads no clock. */
export type Scope = {
  tx: Tx;
  /** Read once, at the door, from the injected clock. */
  now: Date;
  today: SchoolDay;
  time: SchoolTime;
  actor: Actor;
  channel: Channel;
  /** Writes notices in the same transaction; they are sent after it. */
  tell(...notices: Notice[]): Promise<void>;
  /** Runs after the commit, never when the transaction fails. */
  afterCommit(work: () => void | Promise<void>): void;
  /**
   * What `work` answers, done with no transaction open: a turn taken from Redis, say. Asked first, it rolls the
   * transaction back and lets the use case begin again from its top; then the same `key` answers at once. `atEnd` runs
   * once when all is over, after the `afterCommit`s or the failure, to give back what was not used.
   */
  beforehand<T>(key: string, work: () => Promise<T>, atEnd?: (value: T) => Promise<void>): Promise<T>;
};

/**
 * Opens the one transaction a door gives to a use case; repeated after a write conflict. Its limits: how long to wait
 * for a connection and how long it may last, and a pretended time for `scope.now`.
 */
export type InTransaction = <T>(
  actor: Actor,
  channel: Channel,
  work: (scope: Scope) => Promise<T>,
  limits?: { maxWaitMs?: number; timeoutMs?: number; now?: Date },
) => Promise<T>;
