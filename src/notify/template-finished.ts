import { z } from 'zod';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';
import type { TemplateOutcome } from '../wechat/index.ts';
import { markOptedOut } from './followers.ts';
import type { Try } from './tries.ts';

type Db = Tx | PrismaClient;

const OUTCOMES = [
  'received',
  'blocked',
  'systemFailed',
  'tooOften',
  'accountBlocked',
  'failed',
] as const satisfies TemplateOutcome[];
const Kept = z.object({ outcome: z.enum(OUTCOMES) });

const AGAIN_MS = 30_000;
/** What concerns the account is asked again when its pause ends, which begins with this one. */
const ACCOUNT_MS = 60_000;

/** What a failed delivery means: the next channel, or the same once more under a new key. */
const FAILURES: Readonly<Record<Exclude<TemplateOutcome, 'received'>, Pick<Try, 'is' | 'error' | 'fresh'>>> = {
  blocked: { is: 'unavailable', error: 'failed:user block' },
  // The platform took it and lost it: under the old key it would count as sent for ten minutes.
  systemFailed: { is: 'again', error: 'failed: system failed', fresh: true },
  // The account is blocked, not the addressee: the notice waits, under a key that was not used.
  accountBlocked: { is: 'paused', error: 'failed: sender block', fresh: true },
  tooOften: { is: 'refused', error: 'failed:freq limit' },
  failed: { is: 'refused', error: 'failed' },
};

/** Where sender and report of one template message meet; a row of the message receipts, cleared with them. */
export function receiptKey(msgId: string): string {
  return `template:${msgId}`;
}

/**
 * Notes what became of a template message (TEMPLATESENDJOBFINISH): delivered, or on to the next channel. The report may
 * come twice, and before the sender has written the msgid down; then the sender finds it. True where a notice waits to
 * be sent again.
 */
export async function templateFinished(
  { tx, now }: { tx: Tx; now: Date },
  { msgId, outcome: given }: { msgId: string; outcome: string },
): Promise<boolean> {
  const { outcome } = Kept.catch({ outcome: 'failed' }).parse({ outcome: given });
  // Whoever inserts first is found by the other: the unique key makes one wait for the other's commit.
  const isFirst = await tx.$executeRaw`
    INSERT INTO "MessageReceipt" (key, reply, "createdAt")
    VALUES (${receiptKey(msgId)}, ${JSON.stringify({ outcome })}::jsonb, ${now}) ON CONFLICT DO NOTHING`;
  return isFirst === 1 ? false : applyOutcome(tx, msgId, outcome, now);
}

/** For the sender: applies a report that came before it. */
export async function settleFinished(prisma: PrismaClient, msgId: string, now: Date): Promise<void> {
  const receipt = await prisma.messageReceipt.findUnique({ where: { key: receiptKey(msgId) } });
  const kept = Kept.safeParse(receipt?.reply);
  if (kept.success) await applyOutcome(prisma, msgId, kept.data.outcome, now);
}

async function applyOutcome(db: Db, msgId: string, outcome: TemplateOutcome, now: Date): Promise<boolean> {
  if (outcome === 'received') {
    await db.$executeRaw`
      UPDATE "Notification" SET "deliveredAt" = ${now}
      WHERE "platformId" = ${msgId} AND state = 'sent' AND "deliveredAt" IS NULL`;
    return false;
  }
  const line: Try = { channel: 'wechat', at: now.toISOString(), way: 'template', ...FAILURES[outcome] };
  const waitMs = { systemFailed: AGAIN_MS, accountBlocked: ACCOUNT_MS }[outcome as string] ?? 0;
  const dueAt = new Date(now.getTime() + waitMs);
  // No lease and no msgid any more, so a second report finds nothing.
  const failed = await db.$queryRaw<{ openid: string | null }[]>`
    UPDATE "Notification" n
    SET state = 'queued', "dueAt" = ${dueAt}, channel = NULL, "platformId" = NULL, "sentAt" = NULL,
      "lastError" = ${line.error ?? ''}, tries = coalesce(n.tries, '[]'::jsonb) || ${JSON.stringify([line])}::jsonb
    FROM "Person" p
    WHERE n."platformId" = ${msgId} AND n.state = 'sent' AND n."deliveredAt" IS NULL AND p.id = n."personId"
    RETURNING p.openid`;
  for (const { openid } of failed) if (outcome === 'blocked' && openid) await markOptedOut(db, openid, now);
  return failed.length > 0;
}
