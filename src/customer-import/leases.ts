import type { ImportState } from '../generated/prisma/client.ts';
import { wallNow } from '../kernel/clock.ts';
import type { Tx } from '../kernel/scope.ts';

/**
 * Who works on an import: whoever's time stands in `leaseUntil`. The exact time is the token, so one who was silent for
 * too long finds it changed and stops. Leases run on the wall clock, whatever the sandbox pretends.
 */
export type Lease = { importId: number; until: Date };

/** A dead process keeps a run this long. Every batch renews it. */
const RUN_MS = 20_000;
/** Reading cannot be taken over, only given up, so it has more time. */
const READ_MS = 45_000;

/** The first lease of a file that is being read. */
export function readingUntil(): Date {
  return new Date(wallNow() + READ_MS);
}

/** Takes over a run that nobody works on; null where somebody does, or where it has ended. */
export async function claimRun(db: Pick<Tx, '$executeRaw'>, importId: number): Promise<Lease | null> {
  const until = new Date(wallNow() + RUN_MS);
  const claimed = await db.$executeRaw`
    UPDATE "CustomerImport" SET "leaseUntil" = ${until}
    WHERE id = ${importId} AND state = 'running' AND ("leaseUntil" IS NULL OR "leaseUntil" < ${new Date(wallNow())})`;
  return claimed === 1 ? { importId, until } : null;
}

/**
 * Renews a lease inside the transaction it protects and holds the import's row until the commit, so that two who both
 * believe to have it work one after the other, and the second in vain. Null where it is lost.
 */
export async function renew(
  tx: Pick<Tx, '$executeRaw'>,
  { importId, until }: Lease,
  state: Extract<ImportState, 'reading' | 'running'>,
): Promise<Lease | null> {
  // Two leases are never the same moment, even where a batch takes no time at all.
  const next = new Date(Math.max(wallNow() + (state === 'reading' ? READ_MS : RUN_MS), until.getTime() + 1));
  const renewed = await tx.$executeRaw`
    UPDATE "CustomerImport" SET "leaseUntil" = ${next}
    WHERE id = ${importId} AND state = ${state}::"ImportState" AND "leaseUntil" = ${until}`;
  return renewed === 1 ? { importId, until: next } : null;
}

/** Lets somebody else go on at once. */
export async function letGo(db: Pick<Tx, '$executeRaw'>, { importId, until }: Lease): Promise<void> {
  await db.$executeRaw`
    UPDATE "CustomerImport" SET "leaseUntil" = NULL WHERE id = ${importId} AND "leaseUntil" = ${until}`;
}
