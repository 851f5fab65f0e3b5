import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClock } from '../../src/kernel/clock.ts';
import type { SandboxAccount } from '../../src/sandbox/index.ts';
import { decryptMessage, encryptMessage } from '../../src/wechat/crypto.ts';
import { signatureOf } from '../../src/wechat/signature.ts';
import { readXml, writeXml } from '../../src/wechat/xml.ts';
import { TEST_NOW } from '../setup/now.ts';

/** One push as the platform would send it, again and again if need be: signed and sealed in safe mode. */
export type SealedPush = { query: string; body: string };

const clock = createClock();
clock.moveTo(new Date(TEST_NOW));

let lastId = 24086087575195331n;

/** A new MsgId, with more digits than a number holds. */
export function newMsgId(): string {
  lastId += 1n;
  return String(lastId);
}

/** Writes the pushes of an Official Account. The same `msgId` sealed twice differs in every byte but is one message. */
export function createPushes({ token, aesKey, appId, ghId }: SandboxAccount) {
  function seal(fields: Record<string, string>): SealedPush {
    const createTime = Math.floor(clock.now().getTime() / 1000);
    const xml = writeXml({ ToUserName: ghId, CreateTime: createTime, ...fields });
    const [timestamp, nonce] = [String(createTime), newMsgId().slice(-9)];
    const encrypted = encryptMessage(aesKey, appId, xml);
    const query = new URLSearchParams({
      signature: signatureOf(token, timestamp, nonce),
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: signatureOf(token, timestamp, nonce, encrypted),
    });
    return { query: query.toString(), body: writeXml({ ToUserName: ghId, Encrypt: encrypted }) };
  }

  return {
    text: (openid: string, content: string, msgId = newMsgId()) =>
      seal({ FromUserName: openid, MsgType: 'text', Content: content, MsgId: msgId }),
    click: (openid: string, key: string) =>
      seal({ FromUserName: openid, MsgType: 'event', Event: 'CLICK', EventKey: key }),
    /** What a sealed answer says; '' for an acknowledgement. */
    open(answer: string): string {
      if (answer === '' || answer === 'success') return '';
      const { Encrypt, MsgSignature, TimeStamp, Nonce } = readXml(answer) as Record<string, string>;
      if (signatureOf(token, TimeStamp ?? '', Nonce ?? '', Encrypt ?? '') !== MsgSignature) throw new Error('unsigned');
      const { Content } = readXml(decryptMessage([aesKey], appId, Encrypt ?? '').message);
      return String(Content ?? '');
    },
  };
}

/** Sends a push to a node and gives back the raw body of its answer; fails where the connection breaks. */
export function deliver(url: string, { query, body }: SealedPush): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/wechat/callback?${query}`, { method: 'POST', agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', reject);
      answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode}`))));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Waits until `look` finds something. */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(20);
  }
}
