import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { type CallbackConfig, type CallbackRequest, createCallback, maskOpenid } from '../../src/wechat/callback.ts';
import { decryptMessage, encryptMessage } from '../../src/wechat/crypto.ts';
import type { PassiveReply } from '../../src/wechat/reply.ts';
import type { Push } from '../../src/wechat/schema.ts';
import { signatureOf } from '../../src/wechat/signature.ts';
import { readXml, writeXml } from '../../src/wechat/xml.ts';
import { fixture } from './fixture.ts';

const APP = 'wxba5fad812f8e6fb9';
const TOKEN = 'AAAAA';
const KEY = 'A'.repeat(43);
const OLD_KEY = `${'B'.repeat(42)}A`;
const OPENID = 'oia2TjuEGTNoeX76QEjQNrcURxG8';
const NOW = 1763700000;
const PLAIN: CallbackConfig = { appId: APP, token: TOKEN, mode: 'plain' };
const SAFE: CallbackConfig = { appId: APP, token: TOKEN, mode: 'safe', aesKey: KEY };
const COMPATIBLE: CallbackConfig = { ...SAFE, mode: 'compatible' };

/** A callback door with what reached its handler and its log. */
function open(
  config: CallbackConfig,
  reply: (push: Push) => Promise<PassiveReply> = async () => ({ type: 'text', text: '收到' }),
) {
  const handled: { push: Push; key: string }[] = [];
  const lines: string[] = [];
  const callback = createCallback({
    config,
    clock: createFixedClock(new Date(NOW * 1000)),
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
    handle: async (push, key) => {
      handled.push({ push, key });
      return reply(push);
    },
  });
  return { callback, handled, log: () => lines.join('') };
}

function plainPush(xml: string, { timestamp = String(NOW), nonce = 'n1', query = {} } = {}): CallbackRequest {
  const signature = signatureOf(TOKEN, timestamp, nonce);
  return {
    method: 'POST',
    query: { signature, timestamp, nonce, openid: OPENID, ...query },
    rawBody: Buffer.from(xml),
  };
}

function sealedPush(
  xml: string,
  { key = KEY, appId = APP, extra = {}, timestamp = String(NOW) } = {},
): CallbackRequest {
  return reseal(encryptMessage(key, appId, xml), { extra, timestamp });
}

function reseal(encrypted: string, { extra = {}, timestamp = String(NOW), nonce = 'n1' } = {}): CallbackRequest {
  const seal = { encrypt_type: 'aes', msg_signature: signatureOf(TOKEN, timestamp, nonce, encrypted) };
  const body = writeXml({ ToUserName: 'gh_7f083739789a', ...extra, Encrypt: encrypted });
  return plainPush(body, { timestamp, nonce, query: seal });
}

describe('GET', () => {
  const timestamp = String(NOW);
  const good = { signature: signatureOf(TOKEN, timestamp, 'n'), timestamp, nonce: 'n', echostr: '5838479218127813' };
  const get = (query: CallbackRequest['query'], config: CallbackConfig = PLAIN) =>
    open(config).callback({ method: 'GET', query, rawBody: Buffer.alloc(0) });

  it.each([PLAIN, COMPATIBLE, SAFE])(
    'well signed in mode $mode, gives back echostr and nothing else',
    async (config) => {
      expect(await get(good, config)).toEqual({ status: 200, type: 'text/plain', body: good.echostr });
    },
  );

  it.each([
    ['a wrong signature', { ...good, signature: signatureOf('BBBBB', timestamp, 'n') }],
    ['no signature', { ...good, signature: undefined }],
    ['a repeated signature', { ...good, signature: [good.signature, good.signature] }],
    ['no nonce', { ...good, nonce: undefined }],
    [
      'a timestamp of last week',
      { ...good, timestamp: '1763000000', signature: signatureOf(TOKEN, '1763000000', 'n') },
    ],
    ['nothing', {}],
  ])('%s, is forbidden and never echoed', async (_what, query) => {
    const answer = await get(query);
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain(good.echostr);
  });

  it('no echostr, is a bad request', async () => {
    expect((await get({ ...good, echostr: undefined })).status).toBe(400);
  });
});

