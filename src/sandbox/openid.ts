import { createHash } from 'node:crypto';

/**
 * The openid of a person's phone in the sandbox: the same on every machine for the same username, and shaped like a
 * real one (28 characters beginning with o).
 */
export function sandboxOpenid(username: string): string {
  const hash = createHash('sha256').update(`xiaoxin sandbox phone ${username}`).digest('base64url');
  return `oXx${hash.slice(0, 25)}`;
}
