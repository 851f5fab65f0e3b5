import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dedupeKey, expectsReply, type Push, readPush } from '../../src/wechat/schema.ts';
import { readXml, writeXml } from '../../src/wechat/xml.ts';
import { fixture } from './fixture.ts';

const ACCOUNT = 'gh_7f083739789a';
const OPENID = 'oia2TjuEGTNoeX76QEjQNrcURxG8';
const read = (name: string): Push => readPush(readXml(fixture(name)));
const event = (name: string, fields: Record<string, string> = {}) =>
  readPush({
    ToUserName: ACCOUNT,
    FromUserName: OPENID,
    CreateTime: '1763700000',
    MsgType: 'event',
    Event: name,
    ...fields,
  });

const PICTURES = { kind: 'pictures', eventKey: 'PHOTO' };
const KINDS: Record<string, object> = {
  text: { kind: 'text', msgId: '24086087575195331', content: '查课表', menuId: undefined },
  'text-menu-link': { kind: 'text', msgId: '24086087575195332', content: '满意', menuId: '101' },
  image: { kind: 'image', msgId: '2408608757519533', mediaId: 'mid1', url: 'http://mmbiz.qpic.cn/a/0' },
  voice: { kind: 'voice', msgId: '2408608757519534', mediaId: 'mid2', format: 'amr' },
  video: { kind: 'video', msgId: '2408608757519537', mediaId: 'mid3', thumbMediaId: 'thumb3' },
  shortvideo: { kind: 'shortVideo', msgId: '2408608757519538', mediaId: 'mid4', thumbMediaId: 'thumb4' },
  location: { kind: 'location', latitude: '23.134521', longitude: '113.358803', scale: '20', label: '广州市天河区' },
  link: { kind: 'link', title: '标题', description: '描述', url: 'https://a.cn' },
  'event-subscribe': { kind: 'subscribe', eventKey: '', scene: undefined, ticket: undefined },
  'event-subscribe-qr': { kind: 'subscribe', scene: 'bind:8f3k', ticket: 'gQH47joAAA==' },
  'event-subscribe-trade': { kind: 'subscribe', scene: undefined, eventKey: 'last_trade_no_4200001' },
  'event-scan': { kind: 'scan', scene: 'bind:8f3k', ticket: 'gQH47joAAA==' },
  'event-unsubscribe': { kind: 'unsubscribe' },
  'event-click': { kind: 'click', eventKey: 'MY_TASKS' },
  'event-view': { kind: 'view', url: 'https://crm.a.cn/h5', menuId: '410418124' },
  'event-view-miniprogram': { kind: 'viewMiniProgram', eventKey: 'pages/index/index' },
  'event-scancode-waitmsg': {
    kind: 'scanCode',
    waits: true,
    eventKey: 'SCAN_CARD',
    scanType: 'qrcode',
    scanResult: 'CARD-10086',
  },
  'event-scancode-push': { kind: 'scanCode', waits: false, scanResult: '1' },
  'event-template-success': { kind: 'templateFinished', msgId: '3487542469355618313', outcome: 'received' },
  'event-location': { kind: 'whereabouts', latitude: '23.137466', longitude: '113.352425', precision: '119.385040' },
  'event-pic-sysphoto': PICTURES,
  'event-pic-album': PICTURES,
  'event-pic-weixin': PICTURES,
  'event-location-select': { kind: 'locationSelect', eventKey: 'WHERE' },
  'event-unknown': { kind: 'unknown', event: 'user_authorize_invitation', isIncomplete: false },
  'message-unknown': { kind: 'unknown', msgType: 'hologram', msgId: '2408608757519539', isIncomplete: false },
};

