import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encryptMessage } from '../wechat/crypto.ts';
import { signatureOf } from '../wechat/signature.ts';
import { writeXml, type XmlNode } from '../wechat/xml.ts';
import type { Faults } from './faults.ts';
import type { createInbox, PhoneMessage } from './inbox.ts';
import type { SandboxParts } from './parts.ts';
import { BadReply, type OpenedReply, openReply } from './passive-reply.ts';
import { SERVICE_FAILED } from './phrases.ts';
import { postXml } from './post.ts';
import type { createPushSettings, PushSettings } from './push-settings.ts';
import type { createTraffic } from './traffic.ts';

/** A push's own fields, without To, From and CreateTime. */
export type PushFields = { MsgType: string; [name: string]: XmlNode };

/** How a push went: the message the phone got, if any, and each delivery in the order of their answers. */
export type PushOutcome = { messages: PhoneMessage[]; deliveries: Delivery[] };

/** One delivery of a push: `status` is ok, or what became of it; `reply` is what it answered, for comparing repeats. */
export type Delivery = { try: number; status: string; reply: string | null };

export type Pusher = ReturnType<typeof createPusher>;

const TIMEOUT_MS = 5000;
const TRIES = 3;
const MOST_AT_ONCE = 8;
/** Events whose passive reply the user sees; the others' replies are thrown away. */
const ANSWERED = new Set(['subscribe', 'SCAN', 'CLICK', 'scancode_waitmsg']);

type Parts = SandboxParts & {
  faults: Faults;
  inbox: ReturnType<typeof createInbox>;
  traffic: ReturnType<typeof createTraffic>;
  pushSettings: ReturnType<typeof createPushSettings>;
};

/**
 * Pushes messages and events to the school as the platform does in the mode it is set to: signed, sealed, five seconds,
 * three tries; and puts the passive reply on the phone.
 */
