import { createHmac } from 'node:crypto';
import { deriveKey } from '../kernel/derive-key.ts';
import type { About } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import { type Link, linkKey, readLink, signLink } from './token.ts';

/** So long a notice's link opens what it is about. */
const LINK_MS = 14 * 24 * 3_600_000;

export type Links = ReturnType<typeof createLinks>;

type LinkParts = { sessionSecret: string; baseUrl: () => string; catalogue: Catalogue };

/**
 * Links that open one record for one person until they expire. `baseUrl` is read at each call: the sandbox knows its own
 * address only once it listens.
 */
export function createLinks({ sessionSecret, baseUrl, catalogue }: LinkParts) {
  const key = linkKey(sessionSecret);
  const sessionKey = deriveKey(sessionSecret, 'sessions of authorizations');
  const sign = (link: Link) => signLink(key, link, numberOf(link.about));

  /** @throws Error for a subject nobody declares: a link of ours can only be about one of them */
  function numberOf({ entity }: About): number {
    const subject = catalogue.subjectNamed(entity);
    if (!subject) throw new Error(`no feature declares what ${entity} is`);
    return subject.number;
  }

  return {
    /** The token of a link, for `/l/TOKEN`. */
    sign,
    /** What a token says; null where it is not ours. */
    read: (token: string) => readLink(key, token, (number) => catalogue.subjectNumbered(number)?.entity),
    /** The whole address of a link. */
    urlFor: (link: Link) => `${baseUrl()}/l/${sign(link)}`,
    /** The path of what a link is about. */
    pathOf: async (tx: Tx, { entity, id }: About): Promise<string> =>
      (await catalogue.subjectNamed(entity)?.path(tx, id)) ?? '/',
    /** The address in a notice, the same at every attempt to send it; none for a subject of another version's. */
    linkFor: ({ about, createdAt, person }: { about: About | null; createdAt: Date; person: { id: number } }) =>
      about && catalogue.subjectNamed(about.entity)
        ? `${baseUrl()}/l/${sign({ to: person.id, about, expiresAt: new Date(createdAt.getTime() + LINK_MS) })}`
        : undefined,
    /** The session an authorization begins: the same however often its browser asks, and no secret of the address's. */
    sessionToken: (state: string) => createHmac('sha256', sessionKey).update(state).digest('base64url'),
    /** Where WeChat's authorization page comes back to. */
    returnUrl: () => `${baseUrl()}/wechat/oauth`,
  };
}
