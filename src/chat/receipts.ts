import { wallNow } from '../kernel/clock.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Reply } from './reply.ts';

/**
 * Begins a delivery: null where it is the first of its key, else the answer the first one got. While another delivery
 * of the same key is being answered this waits for its end, so that both get one answer and there is one effect.
 */
export async function beginReceipt({ tx }: Pick<Scope, 'tx'>, key: string): Promise<Reply | null> {
  const fresh = await tx.$executeRaw`
    INSERT INTO "MessageReceipt" ("key", "createdAt") VALUES (${key}, ${new Date(wallNow())}) ON CONFLICT DO NOTHING`;
  if (fresh === 1) return null;
  const receipt = await tx.messageReceipt.findUniqueOrThrow({ where: { key } });
  return receipt.reply as unknown as Reply;
}

/** Keeps the answer for the deliveries of the same key that may follow. */
export async function endReceipt({ tx }: Pick<Scope, 'tx'>, key: string, answer: Reply): Promise<void> {
  await tx.$executeRaw`UPDATE "MessageReceipt" SET "reply" = ${JSON.stringify(answer)}::jsonb WHERE "key" = ${key}`;
}
