import { backoffMs, MOST_ATTEMPTS, QUICK_ATTEMPTS, SOON_MS } from './backoff.ts';
import type { Channel, Outcome, Sending } from './channels/channel.ts';
import { CHANNEL_TITLES } from './phrases.ts';
import { addTry, isOver, sinceResend, type Try, timesAgain, tryOf } from './tries.ts';

/** What becomes of a notice after one attempt. */
export type Decision =
  | { state: 'sent'; channel: string; platformId: string | null; tries: Try[] }
  | { state: 'queued'; dueAt: Date; error: string; tries: Try[] }
  | { state: 'dead' | 'unreachable'; error: string; tries: Try[] };

type Parts = { order: readonly Channel[]; tries: readonly Try[]; now: () => Date; random: () => number };

/**
 * One attempt at a notice over its channels in their order: who cannot be reached by one gets the next; what heals soon
 * is waited for; a notice no channel reaches is unreachable, one that some channel refused is dead.
 */
export async function deliver(sending: Sending, { order, tries: before, now, random }: Parts): Promise<Decision> {
  let tries = [...before];
  const waits: number[] = [];
  let isPaused = false;

  for (const channel of order) {
    if (isOver(tries, channel.name)) continue;
    const outcome = limited(await attempt(channel, sending), timesAgain(tries, channel.name));
    tries = addTry(tries, tryOf(channel.name, outcome, now()));
    if (outcome.is === 'sent')
      return { state: 'sent', channel: channel.name, platformId: outcome.platformId ?? null, tries };
    if (outcome.is === 'refused' || outcome.is === 'unavailable') continue;

    const times = timesAgain(tries, channel.name);
    const due = outcome.is === 'again' ? now().getTime() + backoffMs(Math.max(1, times), random) : outcome.at.getTime();
    const isWorthWaiting = outcome.is === 'again' ? times < QUICK_ATTEMPTS : due - now().getTime() <= SOON_MS;
    if (isWorthWaiting) return { state: 'queued', dueAt: new Date(due), error: sayErrors(sinceResend(tries)), tries };
    isPaused ||= outcome.is === 'paused';
    waits.push(due);
  }

  const said = sinceResend(tries);
  const error = sayErrors(said);
  // A pause counts for nothing: it is no word about this notice, however long the account is in trouble.
  const isWithin = said.filter((t) => t.is === 'again' || t.is === 'later').length < MOST_ATTEMPTS;
  const mayWait = waits.length > 0 && (isPaused || isWithin);
  if (mayWait) return { state: 'queued', dueAt: new Date(Math.min(...waits)), error, tries };
  const isRefused = waits.length > 0 || said.some((t) => t.is === 'refused');
  return { state: isRefused ? 'dead' : 'unreachable', error, tries };
}

/** The last word of each channel, for the list. */
function sayErrors(said: readonly Try[]): string {
  const last = new Map(said.flatMap((t) => (t.error ? [[t.channel, t.error] as const] : [])));
  if (last.size === 0) return '没有可用的通知方式';
  return [...last].map(([channel, error]) => `${CHANNEL_TITLES[channel] ?? channel}：${error}`).join('；');
}

/** What may be repeated so many times only, because a repetition could arrive twice, is over after them. */
function limited(outcome: Outcome, before: number): Outcome {
  if (outcome.is !== 'again' || outcome.most === undefined || before + 1 < outcome.most) return outcome;
  return { is: 'refused', error: outcome.error, ...(outcome.way && { way: outcome.way }) };
}

/** A channel that throws has a bug, which must not hold up the notices behind this one. */
async function attempt(channel: Channel, sending: Sending): Promise<Outcome> {
  try {
    return await channel.send(sending);
  } catch (error) {
    return { is: 'again', error: error instanceof Error ? error.message : String(error) };
  }
}
