import { decryptMessage } from '../wechat/crypto.ts';
import { isSignedBy } from '../wechat/signature.ts';
import { readXml, type XmlFields, type XmlValue } from '../wechat/xml.ts';
import type { SandboxAccount } from './account.ts';
import type { Arriving, NewsItem } from './inbox.ts';

/** A reply the platform does not take: its user sees the service-failed line. `fault` says why, for 「平台看到的」. */
export class BadReply extends Error {
  override readonly name = 'BadReply';
}

/** An answer to a push, opened: the plain XML (null for an ack) and what the phone shows of it. */
export type OpenedReply = { plain: string | null; message: Arriving | null };

const MAX_TEXT_BYTES = 2048;

/**
 * Reads what came back for a push of `openid`: nothing or `success` shows nothing, anything else is XML; sealed and signed
 * in the safe mode, as it is in the plain one, either in the compatible one.
 * @throws BadReply
 */
export function openReply(
  body: string,
  openid: string,
  account: SandboxAccount,
  mode: 'plain' | 'compatible' | 'safe',
): OpenedReply {
  if (body === '' || body === 'success') return { plain: null, message: null };
  const isSealed = mode === 'safe' || (mode === 'compatible' && 'Encrypt' in parse(body));
  const plain = isSealed ? unseal(body, account) : body;
  const fields = parse(plain);
  if (fields.ToUserName !== openid || fields.FromUserName !== account.ghId) throw new BadReply('To or From is wrong');
  if (!/^\d{10}$/.test(String(fields.CreateTime))) throw new BadReply('CreateTime is not in seconds');
  return { plain, message: messageOf(fields) };
}

function unseal(body: string, { token, aesKey, appId }: SandboxAccount): string {
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = parse(body);
  if (typeof Encrypt !== 'string' || typeof TimeStamp !== 'string' || typeof Nonce !== 'string') {
    throw new BadReply('not encrypted');
  }
  if (!isSignedBy(MsgSignature, token, TimeStamp, Nonce, Encrypt)) throw new BadReply('MsgSignature is wrong');
  try {
    return decryptMessage([aesKey], appId, Encrypt).message;
  } catch {
    throw new BadReply('cannot be decrypted');
  }
}

function parse(xml: string): XmlFields {
  try {
    return readXml(xml);
  } catch {
    throw new BadReply('not XML');
  }
}

function messageOf(fields: XmlFields): Arriving | null {
  const type = text(fields.MsgType);
  switch (type) {
    case 'text': {
      const content = text(fields.Content);
      if (content.trim() === '') throw new BadReply('empty Content');
      if (Buffer.byteLength(content) > MAX_TEXT_BYTES) throw new BadReply('Content is longer than 2048 bytes');
      return { type, text: content };
    }
    case 'news': {
      const articles = list(child(fields.Articles, 'item')).map(articleOf);
      if (articles.length !== 1 || text(fields.ArticleCount) !== '1') throw new BadReply('a reply holds one article');
      return { type, articles };
    }
    case 'image':
    case 'voice':
    case 'video':
    case 'music': {
      const name = type.charAt(0).toUpperCase() + type.slice(1);
      const mediaId = text(child(fields[name], type === 'music' ? 'ThumbMediaId' : 'MediaId'));
      if (!mediaId) throw new BadReply(`${type} without its media`);
      return { type, mediaId, title: text(child(fields[name], 'Title')) };
    }
    case 'transfer_customer_service':
      return null;
    default:
      throw new BadReply(`unknown MsgType ${type}`);
  }
}

function articleOf(item: XmlValue): NewsItem {
  const field = (name: string) => text(child(item, name));
  return { title: field('Title'), description: field('Description'), url: field('Url'), pictureUrl: field('PicUrl') };
}

function child(value: XmlValue | undefined, name: string): XmlValue | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? value[name] : undefined;
}

function list(value: XmlValue | undefined): XmlValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function text(value: XmlValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
