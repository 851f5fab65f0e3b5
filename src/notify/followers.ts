import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';

type Db = Pick<Tx, '$executeRaw'>;

/** Somebody's WeChat as one account knows it: an openid belongs to one appid and says nothing under another. */
export type WechatUser = { appId: string; openid: string };

/** What we know of an openid: whether messages reach it. No row means nothing speaks against it. */
export type Reach = { following: boolean; optedOut: boolean };

/** Somebody who refused template messages may have changed their mind; once a week one is tried again. */
const OPT_OUT_KEPT_MS = 7 * 24 * 3_600_000;
/** The platform's clock may be a little ahead of ours; what lies further off is no time we go by. */
const MOST_AHEAD_MS = 60_000;

/** The platform's time of a push as we go by it: a CreateTime from the future settles nothing for the time until then. */
export function heardAt(createTime: Date, now: Date): Date {
  return new Date(Math.min(createTime.getTime(), now.getTime() + MOST_AHEAD_MS));
}

/**
 * Somebody follows: messages reach them, whatever was refused before. `at` is the platform's time of it: pushes overtake
 * each other, and the later one counts. The platform's times are whole seconds, so ours are compared as such.
 */
export async function noteFollowing(db: Db, { appId, openid }: WechatUser, at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" AS f (openid, "appId", following, "changedAt") VALUES (${openid}, ${appId}, true, ${at})
    ON CONFLICT (openid) DO UPDATE SET following = true, "changedAt" = excluded."changedAt",
      "optedOut" = false, "optedOutAt" = NULL
    WHERE date_trunc('second', f."changedAt") <= excluded."changedAt"`;
}

/**
 * Somebody left, or the platform says so (43004): nothing reaches them until they follow again. What they did later,
 * by the platform's time, says that they were back by then.
 */
export async function noteUnfollowed(db: Db, { appId, openid }: WechatUser, at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" AS f (openid, "appId", following, "changedAt") VALUES (${openid}, ${appId}, false, ${at})
    ON CONFLICT (openid) DO UPDATE SET following = false, "changedAt" = excluded."changedAt",
      "messageAt" = NULL, "messageUsed" = 0, "eventAt" = NULL, "eventUsed" = 0
    WHERE date_trunc('second', greatest(f."changedAt", f."messageAt", f."eventAt")) <= excluded."changedAt"`;
}

/** The same of somebody whose account the report does not name: it is the one their openid was bound under. */
export async function markOptedOut(db: Db, openid: string, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" (openid, "appId", following, "changedAt", "optedOut", "optedOutAt")
    VALUES (${openid}, coalesce((SELECT "appId" FROM "Binding" WHERE openid = ${openid} ORDER BY id DESC LIMIT 1), ''),
      true, ${now}, true, ${now})
    ON CONFLICT (openid) DO UPDATE SET "optedOut" = true, "optedOutAt" = excluded."optedOutAt"`;
}

/** Somebody switched the account's notices off in WeChat. */
export async function noteOptedOut(db: Db, { appId, openid }: WechatUser, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Follower" (openid, "appId", following, "changedAt", "optedOut", "optedOutAt")
    VALUES (${openid}, ${appId}, true, ${now}, true, ${now})
    ON CONFLICT (openid) DO UPDATE SET "optedOut" = true, "optedOutAt" = excluded."optedOutAt"`;
}

/** The platform does not know an openid (40003): its binding is marked, and nothing more is sent to it. */
export async function flagBinding(prisma: PrismaClient, user: WechatUser, at: Date): Promise<void> {
  await noteUnfollowed(prisma, user, at);
  await prisma.$executeRaw`
    UPDATE "Binding" SET reason = 'invalidOpenid' WHERE openid = ${user.openid} AND "releasedAt" IS NULL`;
}

/** Whether messages of this account reach an openid, as far as we know; those of another account's people never do. */
export async function readReach(prisma: PrismaClient, { appId, openid }: WechatUser, now: Date): Promise<Reach> {
  const row = await prisma.follower.findUnique({
    where: { openid },
    select: { appId: true, following: true, optedOut: true, optedOutAt: true },
  });
  if (!row) return { following: true, optedOut: false };
  const isRecent = row.optedOutAt !== null && now.getTime() - row.optedOutAt.getTime() < OPT_OUT_KEPT_MS;
  const isOurs = row.appId === appId || row.appId === '';
  return { following: row.following && isOurs, optedOut: row.optedOut && isRecent };
}