export function createPusher({ prisma, account, clock, faults, inbox, traffic, pushSettings, log }: Parts) {
  const stopped = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let running = 0;
  const waiting: (() => void)[] = [];

  return {
    push,
    /** Pushes once `after` has settled, without anybody waiting for it; `idle` does. */
    pushLater(openid: string, fields: PushFields, after: Promise<void>): void {
      track(after.then(() => inTurn(async () => !stopped.signal.aborted && push(openid, fields))));
    },
    /** Answers when no push is under way or waiting. */
    async idle(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    /** Waits for no delay and tries nothing again; answers when what is on its way has arrived. */
    async stop(): Promise<void> {
      stopped.abort();
      await Promise.allSettled(underWay);
    },
    signal: stopped.signal,
  };

  async function push(openid: string, fields: PushFields): Promise<PushOutcome> {
    const settings = await pushSettings.read();
    const xml = await envelope(openid, fields);
    const { copies, delayMs, loses } = await faults.takePush();
    // A stop ends the waiting, not the push.
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    const showsReply = fields.MsgType !== 'event' || ANSWERED.has(String(fields.Event));

    const deliveries: Delivery[] = [];
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const seal = sealed(xml, settings.mode);
      const times = attempt === 1 ? 1 + copies : 1;
      const tries = Array.from({ length: times }, () =>
        deliver({ openid, fields, xml, seal, attempt, loses, settings }),
      );
      const results = await Promise.all(tries);
      deliveries.push(...results.map(({ delivery }) => delivery));
      const answered = results.find(({ opened }) => opened);
      if (answered?.opened) {
        const { message } = answered.opened;
        return { deliveries, messages: message && showsReply ? [await inbox.deliver(openid, message)] : [] };
      }
      // A reply that cannot be read is not asked for again; silence is.
      if (results.some(({ isBad }) => isBad) || stopped.signal.aborted) break;
    }
    if (!showsReply) return { deliveries, messages: [] };
    return { deliveries, messages: [await inbox.deliver(openid, { type: 'system', text: SERVICE_FAILED })] };
  }

  async function deliver(sent: Sent): Promise<{ delivery: Delivery; opened?: OpenedReply; isBad?: boolean }> {
    const { openid, fields, xml, seal, attempt, loses, settings } = sent;
    const name = fields.MsgType === 'event' ? `event ${fields.Event}` : fields.MsgType;
    const request = { try: attempt, query: seal.query, body: seal.body, plain: xml };
    const end = async (status: string, reply: string | null, response?: Record<string, string | number | null>) => {
      await traffic.note({ direction: 'push', name, openid, request, response: response ?? {}, status });
      return { try: attempt, status, reply };
    };
    if (loses && (await faults.takeLoss())) return { delivery: await end('lost', null) };
    const address = new URL(settings.callbackUrl);
    for (const [key, value] of Object.entries({ ...seal.query, openid })) address.searchParams.set(key, value);
    let answer: Awaited<ReturnType<typeof postXml>>;
    try {
      answer = await postXml(address.href, seal.body, AbortSignal.timeout(TIMEOUT_MS));
    } catch (err) {
      log.warn({ err, name, attempt }, 'the sandbox could not deliver a push');
      return {
        delivery: await end(err instanceof Error && err.name === 'AbortError' ? 'timeout' : 'unreachable', null),
      };
    }
    if (loses && (await faults.takeLostAnswer())) return { delivery: await end('answer lost', null) };
    const response = { status: answer.status, body: answer.body };
    if (answer.status !== 200) return { delivery: await end(`HTTP ${answer.status}`, null, response) };
    try {
      const opened = openReply(answer.body, openid, account, settings.mode);
      const plain = { ...response, plain: opened.plain };
      const reply = opened.message?.type === 'text' ? opened.message.text : opened.plain;
      return { delivery: await end('ok', reply, plain), opened };
    } catch (error) {
      if (!(error instanceof BadReply)) throw error;
      return { delivery: await end(`bad reply: ${error.message}`, null, response), isBad: true };
    }
  }

  async function envelope(openid: string, fields: PushFields): Promise<string> {
    const createTime = fields.MsgType === 'event' ? await eventSecond(openid) : seconds();
    const xml = writeXml({ ToUserName: account.ghId, FromUserName: openid, CreateTime: createTime, ...fields });
    // The platform writes ids bare; as numbers they would lose their last digits here.
    return xml.replace(/<(MsgI[dD])><!\[CDATA\[(\d+)\]\]><\/\1>/g, '<$1>$2</$1>');
  }

  /**
   * The event's time, never the same twice for one phone: events are told apart by their second (official), and
   * scripts follow and unfollow faster than people do.
   */
  async function eventSecond(openid: string): Promise<number> {
    const now = seconds();
    const [row] = await prisma.$queryRaw<{ second: number }[]>`
      INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "createdAt")
      VALUES (${`eventSecond:${openid}`}, 'eventSecond', jsonb_build_object('second', ${now}::bigint), ${clock.now()})
      ON CONFLICT ("key") DO UPDATE SET "value" = CASE
        WHEN (i."value"->>'second')::bigint BETWEEN ${now}::bigint AND ${now + 60}::bigint
        THEN jsonb_build_object('second', (i."value"->>'second')::bigint + 1) ELSE EXCLUDED."value" END
      RETURNING ("value"->>'second')::int AS "second"`;
    return row?.second ?? now;
  }

  function sealed(xml: string, mode: PushSettings['mode']): Seal {
    const timestamp = String(seconds());
    const nonce = String(randomBytes(4).readUInt32BE());
    const query = { signature: signatureOf(account.token, timestamp, nonce), timestamp, nonce };
    if (mode === 'plain') return { body: xml, query };
    const encrypted = encryptMessage(account.aesKey, account.appId, xml);
    const sealedOnly = writeXml({ ToUserName: account.ghId, Encrypt: encrypted });
    return {
      // In the compatible mode the readable fields stand beside the sealed ones.
      body:
        mode === 'safe'
          ? sealedOnly
          : xml.slice(0, -'</xml>'.length) + writeXml({ Encrypt: encrypted }).slice('<xml>'.length),
      query: {
        ...query,
        encrypt_type: 'aes',
        msg_signature: signatureOf(account.token, timestamp, nonce, encrypted),
      },
    };
  }

  function seconds(): number {
    return Math.floor(clock.now().getTime() / 1000);
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MOST_AT_ONCE) await new Promise<void>((next) => waiting.push(next));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  function track(work: Promise<unknown>): void {
    const quiet = work
      .catch((err: unknown) => log.warn({ err }, 'a push of the sandbox failed'))
      .finally(() => underWay.delete(quiet));
    underWay.add(quiet);
  }
}

type Seal = { body: string; query: Record<string, string> };
type Sent = {
  openid: string;
  fields: PushFields;
  xml: string;
  seal: Seal;
  attempt: number;
  loses: boolean;
  settings: PushSettings;
};
