import type { Scope } from '../kernel/scope.ts';

/** How many people a change of account concerns. */
export type AccountChange = {
  /** Bindings of another account, kept as history from now on. */
  released: number;
  /** Bindings of this account that a change had released before. */
  restored: number;
};

/**
 * Makes the database work for the account of that appid (product §1): an openid says nothing under another account, so
 * bindings of another one end, their rows stay as history, and come back with their account. Rows from before accounts
 * were told apart belong to the account that starts first.
 */
export async function takeAccount({ tx, now }: Scope, appId: string): Promise<AccountChange> {
  await tx.$executeRaw`UPDATE "Binding" SET "appId" = ${appId} WHERE "appId" = ''`;
  await tx.$executeRaw`UPDATE "Follower" SET "appId" = ${appId} WHERE "appId" = ''`;
  await tx.$executeRaw`UPDATE "WechatTemplate" SET "appId" = ${appId} WHERE "appId" = ''`;
  await tx.$executeRaw`
    UPDATE "NoticeTemplate" t SET "appId" = ${appId} WHERE "appId" = ''
      AND NOT EXISTS (SELECT 1 FROM "NoticeTemplate" o WHERE o."appId" = ${appId} AND o.kind = t.kind)`;

  const released = await tx.$executeRaw`
    WITH foreign_bindings AS (
      SELECT b.id, b."personId" FROM "Binding" b JOIN "Person" p ON p.id = b."personId" AND p.openid = b.openid
      WHERE b."releasedAt" IS NULL AND b."appId" <> ${appId}
    ), freed AS (
      UPDATE "Person" p SET openid = NULL, "updatedAt" = ${now}, version = version + 1
      FROM foreign_bindings f WHERE p.id = f."personId"
    )
    UPDATE "Binding" b SET "releasedAt" = ${now}, reason = 'otherAccount' FROM foreign_bindings f WHERE b.id = f.id`;

  // Only whose last word under this account was that change: who unbound since stays unbound.
  const restored = await tx.$executeRaw`
    WITH last AS (
      SELECT DISTINCT ON ("personId") "personId", openid, reason FROM "Binding" WHERE "appId" = ${appId}
      ORDER BY "personId", id DESC
    ), back AS (
      UPDATE "Person" p SET openid = l.openid, "updatedAt" = ${now}, version = version + 1
      FROM last l
      WHERE p.id = l."personId" AND l.reason = 'otherAccount' AND p.openid IS NULL
        AND NOT EXISTS (SELECT 1 FROM "Person" o WHERE o.openid = l.openid)
      RETURNING p.id, p.openid
    )
    INSERT INTO "Binding" ("personId", openid, "appId", "boundAt") SELECT id, openid, ${appId}, ${now} FROM back`;
  return { released, restored };
}
