import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Sending } from './channels/channel.ts';
import type { Decision } from './deliver.ts';
import { type NotifyPrefs, readPrefs } from './prefs.ts';
import { receiptKey, settleFinished } from './template-finished.ts';
import { keyOf, readTries, type Try } from './tries.ts';

/** How long a node may keep a notice without a word; renewed while it is sending. On the wall clock. */
export const LEASE_MS = 60_000;

/** A notice this node is sending. `attempt` tells its claim from a later one of another node. */
export type Claimed = { sending: Sending; tries: Try[]; prefs: NotifyPrefs; urgent: boolean; attempt: number };

type ClaimedRow = {
  id: number;
  kind: string;
  data: unknown;
  entity: string | null;
  entityId: number | null;
  once: string;
  urgent: boolean;
  attempts: number;
  tries: unknown;
  createdAt: Date;
  personId: number;
  name: string;
  active: boolean;
  openid: string | null;
  email: string | null;
  phone: string | null;
  notifyPrefs: unknown;
};

/** The outbox's own statements, for one node. */
export type OutboxRows = ReturnType<typeof createOutboxRows>;

export function createOutboxRows({ prisma, owner }: { prisma: PrismaClient; owner: string }) {
  return {
    /**
     * Claims up to `limit` notices that are due, and those whose node fell silent, in one statement; rows another node
     * is claiming at the moment are passed over, and what was held over night until it is merged (mergeHeld).
     */
    async claim({ now, wall, limit }: { now: Date; wall: number; limit: number }): Promise<Claimed[]> {
      const rows = await prisma.$queryRaw<ClaimedRow[]>`
        WITH due AS (
          SELECT id FROM "Notification"
          WHERE state IN ('queued', 'sending') AND "dueAt" <= ${now} AND channel IS DISTINCT FROM 'held'
            AND (state = 'queued' OR "leaseUntil" < ${new Date(wall)})
          ORDER BY "dueAt", id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        UPDATE "Notification" n
        SET state = 'sending', "leaseUntil" = ${new Date(wall + LEASE_MS)}, "leaseOwner" = ${owner},
          attempts = n.attempts + 1, channel = NULL
        FROM due, "Person" p
        WHERE n.id = due.id AND p.id = n."personId"
        RETURNING n.id, n.kind, n.data, n.entity, n."entityId", n.once, n.urgent, n.attempts, n.tries, n."createdAt",
          n."personId", p.name, p.active, p.openid, p.email, p.phone, p."notifyPrefs"`;
      return rows.map(claimedOf);
    },

    /** Whether anything is due that this node could claim now. */
    async isDue({ now, wall }: { now: Date; wall: number }): Promise<boolean> {
      const [row] = await prisma.$queryRaw<{ due: boolean }[]>`
        SELECT EXISTS (
          SELECT 1 FROM "Notification" WHERE state IN ('queued', 'sending') AND "dueAt" <= ${now}
            AND (state = 'queued' OR "leaseUntil" < ${new Date(wall)})) AS due`;
      return row?.due ?? false;
    },

    /** Keeps what is still being sent from being taken over. */
    async renew(ids: readonly number[], wall: number): Promise<void> {
      await prisma.$executeRaw`
        UPDATE "Notification" SET "leaseUntil" = ${new Date(wall + LEASE_MS)}
        WHERE id = ANY(${[...ids]}::int[]) AND "leaseOwner" = ${owner} AND state = 'sending'`;
    },

    /** Puts claimed notices off without an attempt counted: the night. */
    async hold(held: readonly { id: number; until: Date }[]): Promise<void> {
      if (held.length === 0) return;
      await prisma.$executeRaw`
        UPDATE "Notification" n
        SET state = 'queued', "dueAt" = h.until, channel = 'held', attempts = n.attempts - 1,
          "leaseUntil" = NULL, "leaseOwner" = NULL
        FROM jsonb_to_recordset(${JSON.stringify(held)}::jsonb) AS h(id int, until timestamptz)
        WHERE n.id = h.id AND n."leaseOwner" = ${owner} AND n.state = 'sending'`;
    },

    /**
     * Writes what became of a notice, unless another node has taken it over. The receipt of a template message meets
     * the platform's own report here, whichever comes first.
     */
    async finish({ sending, attempt }: Claimed, decision: Decision, now: Date): Promise<void> {
      const { state, tries } = decision;
      const isSent = state === 'sent';
      const platformId = isSent ? decision.platformId : null;
      const [done] = await prisma.$queryRaw<{ saved: number; met: number }[]>`
        WITH saved AS (
          UPDATE "Notification" SET state = ${state}::"NoticeState", channel = ${isSent ? decision.channel : null},
            "dueAt" = coalesce(${state === 'queued' ? decision.dueAt : null}::timestamptz, "dueAt"),
            "lastError" = ${isSent ? null : decision.error}, tries = ${JSON.stringify(tries)}::jsonb,
            "platformId" = ${platformId}, "sentAt" = ${isSent ? now : null}::timestamptz,
            "leaseUntil" = NULL, "leaseOwner" = NULL
          WHERE id = ${sending.id} AND "leaseOwner" = ${owner} AND state = 'sending' AND attempts = ${attempt}
          RETURNING id
        ), met AS (
          INSERT INTO "MessageReceipt" (key, "createdAt")
          SELECT ${receiptKey(platformId ?? '')}, ${now} FROM saved WHERE ${platformId}::text IS NOT NULL
          ON CONFLICT DO NOTHING RETURNING key)
        SELECT (SELECT count(*) FROM saved)::int AS saved, (SELECT count(*) FROM met)::int AS met`;
      if (platformId && done?.saved === 1 && done.met === 0) await settleFinished(prisma, platformId, now);
    },
  };
}

function claimedOf(row: ClaimedRow): Claimed {
  const tries = readTries(row.tries);
  const about = row.entity ? { entity: row.entity, ...(row.entityId !== null && { id: row.entityId }) } : null;
  const { id, kind, data, createdAt, name, active, openid, email, phone } = row;
  const person = { id: row.personId, name, active, openid, email, phone };
  return {
    sending: { id, kind, data, about, createdAt, key: keyOf(row.once, tries), person },
    tries,
    prefs: readPrefs(row.notifyPrefs),
    urgent: row.urgent,
    attempt: row.attempts,
  };
}
