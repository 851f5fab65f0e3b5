import { randomBytes } from 'node:crypto';
import type { BindState } from '../generated/prisma/client.ts';
import { personOf } from '../kernel/actor.ts';
import { wallNow } from '../kernel/clock.ts';
import type { Scope } from '../kernel/scope.ts';
import type { WechatUser } from '../notify/index.ts';
import { bindReleased } from './notices.ts';
import { refuse, refusedBinding, said } from './phrases.ts';

/** A code works ten minutes, on the wall clock. */
export const TICKET_MS = 10 * 60_000;
const SCENE = /^bind:[A-Za-z0-9_-]{1,58}$/;

export type BindTicketRow = { id: string; scene: string; expiresAt: Date };

/**
 * Makes a one-time ticket for who asks; earlier ones still waiting end with it. The platform's code for its scene is
 * fetched after the commit and kept with `keepCode`.
 */
export async function makeBindTicket({ tx, actor }: Scope): Promise<BindTicketRow> {
  const personId = personOf(actor);
  const now = new Date(wallNow());
  const ticket = {
    id: randomBytes(12).toString('base64url'),
    scene: `bind:${randomBytes(12).toString('base64url')}`,
    expiresAt: new Date(now.getTime() + TICKET_MS),
  };
  await tx.bindTicket.updateMany({ where: { personId, state: 'waiting' }, data: { state: 'expired' } });
  await tx.bindTicket.create({ data: { ...ticket, personId, createdAt: now } });
  return ticket;
}

/** Keeps the platform's code for a ticket: `ticket` as the platform calls it, `qrUrl` what the code holds. */
export async function keepCode({ tx }: Scope, id: string, code: { ticket: string; qrUrl: string }): Promise<void> {
  await tx.bindTicket.update({ where: { id }, data: code });
}

/** How far one's own ticket is; null where there is none of that id. */
export async function readBindTicket({ tx, actor }: Scope, id: string) {
  const row = await tx.bindTicket.findFirst({ where: { id, personId: personOf(actor) } });
  if (!row) return null;
  const state: BindState = row.state === 'waiting' && row.expiresAt.getTime() <= wallNow() ? 'expired' : row.state;
  return { id: row.id, state, reason: row.reason, qrUrl: row.qrUrl, expiresAt: row.expiresAt };
}

type Lines = readonly string[];
type Found = {
  id: string;
  state: BindState;
  expiresAt: Date;
  personId: number;
  name: string;
  active: boolean;
  openid: string | null;
};

/**
 * Binds who scanned to the person whose code it was (product §1): once, within ten minutes. Somebody else's openid is
 * refused, and both sides are told; who comes with another phone moves there, and the old one is told.
 */
export async function bindByScan(scope: Scope, { user, scene }: { user: WechatUser; scene: string }): Promise<Lines> {
  if (!SCENE.test(scene)) return said.unknown();
  const { tx, now } = scope;
  const { openid } = user;
  // The row lock puts two scans of one code in a row; the second finds it used.
  const [ticket] = await tx.$queryRaw<Found[]>`
    SELECT t.id, t.state, t."expiresAt", p.id AS "personId", p.name, p.active, p.openid
    FROM "BindTicket" t JOIN "Person" p ON p.id = t."personId" WHERE t.scene = ${scene} FOR UPDATE OF t, p`;
  if (!ticket) return said.unknown();
  if (ticket.state === 'bound') return ticket.openid === openid ? said.boundAlready(ticket.name) : said.used();
  if (ticket.state === 'refused') return said.used();
  if (ticket.state === 'expired' || ticket.expiresAt.getTime() <= wallNow()) return said.expired();
  const end = (state: BindState, reason: string | null = null) =>
    tx.bindTicket.update({ where: { id: ticket.id }, data: { state, reason, openid, usedAt: new Date(wallNow()) } });
  if (!ticket.active) {
    await end('refused', refusedBinding.inactive);
    return said.inactive();
  }
  if (ticket.openid === openid) {
    await end('bound');
    return said.boundAlready(ticket.name);
  }
  if (!(await takeOpenid(scope, ticket.personId, user))) {
    await end('refused', refusedBinding.somebodyElses);
    return said.somebodyElses();
  }
  const old = ticket.openid;
  if (old) await releaseBinding(scope, { personId: ticket.personId, openid: old, reason: 'moved', by: ticket.name });
  await tx.binding.create({ data: { personId: ticket.personId, ...user, boundAt: now } });
  await end('bound');
  return said.bound(ticket.name);
}

/**
 * Gives an openid to a person where nobody else has it. Two people scanning with one phone at once are told apart by
 * the unique column: the follower's row is locked first, so that the second sees the first's commit.
 */
async function takeOpenid({ tx, now }: Scope, personId: number, { appId, openid }: WechatUser): Promise<boolean> {
  await tx.$executeRaw`
    INSERT INTO "Follower" (openid, "appId", following, "changedAt") VALUES (${openid}, ${appId}, true, ${now})
    ON CONFLICT (openid) DO UPDATE SET "appId" = excluded."appId"`;
  const taken = await tx.$executeRaw`
    UPDATE "Person" SET openid = ${openid}, "updatedAt" = ${now}, version = version + 1
    WHERE id = ${personId} AND NOT EXISTS (SELECT 1 FROM "Person" o WHERE o.openid = ${openid} AND o.id <> ${personId})`;
  return taken === 1;
}

type Release = { personId: number; openid: string; reason: 'moved' | 'unbound' | 'unboundByAdministrator'; by: string };

/** Ends a binding in its history and tells the phone it was on: nothing else would say why it hears no more. */
async function releaseBinding({ tx, now, tell }: Scope, { personId, openid, reason, by }: Release): Promise<void> {
  await tx.binding.updateMany({ where: { personId, openid, releasedAt: null }, data: { releasedAt: now, reason } });
  await tell(
    bindReleased.to(personId, { by, openid }, { once: `bindReleased:${personId}:${openid}:${now.getTime()}` }),
  );
}

/** Binds directly, without a scan: the demo school's phones. */
export async function bindForDemo(scope: Scope, personId: number, user: WechatUser): Promise<void> {
  if (!(await takeOpenid(scope, personId, user))) return;
  await scope.tx.binding.create({ data: { personId, ...user, boundAt: scope.now } });
}

/** Takes the binding off a person, history kept. @throws Refusal `not_bound` */
export async function unbind(scope: Scope, personId: number): Promise<void> {
  const { tx, now } = scope;
  const [person] = await tx.$queryRaw<{ openid: string }[]>`
    UPDATE "Person" p SET openid = NULL, "updatedAt" = ${now}, version = version + 1
    FROM (SELECT id, openid FROM "Person" WHERE id = ${personId} AND openid IS NOT NULL FOR UPDATE) old
    WHERE p.id = old.id RETURNING old.openid`;
  if (!person) throw refuse.not_bound();
  const { actor } = scope;
  const reason = actor.id === personId ? 'unbound' : 'unboundByAdministrator';
  await releaseBinding(scope, { personId, openid: person.openid, reason, by: actor.name });
}
