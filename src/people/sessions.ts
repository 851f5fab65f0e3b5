import { createHash, randomBytes } from 'node:crypto';
import { wallNow } from '../kernel/clock.ts';
import type { Tx } from '../kernel/scope.ts';
import type { LoadSession } from '../web/define-page.ts';
import { actorOf, type LoadedPerson, menuOf, personColumns } from './load-actor.ts';

const HOUR_S = 3_600;
/** 一周内免登录: how long a session may lie unused; without it, a day. Its cookie ends with the browser then. */
const REMEMBERED_S = 7 * 24 * HOUR_S;
const UNREMEMBERED_S = 24 * HOUR_S;
/** Uses within a tenth of that put the end off only once: reading a page is no write. */
const RENEW_AFTER = 0.1;

const keyOf = (token: string) => createHash('sha256').update(token).digest('hex');

/**
 * Begins a session and returns the cookie's token; the database keeps its digest only. Sessions go by the wall clock,
 * never by the sandbox's: each use puts the end off, but where `forMs` says when it ends.
 * @param replaces the session this browser had, which ends; others of the person stay
 * @param token given where one sign-in may have to be answered twice alike; it has to be a secret
 */
export async function beginSession(
  { tx }: { tx: Pick<Tx, 'session'> },
  {
    personId,
    remember,
    forMs,
    replaces,
    token = randomBytes(32).toString('base64url'),
  }: { personId: number; remember: boolean; forMs?: number; replaces?: string | undefined; token?: string },
): Promise<{ token: string; csrf: string }> {
  if (replaces) await endSession({ tx }, replaces);
  const csrf = randomBytes(18).toString('base64url');
  const now = wallNow();
  const idleSeconds = forMs === undefined ? (remember ? REMEMBERED_S : UNREMEMBERED_S) : null;
  const expiresAt = new Date(now + (forMs ?? (idleSeconds ?? 0) * 1000));
  await tx.session.create({
    data: { id: keyOf(token), personId, csrf, remember, createdAt: new Date(now), expiresAt, idleSeconds },
  });
  return { token, csrf };
}

/** Ends every session of a person at once; `but` is kept (whoever changes their own password stays signed in). */
export async function endSessions({ tx }: { tx: Pick<Tx, 'session'> }, personId: number, but?: string): Promise<void> {
  await tx.session.deleteMany({ where: { personId, ...(but && { id: { not: but } }) } });
}

/** Ends one session. */
export async function endSession({ tx }: { tx: Pick<Tx, 'session'> }, sessionId: string): Promise<void> {
  await tx.session.deleteMany({ where: { id: sessionId } });
}

type Found = LoadedPerson & { csrf: string; remember: boolean; expiresAt: Date; idleSeconds: number | null };

/**
 * Who a cookie stands for, in one round trip; null where it is unknown, has lain unused too long, or its person is
 * deactivated.
 */
export function createLoadSession(db: Pick<Tx, '$queryRaw' | '$executeRaw'>): LoadSession {
  async function renew(id: string, { expiresAt, idleSeconds }: Found): Promise<boolean> {
    if (idleSeconds === null) return false;
    const end = wallNow() + idleSeconds * 1000;
    if (end - expiresAt.getTime() < idleSeconds * 1000 * RENEW_AFTER) return false;
    await db.$executeRaw`UPDATE "Session" SET "expiresAt" = ${new Date(end)} WHERE id = ${id}`;
    return true;
  }

  return async (token) => {
    const id = keyOf(token);
    const [found] = await db.$queryRaw<Found[]>`
      SELECT e.csrf, e.remember, e."expiresAt", e."idleSeconds", ${personColumns}
      FROM "Session" e JOIN "Person" p ON p.id = e."personId" LEFT JOIN "Staff" s ON s."personId" = p.id
      WHERE e.id = ${id} AND e."expiresAt" > ${new Date(wallNow())} AND p.active`;
    if (!found) return null;
    const renewed = await renew(id, found);
    return {
      actor: actorOf(found),
      csrf: found.csrf,
      bound: found.bound,
      menu: menuOf(found),
      sessionId: id,
      renewsCookie: renewed && found.remember,
    };
  };
}
