import { demand } from '../access/access.ts';
import type { Scope } from '../kernel/scope.ts';
import { refuse } from './phrases.ts';
import type { Try } from './tries.ts';

/**
 * Sends dead and unreachable notices once more, over all channels and under a new key; others of the list stay as they
 * are. Returns how many. @throws Refusal `forbidden`, `nothing_to_resend`
 */
export async function resendNotices({ tx, now, actor }: Scope, ids: readonly number[]): Promise<number> {
  demand(actor, 'notifications.resend', '再发通知');
  const line: Try = { channel: 'resend', at: now.toISOString(), is: 'resend', fresh: true, error: actor.name };
  const count = await tx.$executeRaw`
    UPDATE "Notification"
    SET state = 'queued', "dueAt" = ${now}, attempts = 0, "lastError" = NULL, channel = NULL, "platformId" = NULL,
      tries = coalesce(tries, '[]'::jsonb) || ${JSON.stringify([line])}::jsonb
    WHERE id = ANY(${[...ids]}::int[]) AND state IN ('dead', 'unreachable')`;
  if (count === 0) throw refuse.nothing_to_resend();
  return count;
}
