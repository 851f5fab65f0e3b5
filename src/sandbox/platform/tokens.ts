import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { wallNow } from '../../kernel/clock.ts';
import type { SandboxAccount } from '../account.ts';
import type { SandboxParts } from '../parts.ts';
import { PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withoutToken, withToken } from './call.ts';

const LIFE_MS = 7200_000;
/** In these last minutes a new token is handed out while the old one still works. */
const OVERLAP_MS = 300_000;
const FORCED_A_DAY = 20;
const FORCED_APART_MS = 30_000;

const StableToken = z.object({
  grant_type: z.string().default(''),
  appid: z.string().default(''),
  secret: z.string().default(''),
  force_refresh: z.boolean().default(false),
});

const Current = z.object({ token: z.string(), forced: z.array(z.number()).default([]) });
type Current = z.infer<typeof Current>;

/**
 * Access tokens and the JS-SDK's tickets, one of each type (wechat-platform.md §3, §5), on the wall clock. stable_token gives the same token
 * until less than five minutes are left; /token makes a new one at each call and the one before lives five minutes
 * more; the two do not disturb each other.
 */
export function createTokens({ prisma, account }: SandboxParts) {
  const calls: ApiCall[] = [
    withoutToken('POST', '/cgi-bin/stable_token', stableToken),
    withoutToken('any', '/cgi-bin/token', freshToken),
    withToken('GET', '/cgi-bin/ticket/getticket', jsTicket),
  ];
  return { calls, check };

  /** Refuses a call whose token the platform does not take. */
  async function check(token: string | undefined): Promise<void> {
    if (!token) throw new PlatformError(41001, 'access_token missing');
    const row = await prisma.sandboxItem.findUnique({ where: { key: keyOf(token) } });
    if (!row?.expiresAt) {
      throw new PlatformError(40001, 'invalid credential, access_token is invalid or not latest');
    }
    if (row.expiresAt.getTime() <= wallNow()) throw new PlatformError(42001, 'access_token expired');
  }

  async function stableToken(request: ApiRequest) {
    const { grant_type, appid, secret, force_refresh } = readBody(request, StableToken);
    checkCredentials(grant_type, appid, secret);
    if (force_refresh) return forcedToken();
    const now = wallNow();
    return answer(await currentOrNew('stable', now + OVERLAP_MS), now);
  }

  async function forcedToken() {
    const now = wallNow();
    const row = await prisma.sandboxItem.findUnique({ where: { key: pointerOf('stable') } });
    const current = row ? Current.parse(row.value) : undefined;
    const forced = (current?.forced ?? []).filter((at) => now - at < 86_400_000);
    if (forced.length >= FORCED_A_DAY) throw new PlatformError(45009, 'reach max api daily quota limit');
    if (forced.some((at) => now - at < FORCED_APART_MS)) throw new PlatformError(45011, 'api minute-quota reach limit');
    const made = await make('stable', now, [...forced, now]);
    if (current) await prisma.sandboxItem.deleteMany({ where: { key: keyOf(current.token) } });
    return answer(made, now);
  }

  async function freshToken({ query }: ApiRequest) {
    checkCredentials(query.grant_type ?? '', query.appid ?? '', query.secret ?? '');
    const now = wallNow();
    const before = await prisma.sandboxItem.findUnique({ where: { key: pointerOf('plain') } });
    const made = await make('plain', now, []);
    if (before) {
      const last = new Date(now + OVERLAP_MS);
      const key = keyOf(Current.parse(before.value).token);
      await prisma.sandboxItem.updateMany({ where: { key, expiresAt: { gt: last } }, data: { expiresAt: last } });
    }
    return answer(made, now);
  }

  async function jsTicket({ query }: ApiRequest) {
    const { type } = query;
    if (type !== 'jsapi' && type !== 'wx_card') throw new PlatformError(40097, 'invalid args');
    const now = wallNow();
    const { token, expiresAt } = await currentOrNew(`ticket:${type}`, now + OVERLAP_MS);
    return { errcode: 0, errmsg: 'ok', ticket: token, expires_in: secondsBetween(now, expiresAt) };
  }

  /** The current one if it lives past `until`; of any number that find it too old, one makes the new one. */
  async function currentOrNew(line: string, until: number): Promise<{ token: string; expiresAt: number }> {
    const key = pointerOf(line);
    const now = wallNow();
    const token = randomToken();
    const value = JSON.stringify({ token, forced: [] });
    const ends = new Date(now + LIFE_MS);
    // Written first: nobody may be handed a token that does not work yet.
    await write(token, now, ends);
    const won = await prisma.$executeRaw`
      INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "expiresAt", "createdAt")
      VALUES (${key}, 'tokenPointer', ${value}::jsonb, ${ends}, ${new Date(now)})
      ON CONFLICT ("key") DO UPDATE
        SET "value" = jsonb_set(i."value", '{token}', to_jsonb(${token}::text)), "expiresAt" = EXCLUDED."expiresAt"
        WHERE i."expiresAt" <= ${new Date(until)}`;
    if (won > 0) return { token, expiresAt: ends.getTime() };
    await prisma.sandboxItem.deleteMany({ where: { key: keyOf(token) } });
    const row = await prisma.sandboxItem.findUniqueOrThrow({ where: { key } });
    return { token: Current.parse(row.value).token, expiresAt: row.expiresAt?.getTime() ?? now };
  }

  async function make(line: string, now: number, forced: number[]): Promise<{ token: string; expiresAt: number }> {
    const token = randomToken();
    const ends = new Date(now + LIFE_MS);
    await write(token, now, ends);
    const value: Current = { token, forced };
    await prisma.sandboxItem.upsert({
      where: { key: pointerOf(line) },
      create: { key: pointerOf(line), kind: 'tokenPointer', value, expiresAt: ends, createdAt: new Date(now) },
      update: { value, expiresAt: ends },
    });
    return { token, expiresAt: ends.getTime() };
  }

  async function write(token: string, now: number, ends: Date): Promise<void> {
    const createdAt = new Date(now);
    await prisma.sandboxItem.deleteMany({ where: { kind: 'token', expiresAt: { lt: new Date(now - LIFE_MS) } } });
    await prisma.sandboxItem.create({
      data: { key: keyOf(token), kind: 'token', value: {}, expiresAt: ends, createdAt },
    });
  }

  function checkCredentials(grantType: string, appId: string, secret: string): void {
    if (grantType !== 'client_credential') throw new PlatformError(40002, 'invalid grant_type');
    checkAccount(account, appId, secret);
  }
}

/** Whether appid and secret are the account's. @throws PlatformError with the code for what is wrong or missing */
export function checkAccount(account: SandboxAccount, appId = '', secret = ''): void {
  if (appId === '') throw new PlatformError(41002, 'appid missing');
  if (secret === '') throw new PlatformError(41004, 'appsecret missing');
  if (appId !== account.appId) throw new PlatformError(40013, 'invalid appid');
  if (secret !== account.appSecret) throw new PlatformError(40125, 'invalid appsecret');
}

function answer({ token, expiresAt }: { token: string; expiresAt: number }, now: number) {
  return { access_token: token, expires_in: secondsBetween(now, expiresAt) };
}

function secondsBetween(from: number, to: number): number {
  return Math.max(1, Math.min(7200, Math.floor((to - from) / 1000)));
}

function randomToken(): string {
  return `99_${randomBytes(96).toString('base64url')}`;
}

function keyOf(token: string): string {
  return `token:${token}`;
}

function pointerOf(line: string): string {
  return `tokenPointer:${line}`;
}
