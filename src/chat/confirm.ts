import { z } from 'zod';
import { personOf } from '../kernel/actor.ts';
import type { Scope } from '../kernel/scope.ts';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { refuse } from './phrases.ts';
import type { Registry } from './registry.ts';
import { reply } from './reply.ts';

const VALID_MS = 10 * 60 * 1000;

/** Keeps what somebody was asked to confirm; it is done when 确认 is said next, within ten minutes. */
export async function keepForConfirmation(
  { tx, actor, now }: Scope,
  { command, input }: { command: string; input: unknown },
): Promise<void> {
  const personId = personOf(actor);
  const expiresAt = new Date(now.getTime() + VALID_MS);
  await tx.$executeRaw`
    INSERT INTO "PendingConfirmation" ("personId", "command", "input", "createdAt", "expiresAt")
    VALUES (${personId}, ${command}, ${JSON.stringify(input)}::jsonb, ${now}, ${expiresAt})
    ON CONFLICT ("personId") DO UPDATE SET "command" = excluded."command", "input" = excluded."input",
      "createdAt" = excluded."createdAt", "expiresAt" = excluded."expiresAt"`;
}

/** Ends what waits for 确认; whatever else is said does that. */
export async function endConfirmation({ tx, actor }: Scope): Promise<void> {
  await tx.$executeRaw`DELETE FROM "PendingConfirmation" WHERE "personId" = ${personOf(actor)}`;
}

/** 确认: does what was asked about last. Said twice at once, one of them finds it. */
export function createConfirm(registry: () => Pick<Registry, 'byId'>): AnyCommand {
  return defineCommand({
    id: 'chat.confirm',
    words: ['确认', '确定', 'confirm', 'yes'],
    usage: '确认',
    does: '照刚才问的做，做了撤不回来',
    permission: null,
    unlisted: true,
    input: z.object({}),
    read: () => ({}),
    repeats: async ({ scope }) => {
      const { tx, actor, now } = scope;
      const [pending] = await tx.$queryRaw<{ command: string; input: unknown; live: boolean }[]>`
        DELETE FROM "PendingConfirmation" WHERE "personId" = ${personOf(actor)}
        RETURNING "command", "input", "expiresAt" > ${now} AS live`;
      if (!pending || !registry().byId(pending.command)) throw refuse.nothing_to_confirm();
      if (!pending.live) throw refuse.confirmation_expired();
      return { command: pending.command, input: pending.input, confirmed: true as const };
    },
    run: async () => undefined,
    reply: () => reply(),
  });
}
