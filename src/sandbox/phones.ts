import QRCode from 'qrcode';
import { z } from 'zod';
import type { Dispatch } from '../chat/incoming.ts';
import { renderPlain } from '../chat/reply.ts';
import { wallNow } from '../kernel/clock.ts';
import { invalidFields } from '../kernel/refusal.ts';
import { asPlainText, type createInbox, type PhoneMessage } from './inbox.ts';
import { sandboxOpenid } from './openid.ts';
import type { SandboxParts } from './parts.ts';
import { refuse } from './phrases.ts';
import { longId } from './platform/answer.ts';
import type { createConditionalMenus } from './platform/conditional-menus.ts';
import type { createCustomMessages } from './platform/custom.ts';
import { type createMedia, pictureUrl } from './platform/media.ts';
import type { createQrCodes, QrCode } from './platform/qr.ts';
import type { createSubscriptions } from './platform/subscriptions.ts';
import type { Followers } from './platform/users.ts';
import type { Pusher, PushFields, PushOutcome } from './push.ts';
import { fileOf, readSaid, type Said } from './say-body.ts';

/** One phone on the desk. `name` and `username` are its owner's, `boundTo` is who binds with it now. */
export type Phone = {
  openid: string;
  name: string;
  username: string | null;
  following: boolean;
  bound: boolean;
  boundTo: { name: string; username: string } | null;
  /** The id of the last message that arrived. */
  latest: number;
};

/** What a phone's doing brought: `replies` is what it can read now, in plain text. */
export type Answer = { replies: string[]; messages: PhoneMessage[]; deliveries?: PushOutcome['deliveries'] };

const Text = z.string().trim().min(1).max(2000);

/** A code that says an address; whoever scans it comes to that page. */
export type PageCode = { title: string; url: string; secondsLeft: number };

type Parts = SandboxParts & {
  inbox: ReturnType<typeof createInbox>;
  pusher: Pusher;
  followers: Followers;
  customs: ReturnType<typeof createCustomMessages>;
  qrCodes: ReturnType<typeof createQrCodes>;
  menus: ReturnType<typeof createConditionalMenus>;
  media: ReturnType<typeof createMedia>;
  subscriptions: ReturnType<typeof createSubscriptions>;
  botDispatch?: Dispatch;
  pageCodes?: () => Promise<readonly PageCode[]>;
};

