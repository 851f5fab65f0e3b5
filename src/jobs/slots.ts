import type { PrismaClient } from '../generated/prisma/client.ts';

/** How long a node may be silent before another takes its run over; renewed with every batch. */
export const LEASE_MS = 60_000;

/** A claimed run of a job. */
export type Slot = { id: number; job: string; dueAt: Date };

/** The rows that decide which node runs a job at one due time; leases are on the wall clock. */
export type Slots = ReturnType<typeof createSlots>;

export function createSlots(prisma: PrismaClient, owner: string, wallNow: () => number) {
  const leaseEnd = () => new Date(wallNow() + LEASE_MS);
  return {
    /**
     * Claims one due time of a job, or takes over from a node whose lease ran out. Null: done, or somebody else's.
     */
    claim: async (job: string, dueAt: Date, now: Date): Promise<Slot | null> => {
      const [slot] = await prisma.$queryRaw<Slot[]>`
        INSERT INTO "JobSlot" (job, "dueAt", state, owner, "leaseUntil", "startedAt")
        VALUES (${job}, ${dueAt}, 'running', ${owner}, ${leaseEnd()}, ${now})
        ON CONFLICT (job, "dueAt") DO UPDATE
          SET owner = ${owner}, "leaseUntil" = EXCLUDED."leaseUntil", state = 'running', error = NULL
          WHERE "JobSlot".state <> 'done' AND "JobSlot"."leaseUntil" < ${new Date(wallNow())}
        RETURNING id, job, "dueAt"`;
      return slot ?? null;
    },
    /** The first sight of a job: what was due before the school existed counts as done. */
    remember: async (job: string, dueAt: Date, now: Date): Promise<void> => {
      await prisma.$executeRaw`
        INSERT INTO "JobSlot" (job, "dueAt", state, owner, "leaseUntil", "startedAt", "endedAt")
        SELECT ${job}, ${dueAt}, 'done', ${owner}, ${new Date(wallNow())}, ${now}, ${now}
        WHERE NOT EXISTS (SELECT 1 FROM "JobSlot" WHERE job = ${job})
        ON CONFLICT DO NOTHING`;
    },
    /** Renews the lease after a batch; false when another node took the run over meanwhile. */
    renew: async (slot: Slot, processed: number): Promise<boolean> => {
      const renewed = await prisma.$executeRaw`
        UPDATE "JobSlot" SET "leaseUntil" = ${leaseEnd()}, processed = processed + ${processed}
        WHERE id = ${slot.id} AND owner = ${owner} AND state = 'running'`;
      return renewed === 1;
    },
    /** Ends the run; a failed one may be taken up again once its lease has run out. */
    end: async (slot: Slot, now: Date, error?: string): Promise<void> => {
      await prisma.$executeRaw`
        UPDATE "JobSlot" SET state = ${error ? 'failed' : 'done'}::"JobState", "endedAt" = ${now}, error = ${error ?? null}
        WHERE id = ${slot.id} AND owner = ${owner}`;
    },
    /** The last due time that was begun for each job. */
    lastBegun: async (): Promise<Map<string, Date>> => {
      const rows = await prisma.$queryRaw<{ job: string; dueAt: Date }[]>`
        SELECT job, max("dueAt") FILTER (WHERE state = 'done') AS "dueAt" FROM "JobSlot" GROUP BY job`;
      return new Map(rows.map(({ job, dueAt }) => [job, dueAt]));
    },
  };
}
