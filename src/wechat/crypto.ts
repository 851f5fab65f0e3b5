import { createDecipheriv } from 'node:crypto';
import { encrypt } from '@wecom/crypto';

/** An encrypted text that is not for us or not whole; `fault` is for the log and never holds the text. */
export class DecryptProblem extends Error {
  override readonly name = 'DecryptProblem';
  constructor(readonly fault: 'base64' | 'length' | 'padding' | 'appid' | 'utf8') {
    super(`encrypted push refused: ${fault}`);
  }
}

const BLOCK = 32; // WeChat pads to 32 bytes, not to AES's 16
const PREFIX = 16; // random bytes before the length
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Opens an `<Encrypt>` text with the first of `keys` (current, then previous EncodingAESKey, 43 characters each) that
 * fits, and says which it was, because the reply has to be sealed with the same one.
 * @throws DecryptProblem when none fits: broken base64, padding, length, a foreign appid, or text that is not UTF-8
 */
export function decryptMessage(keys: readonly string[], appId: string, encrypted: string) {
  let problem = new DecryptProblem('base64');
  for (const key of keys) {
    try {
      return { message: open(key, appId, encrypted), key };
    } catch (error) {
      if (!(error instanceof DecryptProblem)) throw error;
      problem = error;
    }
  }
  throw problem;
}

/**
 * Seals a text as WeChat expects it: base64 of AES-256-CBC over 16 random bytes, the byte length, the text and our
 * appid, padded to 32. `random` is given only in tests.
 */
export function encryptMessage(key: string, appId: string, message: string, random?: Buffer): string {
  return encrypt(key, message, appId, random);
}

// Not @wecom/crypto's decrypt: it takes any padding and any length, replaces broken UTF-8 with U+FFFD, and leaves the
// appid unread. And not Node's own unpadding: that refuses the pads 17 to 32, about half of all messages.
function open(key: string, appId: string, encrypted: string): string {
  if (encrypted.length % 4 !== 0 || !BASE64.test(encrypted)) throw new DecryptProblem('base64');
  const cipher = Buffer.from(encrypted, 'base64');
  if (cipher.length === 0 || cipher.length % 16 !== 0) throw new DecryptProblem('length');

  const secret = Buffer.from(`${key}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', secret, secret.subarray(0, 16)).setAutoPadding(false);
  const content = unpad(Buffer.concat([decipher.update(cipher), decipher.final()]));

  if (content.length < PREFIX + 4) throw new DecryptProblem('length');
  const start = PREFIX + 4;
  const end = start + content.readUInt32BE(PREFIX);
  if (end > content.length) throw new DecryptProblem('length');
  if (!content.subarray(end).equals(Buffer.from(appId))) throw new DecryptProblem('appid');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content.subarray(start, end));
  } catch {
    throw new DecryptProblem('utf8');
  }
}

function unpad(padded: Buffer): Buffer {
  const pad = padded.at(-1) ?? 0;
  if (pad < 1 || pad > BLOCK || pad > padded.length) throw new DecryptProblem('padding');
  if (padded.subarray(-pad).some((byte) => byte !== pad)) throw new DecryptProblem('padding');
  return padded.subarray(0, -pad);
}
