import { randomBytes } from 'node:crypto';
import type { About } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';
import { type Link, linkKey, readLink, signLink } from './token.ts';

/** So long a notice's link opens what it is about. */
const LINK_MS = 14 * 24 * 3_600_000;
/** So long somebody may take on WeChat's authorization page, on the wall clock. */
export const STATE_MS = 10 * 60_000;

export type Links = ReturnType<typeof createLinks>;

/**
 * Links that open one record for one person until they expire. `baseUrl` is read at each call: the sandbox knows its own
 * address only once it listens.
 */
export function createLinks({ sessionSecret, baseUrl }: { sessionSecret: string; baseUrl: () => string }) {
  const key = linkKey(sessionSecret);
  const sign = (link: Link) => signLink(key, link);

  return {
    /** The token of a link, for `/l/TOKEN`. */
    sign,
    /** What a token says; null where it is not ours. */
    read: (token: string) => readLink(key, token),
    /** The whole address of a link. */
    urlFor: (link: Link) => `${baseUrl()}/l/${sign(link)}`,
    /** The address in a notice; the same at every attempt to send it. */
    linkFor: ({ about, createdAt, person }: { about: About | null; createdAt: Date; person: { id: number } }) =>
      about
        ? `${baseUrl()}/l/${sign({ to: person.id, about, expiresAt: new Date(createdAt.getTime() + LINK_MS) })}`
        : undefined,
    /** Where WeChat's authorization page comes back to. */
    returnUrl: () => `${baseUrl()}/wechat/oauth`,
  };
}

/** Begins an authorization for a link: a state that works once. It lives on the wall clock. */
export async function beginOauth({ tx }: { tx: Tx }, token: string, wall: number): Promise<string> {
  const state = randomBytes(16).toString('hex');
  await tx.oauthState.create({
    data: { state, target: token, createdAt: new Date(wall), expiresAt: new Date(wall + STATE_MS) },
  });
  return state;
}

/**
 * Uses a state up: of any number that come with it, the first gets its link's token. `target` is also known where it was
 * used or has expired, for trying again.
 */
export async function useOauthState(
  { tx }: { tx: Tx },
  state: string,
  wall: number,
): Promise<{ isFresh: boolean; target: string } | null> {
  const [used] = await tx.$queryRaw<{ target: string }[]>`
    UPDATE "OauthState" SET "usedAt" = ${new Date(wall)}
    WHERE state = ${state} AND "usedAt" IS NULL AND "expiresAt" > ${new Date(wall)} RETURNING target`;
  if (used) return { isFresh: true, target: used.target };
  const known = await tx.oauthState.findUnique({ where: { state }, select: { target: true } });
  return known && { isFresh: false, target: known.target };
}
