import type { PrismaClient } from '../generated/prisma/client.ts';
import { systemActor } from '../kernel/actor.ts';
import type { NoticeKind } from '../kernel/notice.ts';
import type { InTransaction } from '../kernel/scope.ts';
import { wordNotice } from './phrases.ts';

/** More lines than this no message holds; the rest is counted. */
const MOST_LINES = 30;
const BATCH = 2000;

type Held = { id: number; personId: number; kind: string; data: unknown };

/**
 * When quiet hours are over, turns several notices held for one person into one digest; in one transaction, so that a
 * crash neither loses nor doubles one. A single one goes out as it is. Held notices are sent only after they came by here.
 */
export async function mergeHeld(prisma: PrismaClient, inTransaction: InTransaction, now: Date): Promise<void> {
  const [waiting] = await prisma.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "Notification" WHERE state = 'queued' AND channel = 'held' AND "dueAt" <= ${now}) AS any`;
  if (!waiting?.any) return;
  await inTransaction(systemActor, 'system', async ({ tx }) => {
    const held = await tx.$queryRaw<Held[]>`
      SELECT id, "personId", kind, data FROM "Notification"
      WHERE state = 'queued' AND channel = 'held' AND "dueAt" <= ${now}
      ORDER BY "dueAt", id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    const byPerson = new Map<number, Held[]>();
    for (const notice of held) byPerson.set(notice.personId, [...(byPerson.get(notice.personId) ?? []), notice]);
    const digests = [...byPerson].filter(([, own]) => own.length > 1).map(([to, own]) => digestOf(to, own));
    const merged = digests.flatMap(({ ids }) => ids);
    const single = [...byPerson.values()].flatMap((own) => (own.length === 1 ? own.map(({ id }) => id) : []));
    await tx.$executeRaw`
      INSERT INTO "Notification" (kind, "personId", data, once, "dueAt", "createdAt")
      SELECT 'digest', r."to", r.data, r.once, ${now}, ${now}
      FROM jsonb_to_recordset(${JSON.stringify(digests)}::jsonb) AS r("to" int, data jsonb, once text)
      ON CONFLICT (once) DO NOTHING`;
    await tx.$executeRaw`
      UPDATE "Notification" SET state = 'sent', channel = 'digest', "sentAt" = ${now} WHERE id = ANY(${merged}::int[])`;
    await tx.$executeRaw`UPDATE "Notification" SET channel = NULL WHERE id = ANY(${single}::int[])`;
  });
}

function digestOf(to: number, notices: readonly Held[]) {
  const lines = notices
    .slice(0, MOST_LINES)
    .map(({ kind, data }) => wordNotice(kind as NoticeKind, data as never).first);
  const ids = notices.map(({ id }) => id);
  return { to, ids, once: `digest:${ids[0]}`, data: { count: notices.length, lines } };
}