describe('readPush', () => {
  it('what people type loses signs nobody sees, and keeps line breaks and emoji', () => {
    const typed = readPush({
      ToUserName: ACCOUNT,
      FromUserName: OPENID,
      CreateTime: '1763700000 ',
      MsgType: 'text',
      MsgId: ' 24086087575195331\n',
      Content: '抢\u0007 1\uFE0F\n👍\u0000',
    });
    expect(typed).toMatchObject({ kind: 'text', content: '抢 1\n👍', msgId: '24086087575195331' });
  });

  it('the fixtures, are all listed here', () => {
    const files = readdirSync(new URL('../fixtures/wechat', import.meta.url)).map((file) => file.replace('.xml', ''));
    expect(files.sort()).toEqual(Object.keys(KINDS).sort());
  });

  it.each(Object.entries(KINDS))('%s, gives its kind and fields', (name, expected) => {
    const push = read(name);
    expect(push).toMatchObject(expected);
    expect(push).toMatchObject({ to: ACCOUNT, from: OPENID, createTime: '1763700000' });
  });

  it('a 64-bit id, keeps every digit', () => {
    expect(read('text')).toMatchObject({ msgId: '24086087575195331' });
  });

  it('a scene that itself begins with qrscene_, loses only the first', () => {
    expect(event('subscribe', { EventKey: 'qrscene_qrscene_7' })).toMatchObject({ scene: 'qrscene_7' });
    expect(event('SCAN', { EventKey: 'qrscene_7' })).toMatchObject({ scene: 'qrscene_7' });
    expect(event('subscribe', { EventKey: 'x_qrscene_7' })).toMatchObject({ scene: undefined });
  });

  it.each([
    ['success', 'received'],
    ['failed:user block', 'blocked'],
    ['failed: user block', 'blocked'],
    ['failed: system failed', 'systemFailed'],
    ['failed:system failed', 'systemFailed'],
    ['failed:freq limit', 'tooOften'],
    ['failed: something new', 'failed'],
  ])('template status %s, means %s', (Status, outcome) => {
    expect(event('TEMPLATESENDJOBFINISH', { MsgID: '1', Status })).toMatchObject({ kind: 'templateFinished', outcome });
  });

  it('fields nobody has told us of, ignores them', () => {
    const raw = fixture('text').replace('</xml>', '<New><Deep>1</Deep></New></xml>');
    expect(readPush(readXml(raw))).toMatchObject({ kind: 'text', content: '查课表' });
  });

  it.each(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'])('no %s, is refused', (name) => {
    const { [name]: _gone, ...fields } = readXml(fixture('text'));
    expect(() => readPush(fields)).toThrow(expect.objectContaining({ name: 'EnvelopeProblem', message: `no ${name}` }));
    expect(() => readPush({ ...fields, [name]: '' })).toThrow(expect.objectContaining({ name: 'EnvelopeProblem' }));
    expect(() => readPush({ ...fields, [name]: ['a', 'b'] })).toThrow(
      expect.objectContaining({ name: 'EnvelopeProblem' }),
    );
  });

  it.each([
    ['TEMPLATESENDJOBFINISH without MsgID', { Event: 'TEMPLATESENDJOBFINISH', Status: 'success' }],
    ['CLICK without EventKey', { Event: 'CLICK' }],
    ['scancode_waitmsg without ScanCodeInfo', { Event: 'scancode_waitmsg', EventKey: 'A', ScanCodeInfo: '' }],
    ['an event without a name', {}],
  ])('%s, is unknown and incomplete', (_what, fields) => {
    const head = { ToUserName: ACCOUNT, FromUserName: OPENID, CreateTime: '1', MsgType: 'event' };
    expect(readPush({ ...head, ...fields })).toMatchObject({ kind: 'unknown', isIncomplete: true });
  });

  it('an event named like an object’s own property, is unknown', () => {
    expect(event('constructor')).toMatchObject({ kind: 'unknown', isIncomplete: false });
  });
});

describe('dedupeKey', () => {
  it('a message, is account, sender and MsgId', () => {
    expect(dedupeKey(read('text'))).toBe(`${ACCOUNT}|${OPENID}|24086087575195331`);
    expect(dedupeKey(read('message-unknown'))).toBe(`${ACCOUNT}|${OPENID}|2408608757519539`);
  });

  it('an event, is account, sender, time, event, key and MsgID', () => {
    expect(dedupeKey(read('event-click'))).toBe(`${ACCOUNT}|${OPENID}|1763700000|CLICK|MY_TASKS|`);
    expect(dedupeKey(read('event-subscribe-qr'))).toBe(`${ACCOUNT}|${OPENID}|1763700000|subscribe|qrscene_bind:8f3k|`);
    expect(dedupeKey(read('event-template-success'))).toBe(
      `${ACCOUNT}|${OPENID}|1763700000|TEMPLATESENDJOBFINISH||3487542469355618313`,
    );
    expect(dedupeKey(read('event-unsubscribe'))).toBe(`${ACCOUNT}|${OPENID}|1763700000|unsubscribe||`);
  });

  it('events of one second, differ by name, key and MsgID', () => {
    const keys = [
      event('CLICK', { EventKey: 'A' }),
      event('CLICK', { EventKey: 'B' }),
      event('VIEW', { EventKey: 'A' }),
      event('TEMPLATESENDJOBFINISH', { MsgID: '1', Status: 'success' }),
      event('TEMPLATESENDJOBFINISH', { MsgID: '2', Status: 'success' }),
    ].map(dedupeKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('one MsgId from two people, differs', () => {
    const push = read('text');
    expect(dedupeKey({ ...push, from: 'other' })).not.toBe(dedupeKey(push));
  });

  it('the same push written otherwise, is the same', () => {
    const again = readPush(readXml(writeXml({ ...(readXml(fixture('text')) as Record<string, string>), New: 'x' })));
    expect(dedupeKey(again)).toBe(dedupeKey(read('text')));
  });
});

describe('expectsReply', () => {
  it.each([
    'text',
    'image',
    'message-unknown',
    'event-subscribe',
    'event-scan',
    'event-click',
    'event-scancode-waitmsg',
  ])('%s, is answered', (name) => expect(expectsReply(read(name))).toBe(true));
  it.each(['event-unsubscribe', 'event-view', 'event-template-success', 'event-location', 'event-unknown'])(
    '%s, is only acknowledged',
    (name) => expect(expectsReply(read(name))).toBe(false),
  );
});
