import { createHash, createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { wallNow } from '../kernel/clock.ts';
import { deriveKey } from '../kernel/derive-key.ts';
import { defineRefusals } from '../kernel/refusal.ts';
import type { Tx } from '../kernel/scope.ts';
import { createSeal } from '../kernel/seal.ts';
import type { Body } from './read-body.ts';

/** How long a write is remembered. */
export const REMEMBERED_MS = 24 * 3_600_000;
/** Longer than any write takes; whoever died over it is not waited for any longer. */
const LEASE_MS = 30_000;
const WAITS_MS = [30, 60, 120, 250];

const refuse = defineRefusals({
  key_reused: { status: 409, say: () => '这个 Idempotency-Key 已经用在另一次提交上了，换一个再来' },
  in_flight: { status: 409, say: () => '同样的一次提交还在处理，稍等一会儿再看' },
  already_done: { status: 409, say: () => '这一次已经办成了，只是答复没有送到，刷新看看结果' },
});

/** A write by its key: whose, on which address, with what. */
export type KeyedWrite = { personId: number; route: string; key: string; body: string };

/** This attempt at a keyed write; `mark` goes into the transaction that writes, `keep` and `letGo` end it. */
export type Attempt = {
  /** From its commit on the write is never made again. @throws Refusal `in_flight` where another attempt has it by now */
  mark(tx: Pick<Tx, '$executeRaw'>): Promise<void>;
  keep(answer: unknown): Promise<void>;
  /** No answer is kept: the next one may try, unless something was written. */
  letGo(): Promise<void>;
};

export type KeyedWrites = ReturnType<typeof createKeyedWrites>;

/**
 * Remembers writes that came with a key. The row comes first and by itself, so that of many at once one is at it and the
 * others wait; that something was written stands in the same transaction as what was written. Times are the wall
 * clock's; answers are sealed, for they may hold one-time links.
 */
export function createKeyedWrites(parts: { prisma: PrismaClient; sessionSecret: string }) {
  const { prisma } = parts;
  const seal = createSeal(parts.sessionSecret);
  const secret = deriveKey(parts.sessionSecret, 'keyed writes');
  const nameOf = ({ personId, route, key }: KeyedWrite) => `keyed write ${personId} ${route} ${key}`;

  /** Whether the write is this attempt's to make: nobody's, a day old, or left by somebody who died over it. */
  async function claim({ personId, route, key, body }: KeyedWrite, attempt: string): Promise<boolean> {
    const now = wallNow();
    const [nowAt, leaseUntil, dayAgo] = [new Date(now), new Date(now + LEASE_MS), new Date(now - REMEMBERED_MS)];
    const claimed = await prisma.$executeRaw`
      INSERT INTO "KeyedWrite" ("personId", route, key, body, attempt, "leaseUntil", written, "createdAt")
      VALUES (${personId}, ${route}, ${key}, ${body}, ${attempt}, ${leaseUntil}, false, ${nowAt})
      ON CONFLICT ("personId", route, key) DO UPDATE
      SET body = excluded.body, attempt = excluded.attempt, "leaseUntil" = excluded."leaseUntil", written = false,
        answer = NULL, "createdAt" = excluded."createdAt"
      WHERE "KeyedWrite"."createdAt" < ${dayAgo}
        OR (NOT "KeyedWrite".written AND "KeyedWrite".answer IS NULL AND "KeyedWrite"."leaseUntil" < ${nowAt}
          AND "KeyedWrite".body = excluded.body)`;
    return claimed === 1;
  }

  function attemptOf(write: KeyedWrite, attempt: string): Attempt {
    const { personId, route, key } = write;
    return {
      mark: async (tx) => {
        const marked = await tx.$executeRaw`
          UPDATE "KeyedWrite" SET written = true
          WHERE "personId" = ${personId} AND route = ${route} AND key = ${key} AND attempt = ${attempt}`;
        if (marked === 0) throw refuse.in_flight();
      },
      keep: async (answer) => {
        const sealed = seal.close(JSON.stringify(answer), nameOf(write));
        await prisma.$executeRaw`
          UPDATE "KeyedWrite" SET answer = ${sealed}
          WHERE "personId" = ${personId} AND route = ${route} AND key = ${key} AND attempt = ${attempt}`;
      },
      letGo: async () => {
        const gone = await prisma.$executeRaw`
          DELETE FROM "KeyedWrite" WHERE "personId" = ${personId} AND route = ${route} AND key = ${key}
            AND attempt = ${attempt} AND NOT written`;
        if (gone > 0) return;
        await prisma.$executeRaw`
          UPDATE "KeyedWrite" SET "leaseUntil" = ${new Date(wallNow())}
          WHERE "personId" = ${personId} AND route = ${route} AND key = ${key} AND attempt = ${attempt}`;
      },
    };
  }

  return {
    /** Tells bodies apart without keeping them: they may hold a password. */
    digest: ({ fields, files }: Body, query: string): string => {
      const uploads = files.map(({ field, name, bytes }) => [
        field,
        name,
        createHash('sha256').update(bytes).digest('hex'),
      ]);
      return createHmac('sha256', secret)
        .update(JSON.stringify([query, fields, uploads], inOrder))
        .digest('base64url');
    },
    /**
     * The attempt that is to make the write, or the answer the first one got; one in flight is waited for.
     * @throws Refusal `key_reused`, `already_done`, `in_flight`
     */
    begin: async (write: KeyedWrite): Promise<{ attempt: Attempt } | { answer: unknown }> => {
      const { personId, route, key, body } = write;
      const attempt = randomUUID();
      const giveUpAt = wallNow() + LEASE_MS + 5_000;
      for (let looks = 0; ; looks += 1) {
        if (await claim(write, attempt)) return { attempt: attemptOf(write, attempt) };
        const found = await prisma.keyedWrite.findUnique({ where: { personId_route_key: { personId, route, key } } });
        if (found && found.body !== body) throw refuse.key_reused();
        if (found?.answer) return { answer: JSON.parse(seal.open(found.answer, nameOf(write))) as unknown };
        if (found?.written && found.leaseUntil.getTime() <= wallNow()) throw refuse.already_done();
        if (wallNow() > giveUpAt) throw refuse.in_flight();
        await sleep(WAITS_MS[Math.min(looks, WAITS_MS.length - 1)]);
      }
    },
  };
}

/** The same fields in another order are the same. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
