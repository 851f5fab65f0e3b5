import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { type Clock, wallNow as machineNow } from '../kernel/clock.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import { readSettings } from '../settings/index.ts';
import type { Channel } from './channels/channel.ts';
import { type Decision, deliver } from './deliver.ts';
import { mergeHeld } from './merge-held.ts';
import { type Claimed, createOutboxRows, LEASE_MS } from './outbox-rows.ts';
import { orderFor, quietFor, type SchoolQuiet } from './prefs.ts';
import { quietEnd } from './quiet.ts';

export type Outbox = {
  /** Looks for due notices every few seconds from now on. */
  start(): void;
  /** Looks for due notices soon; for after a commit. */
  kick(): void;
  /** Sends what is due by the clock and answers when nothing is due any more. */
  settle(): Promise<void>;
  /** Claims nothing more and lets those in flight end, once; others repeat what has not ended in a few seconds. */
  stop(): Promise<void>;
};

export type OutboxParts = {
  prisma: PrismaClient;
  inTransaction: InTransaction;
  clock: Clock;
  time: SchoolTime;
  /** The channels the school has, in its order. */
  channels: readonly Channel[];
  catalogue: Catalogue;
  log: Logger;
  /** This node's name, unique among all that ever run. */
  owner: string;
  wallNow?: () => number;
  random?: () => number;
};

const MOST_IN_FLIGHT = 20;
/** A claim for one or two is not worth its statement while more are in flight. */
const WORTH_CLAIMING = 8;
const LOOK_MS = 2000;
/** A mail server that does not answer must not hold a shutdown. */
const STOP_WITHIN_MS = 6000;

/**
 * Sends the notices the use cases wrote: claims those due in batches, at most 20 in flight, each at least once. A node
 * that dies leaves leases that run out within a minute; then others repeat what it had in flight under the same keys.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const {
    prisma,
    inTransaction,
    clock,
    time,
    channels,
    catalogue,
    log,
    owner,
    wallNow = machineNow,
    random = Math.random,
  } = parts;
  const rows = createOutboxRows({ prisma, owner });
  const configured = channels.map(({ name }) => name);
  const inFlight = new Map<number, Promise<void>>();
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let stopping = false;
  let ticker: NodeJS.Timeout | null = null;
  let renewer: NodeJS.Timeout | null = null;
  let stopped: Promise<void> | null = null;

  async function look(): Promise<void> {
    await mergeHeld({ prisma, inTransaction, catalogue }, clock.now());
    while (!stopping) {
      const room = MOST_IN_FLIGHT - inFlight.size;
      if (room < WORTH_CLAIMING) {
        await Promise.race(inFlight.values());
        continue;
      }
      const claimed = await rows.claim({ now: clock.now(), wall: wallNow(), limit: room });
      if (claimed.length === 0) return;
      for (const notice of await awake(claimed)) begin(notice);
    }
  }

  /** What is urgent or outside its addressee's quiet hours; the rest is held until they end. */
  async function awake(claimed: readonly Claimed[]): Promise<Claimed[]> {
    if (claimed.every(({ urgent }) => urgent)) return [...claimed];
    const { quietHours: on, quietFrom: from, quietUntil: until } = await readSettings(prisma);
    const now = clock.now();
    const ends = claimed.map((notice) => (notice.urgent ? null : quietUntil(notice, { on, from, until }, now)));
    await rows.hold(claimed.flatMap(({ sending: { id } }, n) => (ends[n] ? [{ id, until: ends[n] }] : [])));
    return claimed.filter((_, n) => !ends[n]);
  }

  function quietUntil({ prefs }: Claimed, school: SchoolQuiet, now: Date): Date | null {
    const quiet = quietFor(prefs, school);
    return quiet && quietEnd(now, quiet, time);
  }

  function begin(notice: Claimed): void {
    const { id } = notice.sending;
    renewer ??= setInterval(renew, LEASE_MS / 4).unref();
    const sending = send(notice).finally(() => {
      inFlight.delete(id);
      if (inFlight.size > 0 || !renewer) return;
      clearInterval(renewer);
      renewer = null;
    });
    inFlight.set(id, sending);
  }

  async function send(notice: Claimed): Promise<void> {
    const { sending, tries, prefs } = notice;
    try {
      const order = orderFor(prefs, configured).flatMap((name) => channels.filter((channel) => channel.name === name));
      const decision = sending.person.active
        ? await deliver(sending, { order, tries, now: () => clock.now(), random })
        : ({ state: 'unreachable', error: '账号已停用', tries } satisfies Decision);
      await rows.finish(notice, decision, clock.now());
      if (decision.state === 'dead')
        log.warn(
          { notice: sending.id, kind: sending.kind },
          'a notice could not be sent; it is listed for sending by hand',
        );
    } catch (error) {
      // Its lease runs out, and it is sent once more under the same key.
      log.error({ err: error, notice: sending.id, kind: sending.kind }, 'what became of a notice could not be written');
    }
  }

  function renew(): void {
    rows.renew([...inFlight.keys()], wallNow()).catch((error) => log.error({ err: error }, 'leases were not renewed'));
  }

  /** One look at a time on this node; asked for meanwhile, there is another one after it. */
  function lookSoon(): Promise<void> {
    if (looking) {
      lookAgain = true;
      return looking;
    }
    const run = async () => {
      do {
        lookAgain = false;
        await look();
      } while (lookAgain && !stopping);
    };
    looking = run().finally(() => {
      looking = null;
    });
    return looking;
  }

  function kick(): void {
    if (stopping) return;
    lookSoon().catch((error) => log.error({ err: error }, 'the outbox could not look for due notices'));
  }

  async function end(): Promise<void> {
    stopping = true;
    if (ticker) clearInterval(ticker);
    const ended = Promise.resolve(looking)
      .catch(() => undefined)
      .then(() => Promise.all(inFlight.values()));
    await Promise.race([ended, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    if (renewer) clearInterval(renewer);
  }

  return {
    start: () => {
      ticker ??= setInterval(kick, LOOK_MS).unref();
    },
    kick,
    settle: async () => {
      do {
        await lookSoon();
        await Promise.all(inFlight.values());
      } while (!stopping && (await rows.isDue({ now: clock.now(), wall: wallNow() })));
    },
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}
