import type { Prisma } from '../generated/prisma/client.ts';
import { personOf } from '../kernel/actor.ts';
import type { Scope } from '../kernel/scope.ts';
import { type NotifyPrefs, readPrefs } from './prefs.ts';

/** One's own wishes as they are. */
export async function readOwnPrefs({ tx, actor }: Scope): Promise<NotifyPrefs> {
  const person = await tx.person.findUniqueOrThrow({ where: { id: personOf(actor) }, select: { notifyPrefs: true } });
  return readPrefs(person.notifyPrefs);
}

/** Keeps one's own wishes: which channels in which order, and hours of quiet. What is left out follows the school. */
export async function savePrefs({ tx, now, actor }: Scope, prefs: NotifyPrefs): Promise<NotifyPrefs> {
  await tx.person.update({
    where: { id: personOf(actor) },
    data: { notifyPrefs: prefs as Prisma.InputJsonObject, updatedAt: now, version: { increment: 1 } },
  });
  return prefs;
}
