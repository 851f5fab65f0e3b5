import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import { DecryptProblem, decryptMessage } from './crypto.ts';
import { ACK, type PassiveReply, renderReply, sealReply } from './reply.ts';
import { dedupeKey, EnvelopeProblem, expectsReply, type Push, readPush } from './schema.ts';
import { isSignedBy } from './signature.ts';
import { readXml, type XmlFields, XmlProblem } from './xml.ts';

/** How the platform's console is set; what a request claims about itself decides nothing. Keys have 43 characters. */
export type CallbackConfig = {
  appId: string;
  token: string;
  mode: 'plain' | 'compatible' | 'safe';
  /** Needed in the encrypted modes. */
  aesKey?: string;
  /** The one before, while the platform may still use it. */
  previousAesKey?: string;
};

/** One request to the callback address, the body as the bytes that came. */
export type CallbackRequest = {
  method: string;
  query: Record<string, string | string[] | undefined>;
  rawBody: Buffer;
};

/** What to answer: `type` is the content type, `body` goes out as it is. */
export type CallbackAnswer = { status: 200 | 400 | 403 | 405; type: 'text/plain' | 'application/xml'; body: string };

type Parts = {
  config: CallbackConfig;
  clock: Clock;
  log: Logger;
  /** Does what the push asks, once per `key`; for a key it has seen it gives the stored answer. */
  handle: (push: Push, key: string) => Promise<PassiveReply>;
};

const MAX_SKEW_MS = 10 * 60 * 1000;
const FORBIDDEN: CallbackAnswer = { status: 403, type: 'text/plain', body: 'forbidden' };
const BAD_REQUEST: CallbackAnswer = { status: 400, type: 'text/plain', body: 'bad request' };

/**
 * The door the platform knocks at: GET proves the address is ours, POST brings one push and takes its reply.
 * Refused: 403 a bad or old signature, 400 what cannot be decrypted or read. Everything signed is answered with 200
 * and a body the platform accepts, also where the work failed. Repeats reach `handle` again, with the same key.
 */
export function createCallback({ config, clock, log, handle }: Parts) {
  const keys = config.mode === 'plain' ? [] : keysOf(config);

  return async function callback(request: CallbackRequest): Promise<CallbackAnswer> {
    if (request.method === 'GET') return verifyAddress(request.query);
    if (request.method !== 'POST') return { status: 405, type: 'text/plain', body: 'method not allowed' };
    try {
      const { fields, key } = open(request);
      return await answer(readPush(fields), key);
    } catch (error) {
      if (error instanceof Unsigned) return refused(FORBIDDEN, error.message);
      if (isUnreadable(error)) return refused(BAD_REQUEST, error.message);
      log.error({ err: error }, 'push acknowledged without a reply'); // an error status would only bring it again
      return { status: 200, type: 'text/plain', body: ACK };
    }
  };

  function verifyAddress({ signature, timestamp, nonce, echostr }: CallbackRequest['query']): CallbackAnswer {
    if (typeof timestamp !== 'string' || typeof nonce !== 'string') return refused(FORBIDDEN, 'address: no timestamp');
    if (!isSignedBy(signature, config.token, timestamp, nonce)) return refused(FORBIDDEN, 'address: signature');
    if (!isFresh(timestamp)) return refused(FORBIDDEN, 'address: timestamp');
    if (typeof echostr !== 'string' || echostr === '') return refused(BAD_REQUEST, 'address: no echostr');
    return { status: 200, type: 'text/plain', body: echostr };
  }

  /** The push's fields, once they are proven to come from the platform, and the key they were sealed with. */
  function open({ query, rawBody }: CallbackRequest): { fields: XmlFields; key?: string } {
    const { signature, msg_signature: sealSignature, timestamp, nonce } = query;
    if (typeof timestamp !== 'string' || typeof nonce !== 'string') throw new Unsigned('no timestamp or nonce');
    if (!isFresh(timestamp)) throw new Unsigned('timestamp');
    if (config.mode === 'plain') {
      if (!isSignedBy(signature, config.token, timestamp, nonce)) throw new Unsigned('signature');
      return { fields: readXml(decodeUtf8(rawBody)) };
    }
    // In the compatible mode the readable fields beside <Encrypt> are not covered by its signature: never used.
    if (typeof sealSignature !== 'string') throw new Unsigned('not encrypted');
    const { Encrypt: encrypted } = readXml(decodeUtf8(rawBody));
    if (typeof encrypted !== 'string' || encrypted === '') throw new XmlProblem('no Encrypt');
    if (!isSignedBy(sealSignature, config.token, timestamp, nonce, encrypted)) throw new Unsigned('msg_signature');
    const { message, key } = decryptMessage(keys, config.appId, encrypted);
    return { fields: readXml(message), key };
  }

  async function answer(push: Push, key?: string): Promise<CallbackAnswer> {
    if (push.kind === 'unknown' && push.isIncomplete) {
      log.warn({ msgType: push.msgType, event: push.event }, 'push without its own fields, acknowledged unread');
      return { status: 200, type: 'text/plain', body: ACK };
    }
    const reply = await handleOrApologize(push);
    const now = clock.now();
    const xml = renderReply(push, reply, now);
    if (xml === ACK) return { status: 200, type: 'text/plain', body: ACK };
    const { token, appId } = config;
    return { status: 200, type: 'application/xml', body: key ? sealReply(xml, { token, appId, key, at: now }) : xml };
  }

  async function handleOrApologize(push: Push): Promise<PassiveReply> {
    try {
      return await handle(push, dedupeKey(push));
    } catch (err) {
      const ref = randomBytes(4).toString('hex').toUpperCase();
      log.error({ err, ref, kind: push.kind, from: maskOpenid(push.from) }, 'push failed');
      if (!expectsReply(push)) return { type: 'ack' };
      return { type: 'text', text: `这一步没有办成，过一会儿再试。还不行就把编号 ${ref} 告诉管理员` };
    }
  }

  function isFresh(timestamp: string): boolean {
    if (!/^\d{1,12}$/.test(timestamp)) return false;
    return Math.abs(clock.now().getTime() - Number(timestamp) * 1000) <= MAX_SKEW_MS;
  }

  function refused(answer: CallbackAnswer, why: string): CallbackAnswer {
    log.warn({ why, status: answer.status }, 'callback request refused');
    return answer;
  }
}

/** An openid as logs may show it: enough to compare two lines, not enough to write to somebody. */
export function maskOpenid(openid: string): string {
  return openid.length < 12 ? '…' : `${openid.slice(0, 3)}…${openid.slice(-3)}`;
}

class Unsigned extends Error {}

function isUnreadable(error: unknown): error is Error {
  return error instanceof XmlProblem || error instanceof DecryptProblem || error instanceof EnvelopeProblem;
}

function keysOf({ aesKey = '', previousAesKey }: CallbackConfig): string[] {
  const keys = previousAesKey ? [aesKey, previousAesKey] : [aesKey];
  if (keys.every((key) => /^[A-Za-z0-9+/]{43}$/.test(key))) return keys;
  throw new Error('an EncodingAESKey has 43 base64 characters');
}

function decodeUtf8(raw: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    throw new XmlProblem('not UTF-8');
  }
}
