import { z } from 'zod';
import type { XmlFields } from './xml.ts';

/** A push without the elements every push has; the callback answers 400. */
export class EnvelopeProblem extends Error {
  override readonly name = 'EnvelopeProblem';
}

const text = z.string();
const id = z
  .string()
  .trim()
  .regex(/^\d{1,20}$/); // 64 bits: never a number
const filled = z.string().trim().min(1);
// What people type comes with signs nobody sees: controls from a paste, variation selectors that phones put behind digits.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const UNSEEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]|\p{Variation_Selector}/gu;
const words = z.string().transform((said) => said.replace(UNSEEN, ''));
const optional = z.string().optional();

const Envelope = z.object({
  ToUserName: filled,
  FromUserName: filled,
  CreateTime: z
    .string()
    .trim()
    .regex(/^\d{1,13}$/),
  MsgType: filled,
});

const Message = z.object({ MsgId: id });
const Media = Message.extend({ MediaId: filled });
const Keyed = z.object({ EventKey: text });
const Scan = Keyed.extend({ ScanCodeInfo: z.object({ ScanType: text, ScanResult: text }) });

const MESSAGES = {
  text: Message.extend({ Content: words, bizmsgmenuid: optional }).transform((m) => ({
    kind: 'text' as const,
    msgId: m.MsgId,
    content: m.Content,
    menuId: m.bizmsgmenuid || undefined,
  })),
  image: Media.extend({ PicUrl: text.default('') }).transform((m) => ({
    kind: 'image' as const,
    msgId: m.MsgId,
    mediaId: m.MediaId,
    url: m.PicUrl,
  })),
  voice: Media.extend({ Format: text.default('amr'), Recognition: optional }).transform((m) => ({
    kind: 'voice' as const,
    msgId: m.MsgId,
    mediaId: m.MediaId,
    format: m.Format,
    recognition: m.Recognition || undefined,
  })),
  video: Media.extend({ ThumbMediaId: text.default('') }).transform((m) => ({
    kind: 'video' as const,
    msgId: m.MsgId,
    mediaId: m.MediaId,
    thumbMediaId: m.ThumbMediaId,
  })),
  shortvideo: Media.extend({ ThumbMediaId: text.default('') }).transform((m) => ({
    kind: 'shortVideo' as const,
    msgId: m.MsgId,
    mediaId: m.MediaId,
    thumbMediaId: m.ThumbMediaId,
  })),
  location: Message.extend({
    Location_X: text,
    Location_Y: text,
    Scale: text.default(''),
    Label: text.default(''),
  }).transform((m) => ({
    kind: 'location' as const,
    msgId: m.MsgId,
    latitude: m.Location_X, // X is the latitude, as WeChat has it
    longitude: m.Location_Y,
    scale: m.Scale,
    label: m.Label,
  })),
  link: Message.extend({ Title: text, Description: text.default(''), Url: text }).transform((m) => ({
    kind: 'link' as const,
    msgId: m.MsgId,
    title: m.Title,
    description: m.Description,
    url: m.Url,
  })),
};

const Pictures = Keyed.transform((m) => ({ kind: 'pictures' as const, eventKey: m.EventKey }));

const EVENTS = {
  subscribe: z.object({ EventKey: text.default(''), Ticket: optional }).transform((m) => ({
    kind: 'subscribe' as const,
    eventKey: m.EventKey,
    scene: sceneOf(m.EventKey),
    ticket: m.Ticket || undefined,
  })),
  unsubscribe: z.object({}).transform(() => ({ kind: 'unsubscribe' as const })),
  SCAN: Keyed.extend({ Ticket: optional }).transform((m) => ({
    kind: 'scan' as const,
    eventKey: m.EventKey,
    scene: m.EventKey,
    ticket: m.Ticket || undefined,
  })),
  CLICK: Keyed.transform((m) => ({ kind: 'click' as const, eventKey: m.EventKey })),
  VIEW: Keyed.extend({ MenuId: optional }).transform((m) => ({
    kind: 'view' as const,
    eventKey: m.EventKey,
    url: m.EventKey,
    menuId: m.MenuId || undefined,
  })),
  view_miniprogram: Keyed.extend({ MenuId: optional }).transform((m) => ({
    kind: 'viewMiniProgram' as const,
    eventKey: m.EventKey,
    menuId: m.MenuId || undefined,
  })),
  scancode_waitmsg: Scan.transform((m) => ({ kind: 'scanCode' as const, waits: true, ...scanned(m) })),
  scancode_push: Scan.transform((m) => ({ kind: 'scanCode' as const, waits: false, ...scanned(m) })),
  TEMPLATESENDJOBFINISH: z.object({ MsgID: id, Status: text }).transform((m) => ({
    kind: 'templateFinished' as const,
    msgId: m.MsgID,
    status: m.Status,
    outcome: templateOutcome(m.Status),
  })),
  LOCATION: z.object({ Latitude: text, Longitude: text, Precision: text.default('') }).transform((m) => ({
    kind: 'whereabouts' as const,
    latitude: m.Latitude,
    longitude: m.Longitude,
    precision: m.Precision,
  })),
  pic_sysphoto: Pictures,
  pic_photo_or_album: Pictures,
  pic_weixin: Pictures,
  location_select: Keyed.transform((m) => ({ kind: 'locationSelect' as const, eventKey: m.EventKey })),
};

