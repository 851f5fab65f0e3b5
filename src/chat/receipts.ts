import { z } from 'zod';
import { wallNow } from '../kernel/clock.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Seal } from '../kernel/seal.ts';
import type { Reply } from './reply.ts';

export type Receipts = ReturnType<typeof createReceipts>;

const Sealed = z.object({ sealed: z.string() });

/** The receipts of deliveries with their answers; a confidential answer is kept under the seal. */
export function createReceipts(seal: Seal) {
  return {
    /**
     * Begins a delivery: null where it is the first of its key, else the answer the first one got. While another
     * delivery of the same key is being answered this waits for its end, so that both get one answer and there is one
     * effect.
     */
    begin: async ({ tx }: Pick<Scope, 'tx'>, key: string): Promise<Reply | null> => {
      const fresh = await tx.$executeRaw`
        INSERT INTO "MessageReceipt" ("key", "createdAt") VALUES (${key}, ${new Date(wallNow())})
        ON CONFLICT DO NOTHING`;
      if (fresh === 1) return null;
      const { reply } = await tx.messageReceipt.findUniqueOrThrow({ where: { key } });
      const { data } = Sealed.safeParse(reply);
      return (data ? JSON.parse(seal.open(data.sealed, key)) : reply) as Reply;
    },
    /** Keeps the answer for the deliveries of the same key that may follow. */
    end: async ({ tx }: Pick<Scope, 'tx'>, key: string, answer: Reply): Promise<void> => {
      const plain = JSON.stringify(answer);
      const kept = answer.confidential ? JSON.stringify({ sealed: seal.close(plain, key) }) : plain;
      await tx.$executeRaw`UPDATE "MessageReceipt" SET "reply" = ${kept}::jsonb WHERE "key" = ${key}`;
    },
  };
}
