import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Prisma } from '../generated/prisma/client.ts';
import type { Actor, Channel } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Notice } from '../kernel/notice.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { storageTroubleOf } from '../kernel/storage-trouble.ts';
import { createBeforehand, NotYetDone } from './beforehand.ts';
import type { Database } from './open.ts';
import { OutsideTransaction } from './transaction-context.ts';

/**
 * How long to wait for a connection, how long the transaction may last (an import's batches, say), and the time it
 * takes for now where that is not the clock's (a job run by hand at a pretended time).
 */
export type TransactionLimits = { maxWaitMs?: number; timeoutMs?: number; now?: Date };

export type Transactions = {
  inTransaction<T>(
    actor: Actor,
    channel: Channel,
    work: (scope: Scope) => Promise<T>,
    limits?: TransactionLimits,
  ): Promise<T>;
};

const MOST_ATTEMPTS = 3;
const JITTER_MS = 40;
const TIMEOUT_MS = 5_000;
/** A connection found dead is made anew: twice, and a server that restarts gets a moment for it. */
const WAITS_FOR_CONNECTION_MS = [20, 400];

/**
 * The one place that opens transactions. The work gets a scope; its first statement tells the audit triggers who acts,
 * how and when. After a write conflict or a deadlock it is repeated, three attempts in all. What was left with
 * `afterCommit` runs once, in order, when the commit is through. What a use case wants done `beforehand` is done between
 * two attempts. A refusal's `tells` are written although it rolled everything else back. A connection that was lost
 * before the work began is no error yet: another is taken.
 * @param tell writes notices into the outbox with the given transaction
 * @param afterTold called after a commit that wrote some: they can be sent
 * @param noteFailure hears of every error that is no refusal: what the database suffers shows in its readiness
 */
export function createTransactions(parts: {
  database: Pick<Database, 'prisma' | 'context'>;
  clock: Clock;
  time: SchoolTime;
  log: Logger;
  tell: (tx: Tx, now: Date, notices: Notice[]) => Promise<void>;
  afterTold?: () => void;
  noteFailure?: (error: unknown) => void;
}): Transactions {
  const { database, clock, time, log, tell, afterTold, noteFailure } = parts;

  async function attempt<T>(
    door: Pick<Scope, 'actor' | 'channel' | 'now'>,
    work: (scope: Scope) => Promise<T>,
    limits: TransactionLimits,
    beforehand: Scope['beforehand'],
  ): Promise<{ result: T; after: Parameters<Scope['afterCommit']>[0][] }> {
    const { actor, channel, now } = door;
    const after: Parameters<Scope['afterCommit']>[0][] = [];
    let told = false;
    let begun = false;
    const inside = async (tx: Tx) => {
      await tellAudit(tx, door);
      if (limits.timeoutMs) await waitForLocks(tx, limits.timeoutMs);
      begun = true;
      return work({
        tx,
        now,
        today: time.dayOf(now),
        time,
        actor,
        channel,
        tell: (...notices) => {
          told ||= notices.length > 0;
          return tell(tx, earlier(now, clock.now()), notices);
        },
        afterCommit: (callback) => void after.push(callback),
        beforehand,
      });
    };
    const open = () =>
      database.prisma.$transaction((tx) => database.context.within(() => inside(tx)), {
        maxWait: limits.maxWaitMs ?? 15_000,
        timeout: limits.timeoutMs ?? TIMEOUT_MS,
      });
    const result = await openAgain(open, () => begun);
    if (told) afterTold?.();
    return { result, after };
  }

  async function repeatedly<T>(
    door: Pick<Scope, 'actor' | 'channel' | 'now'>,
    work: (scope: Scope) => Promise<T>,
    limits: TransactionLimits,
    beforehand: Scope['beforehand'],
  ): Promise<T> {
    for (let attempts = 1; ; ) {
      try {
        const { result, after } = await attempt(door, work, limits, beforehand);
        for (const callback of after) await runAfter(callback, log);
        return result;
      } catch (error) {
        if (error instanceof NotYetDone) {
          await error.perform();
          continue;
        }
        if (error instanceof Refusal && error.tells.length > 0)
          await attempt(door, (scope) => scope.tell(...error.tells), limits, beforehand);
        if (attempts >= MOST_ATTEMPTS || !isWriteConflict(error)) throw error;
        log.debug({ attempts }, 'a transaction lost a write conflict and is repeated');
        await sleep(Math.random() * JITTER_MS * attempts);
        attempts += 1;
      }
    }
  }

  return {
    inTransaction: async (actor, channel, work, limits = {}) => {
      if (database.context.isWithin()) throw new OutsideTransaction();
      const door = { actor, channel, now: limits.now ?? clock.now() };
      const { beforehand, end } = createBeforehand();
      try {
        return await repeatedly(door, work, limits, beforehand);
      } catch (error) {
        if (!(error instanceof Refusal)) noteFailure?.(error);
        throw error;
      } finally {
        for (const callback of end()) await runAfter(callback, log);
      }
    },
  };
}

/** Opens a transaction anew where its connection was lost before anything ran in it. */
async function openAgain<T>(open: () => Promise<T>, hasBegun: () => boolean): Promise<T> {
  for (const waitMs of WAITS_FOR_CONNECTION_MS) {
    try {
      return await open();
    } catch (error) {
      if (hasBegun() || storageTroubleOf(error) !== 'away') throw error;
      await sleep(waitMs);
    }
  }
  return open();
}

/** What may take long, an import's batch, may also wait for others: nobody sits before it. */
async function waitForLocks(tx: Tx, timeoutMs: number): Promise<void> {
  await tx.$queryRaw`SELECT set_config('lock_timeout', ${String(timeoutMs)}, true)`;
}

/** What is done at a pretended time to come is done now, and told now. */
function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** The commit stands whatever becomes of what follows it. */
async function runAfter(callback: () => void | Promise<void>, log: Logger): Promise<void> {
  try {
    await callback();
  } catch (error) {
    log.error({ err: error }, 'what should follow a commit failed');
  }
}

/** Prisma words a serialization failure (40001) and a deadlock (40P01) alike; a raw query's keeps the code inside. */
function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  if (error.code === 'P2034') return true;
  return error.code === 'P2010' && /40001|40P01|TransactionWriteConflict/.test(JSON.stringify(error.meta ?? {}));
}

/** Tells the audit's triggers who acts from here on, through which door and when. */
export async function tellAudit(
  tx: Tx,
  { actor, channel, now }: Pick<Scope, 'actor' | 'channel' | 'now'>,
): Promise<void> {
  await tx.$queryRaw`SELECT set_config('xiaoxin.actor', ${actor.id?.toString() ?? ''}, true),
    set_config('xiaoxin.channel', ${channel}, true), set_config('xiaoxin.now', ${now.toISOString()}, true)`;
}
