import { createCipheriv, randomBytes } from 'node:crypto';
import { decrypt } from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { decryptMessage, encryptMessage } from '../../src/wechat/crypto.ts';

const APP = 'wxba5fad812f8e6fb9';
const KEY = 'A'.repeat(43);
const OTHER_KEY = 'B'.repeat(43);

/** Encrypts any bytes as they are, so that a test can break what stands inside. */
function seal(plain: Buffer, key = KEY): string {
  const secret = Buffer.from(`${key}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', secret, secret.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

function content(message: Buffer, { appId = APP, length = message.length } = {}): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return Buffer.concat([Buffer.alloc(16, 7), size, message, Buffer.from(appId)]);
}

function padded(plain: Buffer, pad = 32 - (plain.length % 32)): Buffer {
  return Buffer.concat([plain, Buffer.alloc(pad, pad)]);
}

describe('decryptMessage', () => {
  it('the platform’s JSON vector, gives the text', () => {
    const sealed = 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==';
    expect(decryptMessage([KEY], APP, sealed)).toEqual({ message: '{"demo_resp":"good luck"}', key: KEY });
  });

  it.each(Array.from({ length: 32 }, (_, i) => i + 1))(
    'a text padded with %i bytes, opens and seals the same',
    (pad) => {
      const room = 32 - pad + 32 - ((16 + 4 + APP.length) % 32);
      const message = 'x'.repeat(room % 32);
      const plain = padded(content(Buffer.from(message)));
      expect(plain.at(-1)).toBe(pad);
      expect(decryptMessage([KEY], APP, seal(plain)).message).toBe(message);
      const ours = encryptMessage(KEY, APP, message, Buffer.alloc(16, 7));
      expect(ours).toBe(seal(plain));
      expect(decrypt(KEY, ours)).toMatchObject({ message, id: APP });
    },
  );

  it('a text sealed with the previous key, opens and names that key', () => {
    const sealed = encryptMessage(OTHER_KEY, APP, '你好');
    expect(decryptMessage([KEY, OTHER_KEY], APP, sealed)).toEqual({ message: '你好', key: OTHER_KEY });
  });

  it('a text that begins with a byte order mark, keeps it', () => {
    expect(decryptMessage([KEY], APP, encryptMessage(KEY, APP, '\uFEFFa')).message).toBe('\uFEFFa');
  });

  const good = padded(content(Buffer.from('<xml>你好</xml>')));
  const tailBroken = Buffer.from(good);
  tailBroken[good.length - 2]! ^= 1;
  it.each([
    ['a foreign appid', seal(padded(content(Buffer.from('a'), { appId: 'wxba5fad812f8e6fb0' }))), 'appid'],
    ['an appid with more behind it', seal(padded(content(Buffer.from('a'), { appId: `${APP}x` }))), 'appid'],
    ['no appid', seal(padded(content(Buffer.from('a'), { appId: '' }))), 'appid'],
    ['a length one short', seal(padded(content(Buffer.from('abc'), { length: 2 }))), 'appid'],
    ['a length far too long', seal(padded(content(Buffer.from('abc'), { length: 0xffffffff }))), 'length'],
    ['text that is not UTF-8', seal(padded(content(Buffer.from([0x61, 0xff, 0xfe])))), 'utf8'],
    ['half a character', seal(padded(content(Buffer.from('好').subarray(0, 2)))), 'utf8'],
    ['padding 0', seal(Buffer.concat([good.subarray(0, -1), Buffer.from([0])])), 'padding'],
    ['padding 33', seal(Buffer.concat([good, Buffer.alloc(32, 33)])), 'padding'],
    ['uneven padding', seal(tailBroken), 'padding'],
    ['nothing but padding', seal(Buffer.alloc(32, 32)), 'length'],
    ['half a block', Buffer.alloc(24).toString('base64'), 'length'],
    ['an empty text', '', 'base64'],
    ['broken base64', `${seal(good).slice(0, -4)}*()=`, 'base64'],
    ['base64 with spaces', ` ${seal(good).slice(1)}`, 'base64'],
    ['another key', encryptMessage(OTHER_KEY, APP, 'a'), expect.any(String)],
  ])('%s, is refused', (_what, sealed, fault) => {
    expect(() => decryptMessage([KEY], APP, sealed)).toThrow(
      expect.objectContaining({ name: 'DecryptProblem', fault }),
    );
  });

  it('a refusal, quotes nothing of the text', () => {
    const sealed = seal(padded(content(Buffer.from('秘密'), { appId: 'wx1' })));
    expect(() => decryptMessage([KEY], APP, sealed)).toThrow(/^encrypted push refused: appid$/);
  });
});

describe('encryptMessage', () => {
  it('the UTF-8 vector, gives the documented text', () => {
    const sealed = encryptMessage(KEY, APP, '<xml><Content>你好</Content></xml>', Buffer.from('0123456789abcdef'));
    expect(sealed).toBe(
      'uMMzGtqcnpOzXOYBwDQNrf2dlHnfjxY94DOldm9EjAxnvybnoh4tZro+04nJYKNl1uV9KL7HYTrHvL8Dws6z0tDrKUdsETFEW0wZftyuCpZg8c7a0dCMjCozvJgiYipF',
    );
  });

  it('the same text twice, differs', () => {
    expect(encryptMessage(KEY, APP, 'a')).not.toBe(encryptMessage(KEY, APP, 'a'));
  });

  it('texts of every length to 200 bytes, open again', () => {
    for (let length = 0; length <= 200; length += 1) {
      const message = randomBytes(length).toString('hex').slice(0, length);
      expect(decryptMessage([KEY], APP, encryptMessage(KEY, APP, message)).message).toBe(message);
    }
  });
});
