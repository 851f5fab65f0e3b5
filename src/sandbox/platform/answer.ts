import { randomBytes } from 'node:crypto';

/** A call the platform refuses; it answers HTTP 200 with the code all the same. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(`${errcode} ${errmsg}`);
  }
}

/** The answer of calls that only say yes. */
export const OK = { errcode: 0, errmsg: 'ok' } as const;

/** What a refused call answers; the rid is what the real platform's support asks for. */
export function errorAnswer(errcode: number, errmsg: string): { errcode: number; errmsg: string } {
  const rid = [1, 2, 3].map(() => randomBytes(4).toString('hex')).join('-');
  return { errcode, errmsg: `${errmsg} rid: ${rid}` };
}

/** Writes JSON as the platform does: 64-bit ids (bigint) stand as bare numbers, which JSON.parse would round. */
export function platformJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `@bare:${item}@` : item));
  return json.replace(/"@bare:(-?\d+)@"/g, '$1');
}

/** A 63-bit id of 19 digits, like the platform's msgids. */
export function longId(): bigint {
  return 3_000_000_000_000_000_000n + (randomBytes(8).readBigUInt64BE() % 6_000_000_000_000_000_000n);
}
