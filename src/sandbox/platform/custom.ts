import { z } from 'zod';
import type { Arriving, createInbox } from '../inbox.ts';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import type { Materials } from './material.ts';
import type { MediaStore } from './media.ts';
import type { Followers } from './users.ts';

/** The two windows in which an account may write first: how long they stay open and how many messages they take. */
const WINDOWS = {
  message: { lifeMs: 48 * 3_600_000, messages: 5 },
  event: { lifeMs: 60_000, messages: 3 },
} as const;
export type WindowKind = keyof typeof WINDOWS;

const TYPING_MS = 15_000;
const TYPING_CONTACT_MS = 30_000;

const Send = z.object({
  touser: z.string().default(''),
  msgtype: z.string().default(''),
  text: z.object({ content: z.string() }).optional(),
  image: z.object({ media_id: z.string() }).optional(),
  voice: z.object({ media_id: z.string() }).optional(),
  news: z
    .object({
      articles: z.array(
        z.object({
          title: z.string().default(''),
          description: z.string().default(''),
          url: z.string().default(''),
          picurl: z.string().default(''),
        }),
      ),
    })
    .optional(),
  msgmenu: z
    .object({
      head_content: z.string().default(''),
      list: z.array(z.object({ id: z.coerce.string(), content: z.string() })),
      tail_content: z.string().default(''),
    })
    .optional(),
  miniprogrampage: z.object({ title: z.string(), thumb_media_id: z.string() }).optional(),
});
const Typing = z.object({ touser: z.string().default(''), command: z.string().default('') });

type Parts = SandboxParts & {
  inbox: ReturnType<typeof createInbox>;
  followers: Followers;
  media: MediaStore;
  materials: Materials;
};

/** Customer-service messages (客服消息) and the windows they may be sent in, which follow the sandbox's clock. */
export function createCustomMessages({ prisma, clock, inbox, followers, media, materials }: Parts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/message/custom/send', send),
    withToken('POST', '/cgi-bin/message/custom/typing', type),
  ];
  return { calls, openWindow };

  /** A message opens 48 hours for 5 answers; a menu tap, follow or scan one minute for 3. Each opens anew. */
  async function openWindow(openid: string, kind: WindowKind): Promise<void> {
    const now = clock.now();
    const ends = new Date(now.getTime() + WINDOWS[kind].lifeMs);
    await prisma.$executeRaw`
      INSERT INTO "SandboxItem" ("key", "kind", "value", "expiresAt", "createdAt")
      VALUES (${windowKey(kind, openid)}, 'window', '{"used":0}'::jsonb, ${ends}, ${now})
      ON CONFLICT ("key") DO UPDATE
        SET "value" = EXCLUDED."value", "expiresAt" = EXCLUDED."expiresAt", "createdAt" = EXCLUDED."createdAt"`;
  }

  async function send(request: ApiRequest) {
    const body = readBody(request, Send);
    await checkFollower(body.touser);
    const message = await messageOf(body);
    await useWindow(body.touser);
    await inbox.deliver(body.touser, message);
    return OK;
  }

  async function checkFollower(openid: string): Promise<void> {
    const follower = await followers.find(openid);
    if (!follower) throw new PlatformError(40003, 'invalid openid');
    if (!follower.following) throw new PlatformError(43004, 'require subscribe');
  }

  /** Takes a place in an open window, the short one first: it would close unused. */
  async function useWindow(openid: string): Promise<void> {
    const now = clock.now();
    for (const kind of ['event', 'message'] as const) {
      const taken = await prisma.$executeRaw`
        UPDATE "SandboxItem" SET "value" = jsonb_build_object('used', ("value"->>'used')::int + 1)
        WHERE "key" = ${windowKey(kind, openid)} AND "expiresAt" > ${now}
          AND ("value"->>'used')::int < ${WINDOWS[kind].messages}`;
      if (taken > 0) return;
    }
    const keys = [windowKey('event', openid), windowKey('message', openid)];
    const open = await prisma.sandboxItem.count({ where: { key: { in: keys }, expiresAt: { gt: now } } });
    if (open > 0) throw new PlatformError(45047, 'out of response count limit');
    throw new PlatformError(45015, 'response out of time limit or subscription is canceled');
  }

  async function messageOf(body: z.infer<typeof Send>): Promise<Arriving> {
    switch (body.msgtype) {
      case 'text': {
        const text = body.text?.content ?? '';
        if (text.trim() === '') throw new PlatformError(44004, 'empty content');
        if (Buffer.byteLength(text) > 2048) throw new PlatformError(45002, 'content size out of limit');
        return { type: 'text', text };
      }
      case 'news': {
        const articles = body.news?.articles ?? [];
        if (articles.length === 0) throw new PlatformError(44004, 'empty news data');
        if (articles.length > 1) throw new PlatformError(45008, 'article size out of limit');
        const cards = articles.map(({ picurl: pictureUrl, ...rest }) => ({ ...rest, pictureUrl }));
        return { type: 'news', articles: cards };
      }
      case 'msgmenu': {
        const { head_content = '', list = [], tail_content = '' } = body.msgmenu ?? {};
        if (list.length === 0) throw new PlatformError(44004, 'empty menu');
        const words = list.map(
          ({ id, content }) => `<a href="weixin://bizmsgmenu?msgmenucontent=${content}&msgmenuid=${id}">${content}</a>`,
        );
        return { type: 'text', text: [head_content, ...words, tail_content].filter(Boolean).join('\n') };
      }
      case 'image':
      case 'voice': {
        const mediaId = body[body.msgtype]?.media_id ?? '';
        if (!((await media.find(mediaId)) ?? (await materials.find(mediaId))))
          throw new PlatformError(40007, 'invalid media_id');
        return { type: body.msgtype, mediaId };
      }
      case 'miniprogrampage':
        return { type: 'text', text: `小程序 ${body.miniprogrampage?.title ?? ''}` };
      default:
        throw new PlatformError(40008, 'invalid message type');
    }
  }

  async function type(request: ApiRequest) {
    const { touser, command } = readBody(request, Typing);
    if (command !== 'Typing' && command !== 'CancelTyping') throw new PlatformError(45072, 'invalid command');
    await checkFollower(touser);
    const now = clock.now();
    const since = new Date(now.getTime() - TYPING_CONTACT_MS);
    const contact = await prisma.sandboxMessage.findFirst({
      where: { openid: touser, direction: 'out', at: { gt: since } },
    });
    if (!contact) throw new PlatformError(45080, 'client interface access limited: no contact in 30 s');
    const key = `typing:${touser}`;
    if (command === 'CancelTyping') {
      await prisma.sandboxItem.deleteMany({ where: { key } });
      return OK;
    }
    const ends = new Date(now.getTime() + TYPING_MS);
    const began = await prisma.$executeRaw`
      INSERT INTO "SandboxItem" AS i ("key", "kind", "value", "expiresAt", "createdAt")
      VALUES (${key}, 'typing', '{}'::jsonb, ${ends}, ${now})
      ON CONFLICT ("key") DO UPDATE SET "expiresAt" = EXCLUDED."expiresAt" WHERE i."expiresAt" <= ${now}`;
    if (began === 0) throw new PlatformError(45081, 'already typing');
    return OK;
  }
}

function windowKey(kind: WindowKind, openid: string): string {
  return `window:${kind}:${openid}`;
}