describe('a plain push', () => {
  it('well signed, reaches the handler with its key and is answered in plain XML', async () => {
    const door = open(PLAIN);
    const answer = await door.callback(plainPush(fixture('text')));
    expect(answer).toMatchObject({ status: 200, type: 'application/xml' });
    expect(readXml(answer.body)).toEqual({
      ToUserName: OPENID,
      FromUserName: 'gh_7f083739789a',
      CreateTime: String(NOW),
      MsgType: 'text',
      Content: '收到',
    });
    expect(door.handled).toMatchObject([
      { push: { kind: 'text', content: '查课表' }, key: `gh_7f083739789a|${OPENID}|24086087575195331` },
    ]);
  });

  it('acknowledged by the handler, is answered success', async () => {
    const door = open(PLAIN, async () => ({ type: 'ack' }));
    expect(await door.callback(plainPush(fixture('event-click')))).toEqual({
      status: 200,
      type: 'text/plain',
      body: 'success',
    });
  });

  it('sent again with the same nonce, reaches the handler again with the same key', async () => {
    const door = open(PLAIN);
    const [first, again] = [
      await door.callback(plainPush(fixture('text'))),
      await door.callback(plainPush(fixture('text'))),
    ];
    expect(again).toEqual(first);
    expect(door.handled[1]?.key).toBe(door.handled[0]?.key);
  });

  it.each([
    ['-10 minutes', NOW - 600, 200],
    ['+10 minutes', NOW + 600, 200],
    ['-601 seconds', NOW - 601, 403],
    ['+601 seconds', NOW + 601, 403],
    ['milliseconds', NOW * 1000, 403],
  ])('a timestamp off by %s, answers as it should', async (_what, timestamp, status) => {
    const door = open(PLAIN);
    expect((await door.callback(plainPush(fixture('text'), { timestamp: String(timestamp) }))).status).toBe(status);
    expect(door.handled).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each(['', 'NaN', '1e9', '-1', ' 1763700000'])('the timestamp %j, is forbidden', async (timestamp) => {
    expect((await open(PLAIN).callback(plainPush(fixture('text'), { timestamp }))).status).toBe(403);
  });

  it.each([
    ['a wrong signature', { signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696' }],
    ['no signature', { signature: undefined }],
    ['no timestamp', { timestamp: undefined }],
  ])('%s, is forbidden', async (_what, query) => {
    const door = open(PLAIN);
    expect((await door.callback(plainPush(fixture('text'), { query }))).status).toBe(403);
    expect(door.handled).toEqual([]);
  });

  it.each([
    ['no body', ''],
    ['JSON', '{"a":1}'],
    ['an entity', '<!DOCTYPE a [<!ENTITY b "c">]><xml><ToUserName>&b;</ToUserName></xml>'],
    ['no FromUserName', fixture('text').replace(/<FromUserName>.*<\/FromUserName>/, '')],
    ['only Encrypt', '<xml><ToUserName>gh</ToUserName><Encrypt>AAAA</Encrypt></xml>'],
  ])('%s, is a bad request', async (_what, xml) => {
    expect((await open(PLAIN).callback(plainPush(xml))).status).toBe(400);
  });

  it('bytes that are not UTF-8, is a bad request', async () => {
    const request = plainPush('');
    const rawBody = Buffer.from(fixture('text').replace('查课表', 'XX'), 'latin1');
    rawBody[rawBody.indexOf('XX')] = 0xff;
    expect((await open(PLAIN).callback({ ...request, rawBody })).status).toBe(400);
  });

  it('a known event without its own fields, is acknowledged and left alone', async () => {
    const door = open(PLAIN);
    const xml = fixture('event-click').replace(/<EventKey>.*<\/EventKey>/, '');
    expect(await door.callback(plainPush(xml))).toEqual({ status: 200, type: 'text/plain', body: 'success' });
    expect(door.handled).toEqual([]);
  });

  it('an unknown event, reaches the handler', async () => {
    const door = open(PLAIN, async () => ({ type: 'ack' }));
    expect((await door.callback(plainPush(fixture('event-unknown')))).body).toBe('success');
    expect(door.handled).toMatchObject([{ push: { kind: 'unknown', event: 'user_authorize_invitation' } }]);
  });

  it('other methods, are not allowed', async () => {
    expect((await open(PLAIN).callback({ ...plainPush(fixture('text')), method: 'PUT' })).status).toBe(405);
  });
});

describe('an encrypted push', () => {
  const replyOf = (body: string, key = KEY) => {
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = readXml(body) as Record<string, string>;
    expect(MsgSignature).toBe(signatureOf(TOKEN, TimeStamp!, Nonce!, Encrypt!));
    return readXml(decryptMessage([key], APP, Encrypt!).message);
  };

  it.each([SAFE, COMPATIBLE])('in mode $mode, is handled and answered encrypted', async (config) => {
    const door = open(config);
    const answer = await door.callback(sealedPush(fixture('text')));
    expect(answer).toMatchObject({ status: 200, type: 'application/xml' });
    expect(replyOf(answer.body)).toMatchObject({ ToUserName: OPENID, Content: '收到' });
    expect(door.handled).toMatchObject([{ push: { content: '查课表' } }]);
  });

  it('acknowledged, is answered with the bare word', async () => {
    const door = open(SAFE, async () => ({ type: 'ack' }));
    expect(await door.callback(sealedPush(fixture('text')))).toEqual({
      status: 200,
      type: 'text/plain',
      body: 'success',
    });
  });

  it('sealed with the previous key, is answered with that key', async () => {
    const door = open({ ...SAFE, previousAesKey: OLD_KEY });
    expect(replyOf((await door.callback(sealedPush(fixture('text'), { key: OLD_KEY }))).body, OLD_KEY)).toMatchObject({
      Content: '收到',
    });
    expect(replyOf((await door.callback(sealedPush(fixture('text')))).body)).toMatchObject({ Content: '收到' });
  });

  it('in compatible mode, only what is inside counts', async () => {
    const door = open(COMPATIBLE);
    const extra = { FromUserName: 'attacker', CreateTime: 1, MsgType: 'text', Content: '抢 1', MsgId: 7 };
    await door.callback(sealedPush(fixture('text'), { extra }));
    expect(door.handled).toMatchObject([{ push: { from: OPENID, content: '查课表' } }]);
  });

  it.each([SAFE, COMPATIBLE])('plaintext in mode $mode, is refused however well it is signed', async (config) => {
    const door = open(config);
    expect((await door.callback(plainPush(fixture('text')))).status).toBe(403);
    expect((await door.callback(plainPush(fixture('text'), { query: { encrypt_type: 'raw' } }))).status).toBe(403);
    const sealSignature = { msg_signature: signatureOf(TOKEN, String(NOW), 'n1') };
    expect((await door.callback(plainPush(fixture('text'), { query: sealSignature }))).status).toBe(400);
    expect((await door.callback(reseal(''))).status).toBe(400);
    expect(door.handled).toEqual([]);
  });

  it.each([
    ['for another account’s appid', sealedPush(fixture('text'), { appId: 'wxba5fad812f8e6fb0' }), 400],
    ['sealed with a key that is not ours', sealedPush(fixture('text'), { key: OLD_KEY }), 400],
    ['not XML inside', sealedPush('hello'), 400],
    ['without an envelope inside', sealedPush('<xml><Content>a</Content></xml>'), 400],
    ['eleven minutes old', sealedPush(fixture('text'), { timestamp: String(NOW - 660) }), 403],
  ])('%s, is refused', async (_what, request, status) => {
    const door = open(SAFE);
    expect((await door.callback(request)).status).toBe(status);
    expect(door.handled).toEqual([]);
  });

  it('with the signature of the other three parts only, is forbidden', async () => {
    const request = sealedPush(fixture('text'));
    const query = { ...request.query, msg_signature: request.query.signature };
    expect((await open(SAFE).callback({ ...request, query })).status).toBe(403);
  });

  const sealed = Buffer.from(encryptMessage(KEY, APP, fixture('text'), Buffer.alloc(16, 7)), 'base64');
  const flips = Array.from({ length: sealed.length * 8 }, (_, bit) => {
    const bytes = Buffer.from(sealed);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    return bytes.toString('base64');
  });

  it('with any one bit turned and not signed anew, is forbidden', async () => {
    const door = open(SAFE);
    const { query } = reseal(sealed.toString('base64'));
    for (const flipped of flips) {
      const rawBody = Buffer.from(writeXml({ ToUserName: 'gh', Encrypt: flipped }));
      expect((await door.callback({ method: 'POST', query, rawBody })).status).toBe(403);
    }
    expect(door.handled).toEqual([]);
  });

  it('with any one bit turned and signed anew, is a bad request or the very same message', async () => {
    const door = open(SAFE);
    const original = (await door.callback(reseal(sealed.toString('base64')))).status === 200 && door.handled.pop();
    for (const flipped of flips) {
      const { status } = await door.callback(reseal(flipped));
      const reached = door.handled.pop();
      if (reached) expect(reached).toEqual(original);
      else expect(status).toBe(400);
    }
  });
});

describe('a handler that fails', () => {
  const fail = async () => {
    throw new Error('database gone');
  };

  it('on a message, is answered 200 with a neutral sentence and a reference that the log has too', async () => {
    const door = open(PLAIN, fail);
    const answer = await door.callback(plainPush(fixture('text')));
    expect(answer.status).toBe(200);
    const { Content } = readXml(answer.body) as { Content: string };
    const ref = /编号 (\w+)/.exec(Content)?.[1];
    expect(Content).not.toContain('database');
    expect(ref).toMatch(/^[0-9A-F]{8}$/);
    expect(door.log()).toContain(ref);
    expect(door.log()).toContain('database gone');
  });

  it('on an encrypted message, is answered encrypted', async () => {
    const answer = await open(SAFE, fail).callback(sealedPush(fixture('text')));
    expect(answer.status).toBe(200);
    expect(readXml(answer.body)).toHaveProperty('Encrypt');
  });

  it('on a notice nobody waits for, is acknowledged', async () => {
    const door = open(PLAIN, fail);
    expect((await door.callback(plainPush(fixture('event-template-success')))).body).toBe('success');
  });

  it('by giving nothing back, is acknowledged', async () => {
    const door = open(PLAIN, async () => undefined as unknown as PassiveReply);
    expect(await door.callback(plainPush(fixture('text')))).toEqual({
      status: 200,
      type: 'text/plain',
      body: 'success',
    });
  });
});

describe('the log', () => {
  it('never has an openid, the token, the key or what people wrote in clear', async () => {
    const door = open(SAFE, async () => {
      throw new Error('x');
    });
    await door.callback(sealedPush(fixture('text')));
    await door.callback(sealedPush(fixture('text'), { appId: 'other' }));
    await door.callback(plainPush(fixture('text')));
    await door.callback(sealedPush('<xml><FromUserName>oia2TjuEGTNoeX76QEjQNrcURxG8</FromUserName></xml>'));
    expect(door.log()).not.toBe('');
    for (const secret of [OPENID, TOKEN, KEY, '查课表']) expect(door.log()).not.toContain(secret);
  });

  it('maskOpenid, keeps both ends of a long one and nothing of a short one', () => {
    expect(maskOpenid(OPENID)).toBe('oia…xG8');
    expect(maskOpenid('short')).toBe('…');
  });
});

describe('createCallback', () => {
  it('a key that is none, stops the start', () => {
    expect(() => open({ ...SAFE, aesKey: 'short' })).toThrow('43');
    expect(() => open({ ...SAFE, previousAesKey: 'short' })).toThrow('43');
    expect(() => open({ ...PLAIN, mode: 'safe' })).toThrow('43');
  });
});
