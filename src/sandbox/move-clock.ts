import { DateTime } from 'luxon';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { type MovableClock, wallNow } from '../kernel/clock.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { SandboxParts } from './parts.ts';

const KEY = 'sandbox.clockOffset';
const SYNC_MS = 1000;
const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

type Parts = SandboxParts & {
  /** Runs every job that is due by the clock; answers when they have ended. */
  runDueJobs: () => Promise<unknown>;
  /** Answers when what they caused has left: the outbox is drained, pushes are answered. */
  settle: () => Promise<unknown>;
};

/**
 * Lets the clock begin at a pretended moment before anything is written. Time runs on from there: an offset the database
 * has kept, of a start before or of another node, stays.
 */
export async function pretendNow(prisma: PrismaClient, clock: MovableClock, instant: Date): Promise<void> {
  const [offset, updatedAt] = [instant.getTime() - wallNow(), new Date(wallNow())];
  await prisma.$executeRaw`
    INSERT INTO "Setting" ("key", "value", "updatedAt") VALUES (${KEY}, ${String(offset)}::jsonb, ${updatedAt})
    ON CONFLICT ("key") DO NOTHING`;
  clock.setOffsetMs((await readOffset(prisma)) ?? offset);
}

/** The sandbox's clock: an offset to the machine's, kept in the settings so that a restart and other nodes have it. */
export function createSandboxClock({ prisma, clock, time, log, runDueJobs, settle }: Parts) {
  let moving: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  return {
    read: () => ({ now: time.iso(clock.now()), offsetMs: Math.round(clock.offsetMs()) }),

    /**
     * Moves to `now` (ISO 8601; without an offset it is school time) or by `byMinutes`, or back to the machine's time
     * with `reset`. Time runs on from there; answers when all that fell due has been done and has left.
     * @throws Refusal `invalid_fields`
     */
    move(body: Record<string, unknown>) {
      const next = moving.then(() => moveTo(body));
      moving = next.catch(() => undefined);
      return next;
    },

    /** Takes over the kept offset, and where `several` nodes run goes on following it. */
    async start(several: boolean): Promise<void> {
      await sync();
      if (!several) return;
      timer = setInterval(() => {
        sync().catch((err: unknown) => log.warn({ err }, 'the sandbox clock could not be read'));
      }, SYNC_MS).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
    },
  };

  async function moveTo(body: Record<string, unknown>) {
    const instant = instantOf(body);
    const offset = instant ? instant.getTime() - wallNow() : 0;
    const updatedAt = new Date(wallNow());
    await prisma.$executeRaw`
      INSERT INTO "Setting" ("key", "value", "updatedAt") VALUES (${KEY}, ${String(offset)}::jsonb, ${updatedAt})
      ON CONFLICT ("key") DO UPDATE SET "value" = EXCLUDED."value", "updatedAt" = EXCLUDED."updatedAt"`;
    // Only now: until it is kept, following the kept one would move the clock back again.
    clock.setOffsetMs(offset);
    await runDueJobs();
    await settle();
    return { now: time.iso(clock.now()), offsetMs: offset };
  }

  function instantOf({ now, byMinutes, reset }: Record<string, unknown>): Date | null {
    if (reset === true) return null;
    if (typeof byMinutes === 'number' && Number.isFinite(byMinutes)) {
      return new Date(clock.now().getTime() + byMinutes * 60_000);
    }
    const read = typeof now === 'string' ? parse(now.trim()) : null;
    if (!read?.isValid || read.year < 2000 || read.year > 2100) {
      throw invalidFields({ now: '请给出时间，例如 2026-11-21T17:30（学校时间）或 2026-11-21T17:30:00+08:00' });
    }
    return read.toJSDate();
  }

  function parse(text: string): DateTime {
    const iso = text.replace(/^(\d{4}-\d{2}-\d{2}) +(?=\d)/, '$1T');
    return DateTime.fromISO(iso, HAS_OFFSET.test(iso) && iso.includes('T') ? { setZone: true } : { zone: time.zone });
  }

  async function sync(): Promise<void> {
    const offset = (await readOffset(prisma)) ?? 0;
    if (Math.abs(offset - clock.offsetMs()) > 1) clock.setOffsetMs(offset);
  }
}

/** The offset kept in the settings, in milliseconds; null where there is none. */
async function readOffset(prisma: PrismaClient): Promise<number | null> {
  const row = await prisma.setting.findUnique({ where: { key: KEY } });
  return typeof row?.value === 'number' ? row.value : null;
}
