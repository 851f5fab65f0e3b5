import { refuse } from './refusal.ts';

/** What PostgreSQL keeps in no text: NUL, and half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Cs}/u;
const ALL_UNSTORABLE = new RegExp(UNSTORABLE, 'gu');

/** Nothing we take is half as deep, and what walks through it, the database too, does so by recursion. */
const MOST_DEEP = 32;

/**
 * Refuses what is nested too deep, and texts, wherever they are, that the database could not keep: better said here than by a failed statement.
 * @throws Refusal `bad_request`
 */
export function refuseUnstorable(value: unknown, depth = 0): void {
  if (depth > MOST_DEEP) throw refuse.bad_request({ why: '内容一层套一层太深，没能读懂' });
  if (typeof value === 'string' && UNSTORABLE.test(value))
    throw refuse.bad_request({ why: '内容里有看不见的控制字符，删掉再试' });
  if (value && typeof value === 'object') for (const part of Object.values(value)) refuseUnstorable(part, depth + 1);
}

/** A text without them, where there is nobody to refuse: what came from the platform. */
export function withoutUnstorable(text: string): string {
  return text.replace(ALL_UNSTORABLE, '');
}
