import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';

type Db = Pick<Tx, '$executeRaw'>;

/** What we know of an openid: whether messages reach it. No row means nothing speaks against it. */
export type Reach = { following: boolean; optedOut: boolean };

/** Somebody who refused template messages may have changed their mind; once a week one is tried again. */
const OPT_OUT_KEPT_MS = 7 * 24 * 3_600_000;

/** Somebody follows: messages reach them, whatever was refused before. */
export async function noteFollowing(db: Db, openid: string, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" (openid, following, "changedAt") VALUES (${openid}, true, ${now})
    ON CONFLICT (openid) DO UPDATE SET following = true, "changedAt" = excluded."changedAt", "optedOut" = false`;
}

/** Somebody left, or the platform says so (43004): nothing reaches them until they follow again. */
export async function noteUnfollowed(db: Db, openid: string, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" (openid, following, "changedAt") VALUES (${openid}, false, ${now})
    ON CONFLICT (openid) DO UPDATE SET following = false, "changedAt" = excluded."changedAt",
      "messageAt" = NULL, "messageUsed" = 0, "eventAt" = NULL, "eventUsed" = 0`;
}

/** Somebody switched the account's notices off in WeChat. */
export async function noteOptedOut(db: Db, openid: string, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" (openid, following, "changedAt", "optedOut") VALUES (${openid}, true, ${now}, true)
    ON CONFLICT (openid) DO UPDATE SET "optedOut" = true, "changedAt" = excluded."changedAt"`;
}

/** The platform does not know an openid (40003): its binding is marked, and nothing more is sent to it. */
export async function flagBinding(prisma: PrismaClient, openid: string, now: Date): Promise<void> {
  await noteUnfollowed(prisma, openid, now);
  await prisma.$executeRaw`
    UPDATE "Binding" SET reason = 'invalidOpenid' WHERE openid = ${openid} AND "releasedAt" IS NULL`;
}

/** Whether messages reach an openid, as far as we know. */
export async function readReach(prisma: PrismaClient, openid: string, now: Date): Promise<Reach> {
  const row = await prisma.follower.findUnique({
    where: { openid },
    select: { following: true, optedOut: true, changedAt: true },
  });
  if (!row) return { following: true, optedOut: false };
  const isRecent = now.getTime() - row.changedAt.getTime() < OPT_OUT_KEPT_MS;
  return { following: row.following, optedOut: row.optedOut && isRecent };
}