type Kinds = { [K in keyof typeof MESSAGES]: z.output<(typeof MESSAGES)[K]> }[keyof typeof MESSAGES];
type EventKinds = { [K in keyof typeof EVENTS]: z.output<(typeof EVENTS)[K]> }[keyof typeof EVENTS];

/** A push of a kind we do not know, or (`isIncomplete`) of one we know without the fields it always has. */
type Unknown = { kind: 'unknown'; msgId?: string; eventKey?: string; isIncomplete: boolean };

/** What every push carries. `to` is the account's gh_ id, `from` the openid, `createTime` seconds; `event` as sent. */
type Head = { to: string; from: string; createTime: string; msgType: string; event?: string };

/** One message or event from the platform, told apart by `kind`. Ids are text. */
export type Push = Head & (Kinds | EventKinds | Unknown);

/** What became of a template message. */
export type TemplateOutcome = 'received' | 'blocked' | 'systemFailed' | 'tooOften' | 'accountBlocked' | 'failed';

/**
 * Reads a decrypted push. Unknown fields, types and events are tolerated.
 * @throws EnvelopeProblem without ToUserName, FromUserName, CreateTime or MsgType
 */
export function readPush(fields: XmlFields): Push {
  const envelope = Envelope.safeParse(fields);
  if (!envelope.success) throw new EnvelopeProblem(`no ${envelope.error.issues.map((i) => i.path[0]).join(', ')}`);
  const { ToUserName: to, FromUserName: from, CreateTime: createTime, MsgType: msgType } = envelope.data;

  const event = msgType === 'event' && typeof fields.Event === 'string' ? fields.Event : undefined;
  const head: Head = { to, from, createTime, msgType, event };
  const shape = msgType === 'event' ? lookUp(EVENTS, event ?? '') : lookUp(MESSAGES, msgType);
  const known = shape?.safeParse(fields);
  if (known?.success) return { ...head, ...known.data };
  const isIncomplete = shape !== undefined || (msgType === 'event' && !event);
  return { ...head, kind: 'unknown', ...identityOf(fields), isIncomplete };
}

/**
 * The same text for every delivery of one push, another for every other push: account, sender and MsgId; for events
 * time, event, key and MsgID, because MsgIds of several users have collided and events share a second. Holds the
 * openid: never log it.
 */
export function dedupeKey(push: Push): string {
  if (push.msgType !== 'event' && 'msgId' in push && push.msgId) return [push.to, push.from, push.msgId].join('|');
  const eventKey = 'eventKey' in push ? push.eventKey : undefined;
  const msgId = 'msgId' in push ? push.msgId : undefined;
  return [push.to, push.from, push.createTime, push.event ?? push.msgType, eventKey ?? '', msgId ?? ''].join('|');
}

/** Whether the sender sees our passive reply: messages, follows, scans and taps; not notices of the platform. */
export function expectsReply(push: Push): boolean {
  if (push.msgType !== 'event') return true;
  return ['subscribe', 'scan', 'click', 'scanCode'].includes(push.kind);
}

// Only a leading qrscene_: other prefixes (last_trade_no_…) are no scenes of ours.
function sceneOf(eventKey: string): string | undefined {
  const prefix = 'qrscene_';
  return eventKey.startsWith(prefix) ? eventKey.slice(prefix.length) || undefined : undefined;
}

function scanned(m: z.infer<typeof Scan>) {
  return { eventKey: m.EventKey, scanType: m.ScanCodeInfo.ScanType, scanResult: m.ScanCodeInfo.ScanResult };
}

// Seen with and without a space after the colon.
function templateOutcome(status: string): TemplateOutcome {
  const compact = status.replaceAll(/\s/g, '').toLowerCase();
  if (compact.startsWith('success')) return 'received';
  if (compact.startsWith('failed:userblock')) return 'blocked';
  if (compact.startsWith('failed:senderblock')) return 'accountBlocked';
  if (compact.startsWith('failed:system')) return 'systemFailed';
  if (compact.startsWith('failed:freqlimit')) return 'tooOften';
  return 'failed';
}

function identityOf(fields: XmlFields): { msgId?: string; eventKey?: string } {
  const msgId = [fields.MsgId, fields.MsgID].find((value) => typeof value === 'string' && value !== '');
  const eventKey = typeof fields.EventKey === 'string' ? fields.EventKey : undefined;
  return { msgId: msgId as string | undefined, eventKey };
}

function lookUp<T extends object>(table: T, name: string): T[keyof T] | undefined {
  return Object.hasOwn(table, name) ? table[name as keyof T] : undefined;
}
