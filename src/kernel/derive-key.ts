import { hkdfSync } from 'node:crypto';

/** A key of 32 bytes for one use, derived of the sessions' secret: another one for each use, the same on every node. */
export function deriveKey(sessionSecret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', sessionSecret, 'xiaoxin', use, 32));
}
