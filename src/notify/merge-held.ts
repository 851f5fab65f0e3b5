import type { PrismaClient } from '../generated/prisma/client.ts';
import { systemActor } from '../kernel/actor.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import { digest } from './notices.ts';
import { writeNotices } from './write-notices.ts';

/** More lines than this no message holds; the rest is counted. */
const MOST_LINES = 30;
const BATCH = 2000;

type Held = { id: number; personId: number; kind: string; data: unknown };

/**
 * When quiet hours are over, turns several notices held for one person into one digest; in one transaction, so that a
 * crash neither loses nor doubles one. A single one goes out as it is. Held notices are sent only after they came by here.
 */
export async function mergeHeld(
  { prisma, inTransaction, catalogue }: { prisma: PrismaClient; inTransaction: InTransaction; catalogue: Catalogue },
  now: Date,
): Promise<void> {
  const [waiting] = await prisma.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "Notification" WHERE state = 'queued' AND channel = 'held' AND "dueAt" <= ${now}) AS any`;
  if (!waiting?.any) return;
  await inTransaction(systemActor, 'system', async ({ tx }) => {
    // A second node waits and then finds nothing: skipping what is locked would part one person's notices between the two.
    const held = await tx.$queryRaw<Held[]>`
      SELECT id, "personId", kind, data FROM "Notification"
      WHERE state = 'queued' AND channel = 'held' AND "dueAt" <= ${now}
      ORDER BY "dueAt", id LIMIT ${BATCH} FOR UPDATE`;
    const byPerson = new Map<number, Held[]>();
    for (const notice of held) byPerson.set(notice.personId, [...(byPerson.get(notice.personId) ?? []), notice]);
    const several = [...byPerson].filter(([, own]) => own.length > 1);
    const merged = several.flatMap(([, own]) => own.map(({ id }) => id));
    const single = [...byPerson.values()].flatMap((own) => (own.length === 1 ? own.map(({ id }) => id) : []));
    await writeNotices(
      tx,
      now,
      several.map(([to, own]) => digestOf(catalogue, to, own)),
    );
    await tx.$executeRaw`
      UPDATE "Notification" SET state = 'sent', channel = 'digest', "sentAt" = ${now} WHERE id = ANY(${merged}::int[])`;
    await tx.$executeRaw`UPDATE "Notification" SET channel = NULL WHERE id = ANY(${single}::int[])`;
  });
}

function digestOf(catalogue: Catalogue, to: number, notices: readonly Held[]) {
  const lines = notices.slice(0, MOST_LINES).map(({ kind, data }) => catalogue.word(kind, data).first);
  return digest.to(to, { count: notices.length, lines }, { once: `digest:${notices[0]?.id}` });
}
