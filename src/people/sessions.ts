import { createHash, randomBytes } from 'node:crypto';
import { wallNow } from '../kernel/clock.ts';
import type { Tx } from '../kernel/scope.ts';
import type { LoadSession } from '../web/define-page.ts';
import { actorOf, type LoadedPerson, menuOf, personColumns } from './load-actor.ts';

const HOUR_MS = 3_600_000;
/** 一周内免登录 */
export const REMEMBERED_MS = 7 * 24 * HOUR_MS;
/** Without it the cookie ends with the browser, and on our side half a day after it was begun. */
const UNREMEMBERED_MS = 12 * HOUR_MS;

const keyOf = (token: string) => createHash('sha256').update(token).digest('hex');

/**
 * Begins a session and returns the cookie's token; the database keeps its digest only. Sessions go by the wall clock,
 * never by the sandbox's. `token` is given where one sign-in may have to be answered twice alike; it has to be a secret.
 */
export async function beginSession(
  { tx }: { tx: Pick<Tx, 'session'> },
  {
    personId,
    remember,
    forMs,
    token = randomBytes(32).toString('base64url'),
  }: { personId: number; remember: boolean; forMs?: number; token?: string },
): Promise<{ token: string; csrf: string }> {
  const csrf = randomBytes(18).toString('base64url');
  const now = wallNow();
  const expiresAt = new Date(now + (forMs ?? (remember ? REMEMBERED_MS : UNREMEMBERED_MS)));
  await tx.session.create({
    data: { id: keyOf(token), personId, csrf, remember, createdAt: new Date(now), expiresAt },
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

/** Who a cookie stands for, in one round trip; null where it is unknown, expired, or its person deactivated. */
export function createLoadSession(db: Pick<Tx, '$queryRaw'>): LoadSession {
  return async (token) => {
    const id = keyOf(token);
    const [found] = await db.$queryRaw<(LoadedPerson & { csrf: string })[]>`
      SELECT e.csrf, ${personColumns}
      FROM "Session" e JOIN "Person" p ON p.id = e."personId" LEFT JOIN "Staff" s ON s."personId" = p.id
      WHERE e.id = ${id} AND e."expiresAt" > ${new Date(wallNow())} AND p.active`;
    if (!found) return null;
    return { actor: actorOf(found), csrf: found.csrf, bound: found.bound, menu: menuOf(found), sessionId: id };
  };
}
