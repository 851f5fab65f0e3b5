import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';
import { heardAt, type WechatUser } from './followers.ts';

// An account may write to somebody for 48 hours after their message (5 times) and for a minute after a menu tap, follow
// or scan (3 times). Ours close a little earlier than the platform's: the message still has to travel.
export const MESSAGE_WINDOW = { lifeMs: 48 * 3_600_000 - 5 * 60_000, messages: 5 } as const;
export const EVENT_WINDOW = { lifeMs: 45_000, messages: 3 } as const;

/**
 * Takes one place in somebody's open customer-service window; false where none is open or all are used. One conditional
 * UPDATE, so that any number of senders never take more than the platform grants. The short window goes first: it would
 * close unused.
 */
export async function reserveWindow(prisma: PrismaClient, { appId, openid }: WechatUser, now: Date): Promise<boolean> {
  const known = Prisma.sql`openid = ${openid} AND "appId" IN (${appId}, '') AND following`;
  const eventSince = new Date(now.getTime() - EVENT_WINDOW.lifeMs);
  const messageSince = new Date(now.getTime() - MESSAGE_WINDOW.lifeMs);
  const inEvent = await prisma.$executeRaw`
    UPDATE "Follower" SET "eventUsed" = "eventUsed" + 1
    WHERE ${known} AND "eventAt" > ${eventSince} AND "eventUsed" < ${EVENT_WINDOW.messages}`;
  if (inEvent > 0) return true;
  const inMessage = await prisma.$executeRaw`
    UPDATE "Follower" SET "messageUsed" = "messageUsed" + 1
    WHERE ${known} AND "messageAt" > ${messageSince} AND "messageUsed" < ${MESSAGE_WINDOW.messages}`;
  return inMessage > 0;
}

/** The platform counted otherwise (45015, 45047): the windows as we know them are closed until the next contact. */
export async function closeWindows(prisma: PrismaClient, openid: string): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "Follower" SET "eventUsed" = ${EVENT_WINDOW.messages}, "messageUsed" = ${MESSAGE_WINDOW.messages}
    WHERE openid = ${openid}`;
}

/**
 * Opens a window: 'message' after a message, 'event' after a menu tap, a tapped word, a follow or a scan. What is being
 * sent to this person at the moment may arrive in the new window, so it counts as used. The same push delivered again
 * opens nothing anew, nor does one from before the person left. `createTime` is the platform's time of it; one from the
 * future opens no longer window than one from `now`.
 */
export async function openWindow(
  db: Pick<Tx, '$executeRaw'>,
  { appId, openid }: WechatUser,
  kind: 'message' | 'event',
  { createTime, now }: { createTime: Date; now: Date },
): Promise<void> {
  const heard = heardAt(createTime, now);
  const at = heard < now ? heard : now;
  const underWay = Prisma.sql`(
    SELECT count(*)::int FROM "Notification" s JOIN "Person" p ON p.id = s."personId"
    WHERE p.openid = ${openid} AND s.state = 'sending')`;
  const [opened, used] =
    kind === 'message'
      ? [Prisma.sql`"messageAt"`, Prisma.sql`"messageUsed"`]
      : [Prisma.sql`"eventAt"`, Prisma.sql`"eventUsed"`];
  await db.$executeRaw`
    INSERT INTO "Follower" AS f (openid, "appId", following, "changedAt", ${opened}, ${used})
    VALUES (${openid}, ${appId}, true, ${heard}, ${at}, ${underWay})
    ON CONFLICT (openid) DO UPDATE SET following = true, ${opened} = excluded.${opened}, ${used} = excluded.${used},
      "changedAt" = CASE WHEN f.following THEN f."changedAt" ELSE excluded."changedAt" END
    WHERE (f.${opened} IS NULL OR f.${opened} < excluded.${opened})
      AND (f.following OR date_trunc('second', f."changedAt") <= excluded."changedAt")`;
}