/** What people can do on the phones; each thing reaches the school as a push of the platform. */
export function createPhones(parts: Parts) {
  const { prisma, inbox, pusher, followers, customs, qrCodes, menus, media, subscriptions, botDispatch } = parts;
  const { pageCodes = async () => [] } = parts;
  return { list, add, say, scan, follow, unfollow, click, view, subscribe, sayToBot, codesOnScreens, mustFind };

  /** All phones as they lie on the desk. */
  async function list(): Promise<Phone[]> {
    const phones = await prisma.sandboxPhone.findMany({ orderBy: [{ position: 'asc' }, { openid: 'asc' }] });
    const openids = phones.map(({ openid }) => openid);
    const names = phones.map(({ label }) => label);
    const [people, latest] = await Promise.all([
      prisma.person.findMany({
        where: { OR: [{ openid: { in: openids } }, { name: { in: names } }] },
        select: { name: true, username: true, openid: true },
      }),
      prisma.sandboxMessage.groupBy({ by: ['openid'], where: { direction: 'in' }, _max: { id: true } }),
    ]);
    const owners = new Map(people.map((person) => [sandboxOpenid(person.username), person]));
    const bound = new Map(people.map(({ openid, name, username }) => [openid, { name, username }]));
    const last = new Map(latest.map(({ openid, _max }) => [openid, _max.id ?? 0]));
    return phones.map(({ openid, label, following }) => ({
      openid,
      name: owners.get(openid)?.name ?? label,
      username: owners.get(openid)?.username ?? null,
      following,
      bound: bound.has(openid),
      boundTo: bound.get(openid) ?? null,
      latest: last.get(openid) ?? 0,
    }));
  }

  /** Puts one more phone on the desk: for somebody of the school by username, or for nobody. */
  async function add({ username, name }: { username?: unknown; name?: unknown }): Promise<Phone> {
    const person = typeof username === 'string' ? await prisma.person.findUnique({ where: { username } }) : null;
    if (username !== undefined && !person) throw invalidFields({ username: '学校里没有这个用户名' });
    const { _max } = await prisma.sandboxPhone.aggregate({ _max: { position: true } });
    const position = (_max.position ?? -1) + 1;
    const openid = sandboxOpenid(person?.username ?? `${wallNow()} ${position}`);
    const label =
      person?.name ??
      (typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 20) : `手机 ${position + 1}`);
    await prisma.sandboxPhone.createMany({ data: [{ openid, label, position }], skipDuplicates: true });
    const added = (await list()).find((phone) => phone.openid === openid);
    if (!added) throw new Error('the phone was just added');
    return added;
  }

  /** Sends a text, a picture, a voice message or a place, or taps a word the account sent (`menuId`). */
  async function say(openid: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
    const said = readSaid(body);
    await mustFollow(openid);
    const isTap = said.type === 'text' && said.menuId !== undefined;
    await inbox.note(openid, shownAs(said));
    // A tap counts as a menu click, not as a message of the user's.
    await customs.openWindow(openid, isTap ? 'event' : 'message');
    return outcome(openid, await pushOf(said));
  }

  async function pushOf(said: Said): Promise<PushFields> {
    const MsgId = String(longId());
    switch (said.type) {
      case 'text': {
        const { text: Content, menuId } = said;
        return { MsgType: 'text', Content, MsgId, ...(menuId !== undefined && { bizmsgmenuid: menuId }) };
      }
      case 'image': {
        const MediaId = await media.keep(fileOf(said));
        return { MsgType: 'image', PicUrl: pictureUrl(MediaId), MediaId, MsgId };
      }
      case 'voice':
        return { MsgType: 'voice', MediaId: await media.keep(fileOf(said)), Format: said.format, MsgId };
      case 'location': {
        const { latitude, longitude, scale: Scale, label: Label } = said;
        return {
          MsgType: 'location',
          Location_X: String(latitude),
          Location_Y: String(longitude),
          Scale,
          Label,
          MsgId,
        };
      }
    }
  }

  /**
   * Scans a code: who does not follow yet, follows by it. Takes the platform's ticket, the picture's address (its own or
   * the bind page's), the code's content, or a bind ticket's id.
   */
  async function scan(openid: string, body: { ticket?: unknown }): Promise<Answer & { following: boolean }> {
    const phone = await mustFind(openid);
    if (typeof body.ticket !== 'string' || body.ticket.trim() === '')
      throw invalidFields({ ticket: '请给出二维码的 ticket' });
    const code = await findCode(body.ticket.trim());
    if (!code) throw refuse.no_such_code();
    if (code.expiresAt && code.expiresAt.getTime() <= wallNow()) throw refuse.code_expired();
    const isNew = !phone.following && (await followers.setFollowing(openid, true, code.scene));
    const text = isNew ? '扫了二维码，关注了公众号' : '扫了二维码';
    await inbox.note(openid, { type: 'event', event: isNew ? 'subscribe' : 'SCAN', text });
    await customs.openWindow(openid, 'event');
    const push = isNew
      ? { MsgType: 'event', Event: 'subscribe', EventKey: `qrscene_${code.scene}`, Ticket: code.ticket }
      : { MsgType: 'event', Event: 'SCAN', EventKey: code.scene, Ticket: code.ticket };
    return { following: true, ...(await outcome(openid, push)) };
  }

  /** Follows the account by its name. Somebody who follows already stays one; nothing is pushed then. */
  async function follow(openid: string): Promise<Answer & { following: boolean }> {
    await mustFind(openid);
    if (!(await followers.setFollowing(openid, true))) return { following: true, replies: [], messages: [] };
    await inbox.note(openid, { type: 'event', event: 'subscribe', text: '关注了公众号' });
    await customs.openWindow(openid, 'event');
    return { following: true, ...(await outcome(openid, { MsgType: 'event', Event: 'subscribe', EventKey: '' })) };
  }

  /** Stops following; nothing reaches the phone any more. */
  async function unfollow(openid: string): Promise<Answer & { following: boolean }> {
    await mustFind(openid);
    if (!(await followers.setFollowing(openid, false))) return { following: false, replies: [], messages: [] };
    await inbox.note(openid, { type: 'event', event: 'unsubscribe', text: '取消了关注' });
    return { following: false, ...(await outcome(openid, { MsgType: 'event', Event: 'unsubscribe', EventKey: '' })) };
  }

  /** Taps an entry of the account's menu. */
  async function click(openid: string, body: { key?: unknown }): Promise<Answer> {
    if (typeof body.key !== 'string' || body.key === '' || Buffer.byteLength(body.key) > 128) {
      throw invalidFields({ key: '请给出菜单项的 key，最长 128 字节' });
    }
    const { key } = body;
    await mustFollow(openid);
    const entries = ((await menus.menuOf(openid))?.button ?? []).flatMap((top) => [top, ...(top.sub_button ?? [])]);
    const name = entries.find((entry) => entry.key === key)?.name ?? key;
    await inbox.note(openid, { type: 'event', event: 'CLICK', text: `点了菜单「${name}」` });
    await customs.openWindow(openid, 'event');
    return outcome(openid, { MsgType: 'event', Event: 'CLICK', EventKey: key });
  }

  /** Opens a page from the account's menu; the page itself is the in-phone browser's. */
  async function view(openid: string, body: { url?: unknown }): Promise<Answer> {
    const url = textOf(body.url);
    await mustFollow(openid);
    return outcome(openid, { MsgType: 'event', Event: 'VIEW', EventKey: url, MenuId: '410418124' });
  }

  /** Taps 允许 or 拒绝 where a page asks to send subscription notices of a template. */
  async function subscribe(openid: string, body: unknown): Promise<Answer> {
    await mustFind(openid);
    return outcome(openid, await subscriptions.choose(openid, body));
  }

  /** Writes to the bot instead of the account. */
  async function sayToBot(openid: string, body: { text?: unknown }): Promise<Answer> {
    const text = textOf(body.text);
    await mustFind(openid);
    if (!botDispatch) throw refuse.no_bot();
    const said = await inbox.note(openid, { type: 'text', text, chat: 'bot' });
    const reply = await botDispatch({
      channel: 'bot',
      sender: openid,
      text,
      key: `bot|${openid}|${said.id}|${longId()}`,
    });
    const answered = await inbox.deliver(openid, { type: 'text', text: renderPlain(reply), chat: 'bot' });
    return { replies: [asPlainText(answered)], messages: [answered] };
  }

  /** The codes somebody could hold a phone to right now: bind codes that wait, others that live, and pages' own. */
  async function codesOnScreens() {
    const codes = await qrCodes.listAlive();
    const tickets = await prisma.bindTicket.findMany({
      where: { scene: { in: codes.map(({ scene }) => scene) } },
      include: { person: { select: { name: true } } },
    });
    const byScene = new Map(tickets.map((ticket) => [ticket.scene, ticket]));
    const pages = await Promise.all(
      (await pageCodes()).map(async (code) => ({ ...code, picture: await QRCode.toDataURL(code.url, { margin: 2 }) })),
    );
    const parametric = codes.flatMap((code) => {
      const ticket = byScene.get(code.scene);
      if (ticket && (ticket.state !== 'waiting' || ticket.expiresAt.getTime() <= wallNow())) return [];
      const title = ticket ? `${ticket.person.name} 的绑定码` : `二维码 ${code.scene}`;
      const seconds = code.expiresAt && Math.max(0, Math.round((code.expiresAt.getTime() - wallNow()) / 1000));
      return [{ ticket: code.ticket, title, secondsLeft: seconds }];
    });
    return [...pages, ...parametric];
  }

  async function findCode(given: string): Promise<QrCode | null> {
    const query = /[?&]ticket=([^&#]+)/.exec(given)?.[1];
    for (const ticket of [given, query && decodeURIComponent(query)]) {
      const code = ticket ? await qrCodes.find(ticket) : null;
      if (code) return code;
    }
    const byContent = (await qrCodes.listAlive(200)).find(({ url }) => url === given);
    if (byContent) return byContent;
    const id = /\/bind\/ticket\/([\w-]+)/.exec(given)?.[1] ?? given;
    const bind = await prisma.bindTicket.findUnique({ where: { id } });
    return bind?.ticket ? qrCodes.find(bind.ticket) : null;
  }

  async function outcome(openid: string, fields: PushFields): Promise<Answer> {
    const { messages, deliveries } = await pusher.push(openid, fields);
    return { replies: messages.map(asPlainText), messages, deliveries };
  }

  /** @throws Refusal `no_such_phone` */
  async function mustFind(openid: string) {
    const phone = await followers.find(openid);
    if (!phone) throw refuse.no_such_phone();
    return phone;
  }

  async function mustFollow(openid: string): Promise<void> {
    const phone = await mustFind(openid);
    if (!phone.following) throw refuse.not_following();
  }
}

/** How the phone shows what it sent. */
function shownAs(said: Said): { type: 'text'; text: string; menuId?: string } {
  if (said.type === 'text') {
    const { text, menuId } = said;
    return { type: 'text', text, ...(menuId !== undefined && { menuId }) };
  }
  const text = {
    image: '［图片］',
    voice: '［语音］',
    location: `［位置］${said.type === 'location' ? said.label : ''}`,
  };
  return { type: 'text', text: text[said.type] };
}

function textOf(text: unknown): string {
  const read = Text.safeParse(text);
  if (!read.success) throw invalidFields({ text: '请写要发的内容，1 到 2000 个字' });
  return read.data;
}
