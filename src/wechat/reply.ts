import { randomBytes } from 'node:crypto';
import { encryptMessage } from './crypto.ts';
import { signatureOf } from './signature.ts';
import { writeXml, type XmlNode } from './xml.ts';

/** A card of a news reply; one card where it answers a message. */
export type Article = { title: string; description: string; pictureUrl: string; url: string };

/** What the platform shows the sender at once. `ack` says we have it and shows nothing. */
export type PassiveReply =
  | { type: 'ack' }
  | { type: 'text'; text: string; hasMore?: boolean }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'video'; mediaId: string; title?: string; description?: string }
  | { type: 'music'; thumbMediaId: string; title?: string; description?: string; url?: string; hqUrl?: string }
  | { type: 'news'; articles: Article[] }
  | { type: 'customerService' };

/** WeChat's own acknowledgement; goes out unencrypted in every mode. */
export const ACK = 'success';

/** Limits of a text reply: bytes as the platform counts them, visible characters as is safe on every phone. */
export const TEXT_LIMIT = { bytes: 2048, characters: 600 } as const;

const MORE = '…\n回复「下一页」看后面';

/**
 * Writes the reply to a push as XML, To and From swapped; `success` for an ack, and for a text with nothing in it,
 * which would show the user an error. `at` is the moment of answering.
 */
export function renderReply(push: { to: string; from: string }, reply: PassiveReply, at: Date): string {
  const body = bodyOf(reply);
  if (!body) return ACK;
  return writeXml({
    ToUserName: push.from,
    FromUserName: push.to,
    CreateTime: secondsOf(at),
    ...body,
  });
}

/** Seals a rendered reply for the compatible and safe modes, with its own time and nonce; `success` stays as it is. */
export function sealReply(xml: string, seal: { token: string; appId: string; key: string; at: Date }): string {
  if (xml === ACK) return ACK;
  const timestamp = secondsOf(seal.at);
  const nonce = randomBytes(8).toString('hex');
  const encrypted = encryptMessage(seal.key, seal.appId, xml);
  return writeXml({
    Encrypt: encrypted,
    MsgSignature: signatureOf(seal.token, String(timestamp), nonce, encrypted),
    TimeStamp: timestamp,
    Nonce: nonce,
  });
}

/**
 * Cuts a text to what one reply holds (2048 bytes, 600 visible characters), at the end of a sentence where one ends in
 * the second half, never inside a link; a cut text ends in 「…」, or where `hasMore` in the words that ask for the rest.
 */
export function shorten(text: string, { hasMore = false } = {}): string {
  if (fits(text, '')) return text;
  const ending = hasMore ? MORE : '…';
  let kept = '';
  const candidate = text.slice(0, 2 * TEXT_LIMIT.bytes); // what lies beyond cannot fit
  for (const piece of candidate.match(/<a\s[^>]*>[^<]*<\/a>|[\s\S]/gu) ?? []) {
    if (!fits(kept + piece, ending)) break;
    kept += piece;
  }
  const sentence = /^[\s\S]*[。！？\n]/u.exec(kept)?.[0] ?? '';
  return (sentence.length * 2 >= kept.length ? sentence : kept).trimEnd() + ending;
}

/** A text from people, made unable to start a link in our reply: `<a` and `</a` become 「＜a」. */
export function plainText(text: string): string {
  return text.replace(/<(?=\/?a\b)/gi, '＜');
}

/** A link that opens a page. Only http, https and weixin addresses. */
export function webLink(text: string, url: string): string {
  const { href, protocol } = new URL(url);
  if (!/^https?:$|^weixin:$/.test(protocol)) throw new Error(`not a web address: ${protocol}`);
  return `<a href="${href}">${linkText(text)}</a>`;
}

/**
 * A link that sends `text` as if the user had typed it; the push then also carries `id` (letters, digits, - _) as
 * bizmsgmenuid. Undocumented by WeChat, and without the id on test accounts: read the text too. `label` is what is shown.
 */
export function menuLink(text: string, id: string, label = text): string {
  if (!/^[\w-]{1,64}$/.test(id)) throw new Error(`not a menu id: ${id}`);
  return `<a href="weixin://bizmsgmenu?msgmenucontent=${wide(text)}&msgmenuid=${id}">${linkText(label)}</a>`;
}

function bodyOf(reply: PassiveReply): { [name: string]: XmlNode } | undefined {
  switch (reply.type) {
    case 'ack':
      return undefined;
    case 'text': {
      const text = shorten(reply.text, { hasMore: reply.hasMore });
      return text.trim() === '' ? undefined : { MsgType: 'text', Content: text };
    }
    case 'image':
      return { MsgType: 'image', Image: { MediaId: reply.mediaId } };
    case 'voice':
      return { MsgType: 'voice', Voice: { MediaId: reply.mediaId } };
    case 'video':
      return { MsgType: 'video', Video: { MediaId: reply.mediaId, ...titles(reply) } };
    case 'music':
      return {
        MsgType: 'music',
        Music: {
          ...titles(reply),
          ...(reply.url && { MusicUrl: reply.url }),
          ...(reply.hqUrl && { HQMusicUrl: reply.hqUrl }),
          ThumbMediaId: reply.thumbMediaId,
        },
      };
    case 'news': {
      const item = reply.articles.map((a) => ({
        Title: a.title,
        Description: a.description,
        PicUrl: a.pictureUrl,
        Url: a.url,
      }));
      return item.length === 0 ? undefined : { MsgType: 'news', ArticleCount: item.length, Articles: { item } };
    }
    case 'customerService':
      return { MsgType: 'transfer_customer_service' };
  }
}

function titles({ title, description }: { title?: string; description?: string }) {
  return { ...(title && { Title: title }), ...(description && { Description: description }) };
}

// Bytes count the markup, characters only what is seen.
function fits(text: string, ending: string): boolean {
  const whole = text + ending;
  if (Buffer.byteLength(whole) > TEXT_LIMIT.bytes) return false;
  return [...whole.replace(/<[^>]*>/g, '')].length <= TEXT_LIMIT.characters;
}

function linkText(text: string): string {
  return text.replaceAll('<', '＜').replaceAll('>', '＞');
}

// WeChat takes the words raw, so whatever would end the attribute or the parameter goes in its full-width form.
function wide(text: string): string {
  return linkText(text)
    .replace(/\s+/g, ' ')
    .replace(/["&#%+]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

function secondsOf(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
