import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../kernel/scope.ts';

/** So long somebody may take on WeChat's authorization page, on the wall clock. */
export const STATE_MS = 10 * 60_000;
/** WeChat's browser may ask twice; so long the second time gets the first one's answer. */
export const REPEAT_MS = 30_000;

const REFUSED = [
  'link_expired',
  'link_not_yours',
  'oauth_denied',
  'oauth_failed',
  'oauth_snapshot',
  'stranger',
] as const;

const Answer = z.union([z.object({ personId: z.number(), path: z.string() }), z.object({ refused: z.enum(REFUSED) })]);

/** What coming back from WeChat led to: somebody signed in and where they go, or why not. */
export type OauthAnswer = z.infer<typeof Answer>;

/** Begins an authorization for a link or a page: a state that works once. It lives on the wall clock. */
export async function beginOauth({ tx }: { tx: Tx }, target: string, wall: number): Promise<string> {
  const state = randomBytes(16).toString('hex');
  await tx.oauthState.create({
    data: { state, target, createdAt: new Date(wall), expiresAt: new Date(wall + STATE_MS) },
  });
  return state;
}

/** What a state was begun for, used or not; null for one nobody began. */
export async function targetOf({ tx }: { tx: Tx }, state: string): Promise<string | null> {
  const known = await tx.oauthState.findUnique({ where: { state }, select: { target: true } });
  return known?.target ?? null;
}

/** Uses a state up: of any number that come with it, exactly one gets true. */
export async function useOauthState({ tx }: { tx: Tx }, state: string, wall: number): Promise<boolean> {
  const used = await tx.$executeRaw`
    UPDATE "OauthState" SET "usedAt" = ${new Date(wall)}
    WHERE state = ${state} AND "usedAt" IS NULL AND "expiresAt" > ${new Date(wall)}`;
  return used === 1;
}

/** Keeps what the first one was answered. */
export async function keepAnswer({ tx }: { tx: Tx }, state: string, answer: OauthAnswer): Promise<void> {
  await tx.oauthState.updateMany({ where: { state }, data: { answer } });
}

/** What the first one was answered; `pending` while it is still being found out, null where it is too long ago. */
export async function earlierAnswer(
  { tx }: { tx: Tx },
  state: string,
  wall: number,
): Promise<OauthAnswer | 'pending' | null> {
  const used = await tx.oauthState.findUnique({ where: { state }, select: { usedAt: true, answer: true } });
  if (!used?.usedAt || wall - used.usedAt.getTime() > REPEAT_MS) return null;
  return used.answer === null ? 'pending' : Answer.parse(used.answer);
}
