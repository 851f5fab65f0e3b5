import schedule from 'node-schedule';
import type { Logger } from 'pino';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { systemActor } from '../kernel/actor.ts';
import { type Clock, wallNow } from '../kernel/clock.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { Job } from './define-job.ts';
import { lastDueTime } from './due-times.ts';
import { createSlots, LEASE_MS, type Slot } from './slots.ts';

export type Scheduler = {
  /** Ticks every few seconds from now on. */
  start(): void;
  /** Runs all that is due by the clock, oldest first, and answers when it has ended; returns how many runs. */
  runDue(): Promise<number>;
  /** Runs one job now, as if it were `at`; returns how many rows it took. */
  runByHand(id: string, at?: Date): Promise<number>;
  /** Lets the batch under way end and begins no other. */
  stop(): Promise<void>;
};

/** A job missed for longer than this is not worth running late where it says 'skip'. */
const LATE_MS = 10 * 60_000;

/**
 * Runs the declared jobs by the injected clock. node-schedule only ticks; due times come from the rules, and a row
 * unique by job and due time decides which of any number of nodes runs it.
 * @param ruleOf the cron rule behind a setting's key, read at every tick
 */
export function createScheduler(parts: {
  jobs: readonly Job[];
  prisma: PrismaClient;
  inTransaction: InTransaction;
  clock: Clock;
  time: SchoolTime;
  owner: string;
  log: Logger;
  ruleOf(setting: string): Promise<string>;
}): Scheduler {
  const { jobs, prisma, inTransaction, clock, time, owner, log, ruleOf } = parts;
  const slots = createSlots(prisma, owner, wallNow);
  const ruleFor = (job: Job) => (typeof job.at === 'string' ? job.at : ruleOf(job.at.setting));
  let stopping = false;
  let ticker: schedule.Job | null = null;
  let underWay: Promise<unknown> = Promise.resolve();

  async function batches(job: Job, dueAt: Date, now: Date | undefined, afterBatch: (rows: number) => Promise<boolean>) {
    let total = 0;
    while (!stopping) {
      const rows = await inTransaction(systemActor, 'job', (scope) => job.run(scope, { dueAt, limit: job.batch }), {
        timeoutMs: LEASE_MS / 2,
        ...(now && { now }),
      });
      total += rows;
      if (!(await afterBatch(rows)) || rows === 0) break;
    }
    return total;
  }

  async function runSlot(job: Job, slot: Slot): Promise<void> {
    try {
      const rows = await batches(job, slot.dueAt, undefined, (count) => slots.renew(slot, count));
      // Stopped half-way: the lease runs out and another start goes on.
      if (!stopping) await slots.end(slot, clock.now());
      if (rows > 0) log.info({ job: job.id, rows }, 'a job ran');
    } catch (error) {
      log.error({ err: error, job: job.id }, 'a job failed');
      await slots.end(slot, clock.now(), error instanceof Error ? error.message : String(error));
    }
  }

  async function findDue(now: Date): Promise<{ job: Job; dueAt: Date }[]> {
    const done = await slots.lastBegun();
    const due: { job: Job; dueAt: Date }[] = [];
    for (const job of jobs) {
      const dueAt = lastDueTime(await ruleFor(job), time.zone, now);
      if (!dueAt) continue;
      const last = done.get(job.id);
      if (last === undefined && !done.has(job.id)) await slots.remember(job.id, dueAt, now);
      else if (!last || last < dueAt) {
        const tooLate = job.missed === 'skip' && now.getTime() - dueAt.getTime() > LATE_MS;
        if (!tooLate) due.push({ job, dueAt });
      }
    }
    return due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  async function runAllDue(): Promise<number> {
    if (stopping) return 0;
    let runs = 0;
    for (const { job, dueAt } of await findDue(clock.now())) {
      const slot = stopping ? null : await slots.claim(job.id, dueAt, clock.now());
      if (!slot) continue;
      await runSlot(job, slot);
      runs += 1;
    }
    return runs;
  }

  /** One at a time on this node: a moved clock waits for the tick under way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = underWay.then(work, work);
    underWay = next.catch(() => undefined);
    return next;
  }

  return {
    start: () => {
      ticker ??= schedule.scheduleJob('*/5 * * * * *', () => {
        inTurn(runAllDue).catch((error) => log.error({ err: error }, 'the scheduler could not look for due jobs'));
      });
    },
    runDue: () => inTurn(runAllDue),
    runByHand: (id, at) => {
      const job = jobs.find((candidate) => candidate.id === id);
      if (!job) {
        const known = jobs.map((one) => one.id).join(', ');
        throw new Error(`${id ? `no job is called ${id}` : 'say which job'}; there are ${known}`);
      }
      const dueAt = at ?? clock.now();
      return inTurn(() => batches(job, dueAt, at, async () => true));
    },
    stop: async () => {
      stopping = true;
      ticker?.cancel();
      await underWay;
    },
  };
}
