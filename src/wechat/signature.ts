import { createHash, timingSafeEqual } from 'node:crypto';
import { getJsApiSignature } from '@wecom/crypto';

/**
 * WeChat's signature of a callback: the parts (token, timestamp, nonce, and for encrypted pushes the Encrypt text)
 * sorted byte by byte as strings ("10" before "9"), joined with nothing, as lowercase hex sha1.
 */
export function signatureOf(...parts: string[]): string {
  // Not @wecom/crypto's getSignature: it sorts by UTF-16 units and only takes four parts.
  const sorted = parts.map((part) => Buffer.from(part, 'utf8')).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** Whether `given` signs `parts`, compared in constant time. An absent, empty or repeated (array) parameter never does. */
export function isSignedBy(given: unknown, ...parts: string[]): boolean {
  if (typeof given !== 'string') return false;
  const expected = Buffer.from(signatureOf(...parts));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Signs a page for WeChat's JS-SDK (wx.config). `url` is the page's own address, unescaped; what follows `#` is cut.
 * `timestamp` in seconds.
 */
export function jsSdkSignature(input: { ticket: string; nonce: string; timestamp: number; url: string }): string {
  const [url = ''] = input.url.split('#');
  return getJsApiSignature({ ticket: input.ticket, nonceStr: input.nonce, timestamp: input.timestamp, url }).signature;
}
