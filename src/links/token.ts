import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../kernel/derive-key.ts';
import type { About } from '../kernel/notice.ts';

/** Who may open what until when. */
export type Link = { to: number; about: About; expiresAt: Date };

const VERSION = 1;
/** version 1, entity 1, addressee 4, record 4, expiry in seconds 5 */
const BODY_BYTES = 15;
/** 96 bits: short enough for a text message, far too many to try. */
const MAC_BYTES = 12;
const LENGTH = ((BODY_BYTES + MAC_BYTES) * 4) / 3;

/** The key links are signed with; another one than sessions are. */
export function linkKey(sessionSecret: string): Buffer {
  return deriveKey(sessionSecret, 'signed links');
}

/** A link as 36 characters of an address: what it says, signed; `number` stands for what kind of record it is about. */
export function signLink(key: Buffer, { to, about, expiresAt }: Link, number: number): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  body.writeUInt8(number, 1);
  body.writeUInt32BE(to, 2);
  body.writeUInt32BE(about.id ?? 0, 6);
  body.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), 10, 5);
  return Buffer.concat([body, macOf(key, body)]).toString('base64url');
}

/**
 * What a token says; null where we have not signed it so, or nothing has its number any more. Whether it has expired is
 * the caller's question.
 */
export function readLink(
  key: Buffer,
  token: string,
  entityNumbered: (number: number) => string | undefined,
): Link | null {
  if (token.length !== LENGTH || !/^[\w-]+$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const [body, mac] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)];
  if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, macOf(key, body))) return null;
  const entity = entityNumbered(body.readUInt8(1));
  if (body.readUInt8(0) !== VERSION || !entity) return null;
  const id = body.readUInt32BE(6);
  return {
    to: body.readUInt32BE(2),
    about: id === 0 ? { entity } : { entity, id },
    expiresAt: new Date(body.readUIntBE(10, 5) * 1000),
  };
}

function macOf(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
}
