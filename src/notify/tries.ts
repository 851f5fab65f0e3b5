import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ChannelName, Outcome } from './channels/channel.ts';

/** One line of a notice's history. `fresh` begins a sending of its own: by hand, or after the platform lost one. */
const Try = z.object({
  channel: z.string(),
  at: z.string(),
  is: z.enum(['sent', 'again', 'later', 'paused', 'refused', 'unavailable', 'resend']).optional(),
  error: z.string().optional(),
  way: z.string().optional(),
  field: z.string().optional(),
  fresh: z.boolean().optional(),
});

/** What a channel said at one attempt, or who had a notice sent anew. */
export type Try = z.infer<typeof Try>;

/** How many lines a notice keeps; those that begin a sending always stay. */
const KEPT = 40;

/** The history out of its column. */
export function readTries(json: unknown): Try[] {
  return z
    .array(Try)
    .catch([])
    .parse(json ?? []);
}

/** The line for what a channel just said. */
export function tryOf(channel: ChannelName, outcome: Outcome, at: Date): Try {
  const { is, way } = outcome;
  return {
    channel,
    at: at.toISOString(),
    is,
    ...(way && { way }),
    ...('error' in outcome && { error: outcome.error }),
    ...('field' in outcome && outcome.field && { field: outcome.field }),
  };
}

/**
 * The history with a line more, the oldest that say nothing for the future left out. Of a channel's pauses in a row the
 * last one stands for all.
 */
export function addTry(tries: readonly Try[], line: Try): Try[] {
  const last = tries.at(-1);
  const goesOn = line.is === 'paused' && last?.is === 'paused' && last.channel === line.channel && !last.fresh;
  const all = [...(goesOn ? tries.slice(0, -1) : tries), line];
  const surplus = new Set(all.filter(({ fresh }) => !fresh).slice(0, Math.max(0, all.length - KEPT)));
  return all.filter((candidate) => !surplus.has(candidate));
}

/** What counts for the sending under way: all since it was last begun anew by hand. */
export function sinceResend(tries: readonly Try[]): readonly Try[] {
  return tries.slice(tries.findLastIndex(({ is }) => is === 'resend') + 1);
}

/** Whether a channel has had its say: it will never take this notice, or does not reach this person. */
export function isOver(tries: readonly Try[], channel: ChannelName): boolean {
  return sinceResend(tries).some((t) => t.channel === channel && (t.is === 'refused' || t.is === 'unavailable'));
}

/** How often a channel was busy or silent in this sending. */
export function timesAgain(tries: readonly Try[], channel: ChannelName): number {
  return sinceResend(tries).filter((t) => t.channel === channel && t.is === 'again').length;
}

/**
 * The idempotency key for platforms: 32 hexadecimal digits of the notice's `once`, the same for every repetition and
 * another one for each sending begun anew.
 */
export function keyOf(once: string, tries: readonly Try[]): string {
  const sending = tries.filter(({ fresh }) => fresh).length;
  return createHash('sha256').update(`xiaoxin notice ${once} ${sending}`).digest('hex').slice(0, 32);
}
