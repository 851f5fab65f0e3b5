import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';

// An account may write to somebody for 48 hours after their message (5 times) and for a minute after a menu tap, follow
// or scan (3 times). Ours close a little earlier than the platform's: the message still has to travel.
export const MESSAGE_WINDOW = { lifeMs: 48 * 3_600_000 - 5 * 60_000, messages: 5 } as const;
export const EVENT_WINDOW = { lifeMs: 45_000, messages: 3 } as const;

/**
 * Takes one place in somebody's open customer-service window; false where none is open or all are used. One conditional
 * UPDATE, so that any number of senders never take more than the platform grants. The short window goes first: it would
 * close unused.
 */
export async function reserveWindow(prisma: PrismaClient, openid: string, now: Date): Promise<boolean> {
  const eventSince = new Date(now.getTime() - EVENT_WINDOW.lifeMs);
  const messageSince = new Date(now.getTime() - MESSAGE_WINDOW.lifeMs);
  const inEvent = await prisma.$executeRaw`
    UPDATE "Follower" SET "eventUsed" = "eventUsed" + 1
    WHERE openid = ${openid} AND following AND "eventAt" > ${eventSince} AND "eventUsed" < ${EVENT_WINDOW.messages}`;
  if (inEvent > 0) return true;
  const inMessage = await prisma.$executeRaw`
    UPDATE "Follower" SET "messageUsed" = "messageUsed" + 1
    WHERE openid = ${openid} AND following AND "messageAt" > ${messageSince}
      AND "messageUsed" < ${MESSAGE_WINDOW.messages}`;
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
 * opens nothing anew. `at` is the platform's time of it.
 */
export async function openWindow(
  db: Pick<Tx, '$executeRaw'>,
  openid: string,
  kind: 'message' | 'event',
  at: Date,
): Promise<void> {
  const underWay = Prisma.sql`(
    SELECT count(*)::int FROM "Notification" s JOIN "Person" p ON p.id = s."personId"
    WHERE p.openid = ${openid} AND s.state = 'sending')`;
  if (kind === 'message')
    await db.$executeRaw`
      INSERT INTO "Follower" AS f (openid, following, "changedAt", "messageAt", "messageUsed")
      VALUES (${openid}, true, ${at}, ${at}, ${underWay})
      ON CONFLICT (openid) DO UPDATE SET following = true,
        "messageAt" = excluded."messageAt", "messageUsed" = excluded."messageUsed"
      WHERE f."messageAt" IS NULL OR f."messageAt" < excluded."messageAt"`;
  else
    await db.$executeRaw`
      INSERT INTO "Follower" AS f (openid, following, "changedAt", "eventAt", "eventUsed")
      VALUES (${openid}, true, ${at}, ${at}, ${underWay})
      ON CONFLICT (openid) DO UPDATE SET following = true,
        "eventAt" = excluded."eventAt", "eventUsed" = excluded."eventUsed"
      WHERE f."eventAt" IS NULL OR f."eventAt" < excluded."eventAt"`;
}
