import { plainTextOf, readTextParts, type TextPart } from './message-text.ts';
import type { SandboxParts } from './parts.ts';

/** A card of a news message. */
export type NewsItem = { title: string; description: string; url: string; pictureUrl: string };

/** What arrives on a phone. `chat` tells the account's conversation from the bot's. */
export type Arriving =
  | { type: 'text'; text: string; chat?: 'bot' }
  | { type: 'news'; articles: NewsItem[] }
  | { type: 'image' | 'voice' | 'video' | 'music'; mediaId: string; title?: string }
  | {
      type: 'template';
      msgid: string;
      templateId: string;
      kind: string | null;
      title: string;
      url: string;
      fields: { name: string; label: string; value: string }[];
    }
  | { type: 'system'; text: string };

/** What a phone does. */
export type Leaving =
  | { type: 'text'; text: string; menuId?: string; chat?: 'bot' }
  | { type: 'event'; event: string; text: string };

/** A message as scripts and the page get it. `text` is plain; `parts` has its links and tap words. */
export type PhoneMessage = {
  id: number;
  direction: 'in' | 'out';
  type: string;
  at: string;
  text?: string;
  parts?: TextPart[];
  [more: string]: unknown;
};

type Row = { id: number; openid: string; direction: string; type: string; payload: unknown; at: Date };

/**
 * The conversations on the phones, kept in the database so that every node shows them and a restart loses none.
 * Each message locks its phone before it takes its id: who reads on from an id has missed nothing before it.
 */
export function createInbox({ prisma, clock, time }: SandboxParts) {
  return {
    /** Puts a message on a phone. */
    deliver: (openid: string, message: Arriving) => write(openid, 'in', message),
    /** Notes what a phone did. */
    note: (openid: string, message: Leaving) => write(openid, 'out', message),

    /**
     * Puts a template message on a phone, unless the same phone got one with this `clientMsgId` since `until` (wall
     * clock); then nothing arrives and the msgid of that one comes back.
     */
    async deliverOnce(openid: string, message: Arriving & { msgid: string }, clientMsgId: string, wall: Wall) {
      const key = `clientMsgId:${openid}:${clientMsgId}`;
      const sent = await prisma.$queryRaw<{ id: number }[]>`
        WITH claimed AS (
          INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "expiresAt", "createdAt")
          VALUES (${key}, 'clientMsgId', ${JSON.stringify({ msgid: message.msgid })}::jsonb, ${wall.until}, ${wall.now})
          ON CONFLICT ("key") DO UPDATE SET "value" = EXCLUDED."value", "expiresAt" = EXCLUDED."expiresAt"
            WHERE i."expiresAt" <= ${wall.now}
          RETURNING 1),
        phone AS (
          SELECT "openid" FROM "SandboxPhone" WHERE "openid" = ${openid} AND EXISTS (SELECT 1 FROM claimed)
          FOR NO KEY UPDATE)
        INSERT INTO "SandboxMessage" ("openid", "direction", "type", "payload", "clientMsgId", "at")
        SELECT "openid", 'in', ${message.type}, ${JSON.stringify(message)}::jsonb, ${clientMsgId}, ${clock.now()}
        FROM phone
        RETURNING "id"`;
      if (sent.length > 0) return { isNew: true, msgid: message.msgid };
      const before = await prisma.sandboxItem.findUniqueOrThrow({ where: { key } });
      return { isNew: false, msgid: (before.value as { msgid: string }).msgid };
    },

    /** What came to a phone, oldest first: the last `limit` after the message `after`. */
    async arrived(openid: string, { after = 0, limit = 200 } = {}): Promise<PhoneMessage[]> {
      const rows = await prisma.sandboxMessage.findMany({
        where: { openid, direction: 'in', id: { gt: after } },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.reverse().map(present);
    },

    /** Both sides of the conversations of some phones, oldest first, each phone's after the message it knows. */
    async conversations(phones: readonly { openid: string; after: number }[], limit = 120) {
      const rows = await prisma.sandboxMessage.findMany({
        where: { OR: phones.map(({ openid, after }) => ({ openid, id: { gt: after } })) },
        orderBy: { id: 'desc' },
        take: limit * Math.max(1, phones.length),
      });
      return rows.reverse().map((row) => ({ openid: row.openid, ...present(row) }));
    },
  };

  async function write(openid: string, direction: 'in' | 'out', message: Arriving | Leaving): Promise<PhoneMessage> {
    const { type, ...rest } = message;
    const at = clock.now();
    const [row] = await prisma.$queryRaw<{ id: number }[]>`
      WITH phone AS (SELECT "openid" FROM "SandboxPhone" WHERE "openid" = ${openid} FOR NO KEY UPDATE)
      INSERT INTO "SandboxMessage" ("openid", "direction", "type", "payload", "at")
      SELECT "openid", ${direction}, ${type}, ${JSON.stringify(rest)}::jsonb, ${at} FROM phone
      RETURNING "id"`;
    if (!row) throw new Error('a message for a phone that is not there');
    return present({ id: row.id, openid, direction, type, payload: rest, at });
  }

  function present({ id, direction, type, payload, at }: Row): PhoneMessage {
    const { text, ...content } = payload as Record<string, unknown>;
    const message = {
      ...content,
      id,
      direction: direction === 'out' ? ('out' as const) : ('in' as const),
      type,
      at: time.iso(at),
    };
    if (typeof text !== 'string') return message;
    const parts = direction === 'in' ? readTextParts(text) : [{ text }];
    return { ...message, text: plainTextOf(parts), parts };
  }
}

type Wall = { now: Date; until: Date };

/** The message in one string, for scripts that only read what was answered. */
export function asPlainText(message: PhoneMessage): string {
  if (message.text !== undefined) return message.text;
  if (message.type === 'news') {
    return (message.articles as NewsItem[])
      .map((a) => [a.title, a.description, a.url].filter(Boolean).join('\n'))
      .join('\n');
  }
  return `[${message.type}]`;
}
