import { describe, expect, it } from 'vitest';
import { decryptMessage } from '../../src/wechat/crypto.ts';
import {
  menuLink,
  type PassiveReply,
  plainText,
  renderReply,
  sealReply,
  shorten,
  webLink,
} from '../../src/wechat/reply.ts';
import { signatureOf } from '../../src/wechat/signature.ts';
import { readXml } from '../../src/wechat/xml.ts';

const PUSH = { to: 'gh_id', from: 'openid' };
const AT = new Date(1763700001_900);
const HEAD =
  '<ToUserName><![CDATA[openid]]></ToUserName><FromUserName><![CDATA[gh_id]]></FromUserName><CreateTime>1763700001</CreateTime>';
const render = (reply: PassiveReply) => renderReply(PUSH, reply, AT);
const seen = (text: string) => [...text.replace(/<[^>]*>/g, '')].length;

describe('renderReply', () => {
  it('an ack, is the bare word', () => expect(render({ type: 'ack' })).toBe('success'));

  it('a text, is the documented XML with seconds', () => {
    expect(render({ type: 'text', text: '你好' })).toBe(
      `<xml>${HEAD}<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content></xml>`,
    );
  });

  it.each(['', ' ', '\n\n'])('a text with nothing in it, is an ack and no empty Content', (text) => {
    expect(render({ type: 'text', text })).toBe('success');
  });

  it('a text with ]]>, reads back whole', () => {
    expect(readXml(render({ type: 'text', text: 'a]]>b' }))).toMatchObject({ Content: 'a]]>b' });
  });

  it.each<[PassiveReply, object]>([
    [
      { type: 'image', mediaId: 'm' },
      { MsgType: 'image', Image: { MediaId: 'm' } },
    ],
    [
      { type: 'voice', mediaId: 'm' },
      { MsgType: 'voice', Voice: { MediaId: 'm' } },
    ],
    [
      { type: 'video', mediaId: 'm', title: 't' },
      { MsgType: 'video', Video: { MediaId: 'm', Title: 't' } },
    ],
    [
      { type: 'music', thumbMediaId: 'm', url: 'u' },
      { MsgType: 'music', Music: { ThumbMediaId: 'm', MusicUrl: 'u' } },
    ],
    [
      { type: 'news', articles: [{ title: 't', description: 'd', pictureUrl: 'p', url: 'u' }] },
      {
        MsgType: 'news',
        ArticleCount: '1',
        Articles: { item: { Title: 't', Description: 'd', PicUrl: 'p', Url: 'u' } },
      },
    ],
    [{ type: 'customerService' }, { MsgType: 'transfer_customer_service' }],
  ])('%o, has the documented body', (reply, body) => expect(readXml(render(reply))).toMatchObject(body));

  it('news without articles, is an ack', () => expect(render({ type: 'news', articles: [] })).toBe('success'));
});

describe('shorten', () => {
  it('600 characters or 2048 bytes, leaves them', () => {
    expect(shorten('好'.repeat(600))).toBe('好'.repeat(600));
    expect(shorten('a'.repeat(600))).toBe('a'.repeat(600));
  });

  it('a longer text, ends after the last whole sentence', () => {
    const text = `${'好'.repeat(400)}。${'坏'.repeat(300)}`;
    expect(shorten(text)).toBe(`${'好'.repeat(400)}。…`);
  });

  it.each(['！', '？', '\n'])('a text whose sentence ends in %j, is cut there', (end) => {
    expect(shorten(`${'好'.repeat(500)}${end}${'坏'.repeat(300)}`)).toBe(`${'好'.repeat(500)}${end.trim()}…`);
  });

  it('a text whose only sentence is near its beginning, keeps more than that', () => {
    expect(seen(shorten(`好。${'坏'.repeat(900)}`))).toBe(600);
  });

  it('a list with more to come, says how to see it', () => {
    const text = `${'一行字\n'.repeat(300)}`;
    const short = shorten(text, { hasMore: true });
    expect(short).toMatch(/一行字…\n回复「下一页」看后面$/);
    expect(seen(short)).toBeLessThanOrEqual(600);
  });

  it.each([
    ['Chinese', '好'],
    ['four-byte signs', '😀'],
    ['letters', 'a'],
    ['a mixture', '好a😀é'],
  ])('%s without a sentence, stays within both limits and breaks no character', (_what, unit) => {
    const short = shorten(unit.repeat(5000), { hasMore: true });
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2048);
    expect(seen(short)).toBeLessThanOrEqual(600);
    expect(Buffer.from(short).toString()).toBe(short);
  });

  it('a text full of links, never cuts one in two and counts only what is seen as characters', () => {
    const line = `1 王小雨 ${menuLink('抢 1', 'claim-1')}\n`;
    const short = shorten(line.repeat(100));
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2048);
    expect(short.match(/<a /g)).toHaveLength(short.match(/<\/a>/g)?.length ?? 0);
    expect(short.replaceAll(/<a [^>]*>[^<]*<\/a>/g, '')).not.toContain('<');
  });

  it('a hostile text of half links, returns at once and short', () => {
    expect(Buffer.byteLength(shorten('<a '.repeat(300_000)))).toBeLessThanOrEqual(2048);
  });
});

describe('links', () => {
  it('menuLink, is the documented link', () => {
    expect(menuLink('满意', '101')).toBe('<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=101">满意</a>');
  });

  it('menuLink with signs that would end the address, writes them full width', () => {
    expect(menuLink('a"b&c<d>#e', 'x')).toBe(
      '<a href="weixin://bizmsgmenu?msgmenucontent=a＂b＆c＜d＞＃e&msgmenuid=x">a"b&c＜d＞#e</a>',
    );
  });

  it('menuLink with an id that is none, is refused', () => {
    expect(() => menuLink('a', '1&x=2')).toThrow('not a menu id');
  });

  it('webLink, quotes cannot leave the address', () => {
    expect(webLink('看客户', 'https://a.cn/c?x=1&y="')).toBe('<a href="https://a.cn/c?x=1&y=%22">看客户</a>');
    expect(() => webLink('a', 'javascript:alert(1)')).toThrow('not a web address');
  });

  it('plainText, disarms links and leaves the rest', () => {
    expect(plainText('<a href="x">王</a> 3<5 <b>')).toBe('＜a href="x">王＜/a> 3<5 <b>');
  });
});

describe('sealReply', () => {
  const key = 'A'.repeat(43);
  const seal = { token: 'AAAAA', appId: 'wxba5fad812f8e6fb9', key, at: AT };

  it('a reply, is signed with its own time and nonce and opens again', () => {
    const xml = render({ type: 'text', text: '你好' });
    const sealed = sealReply(xml, seal);
    expect(sealed).toMatch(
      /^<xml><Encrypt><!\[CDATA\[.+]]><\/Encrypt><MsgSignature><!\[CDATA\[[0-9a-f]{40}]]><\/MsgSignature><TimeStamp>1763700001<\/TimeStamp><Nonce><!\[CDATA\[\w+]]><\/Nonce><\/xml>$/,
    );
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = readXml(sealed) as Record<string, string>;
    expect(MsgSignature).toBe(signatureOf('AAAAA', TimeStamp!, Nonce!, Encrypt!));
    expect(decryptMessage([key], seal.appId, Encrypt!).message).toBe(xml);
  });

  it('an ack, stays the bare word', () => expect(sealReply('success', seal)).toBe('success'));
});
