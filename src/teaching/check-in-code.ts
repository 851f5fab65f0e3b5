import { createHmac, timingSafeEqual } from 'node:crypto';

/** A code stands on the screen so long. */
export const WINDOW_SECONDS = 20;
const CODE_LENGTH = 16;

function windowOf(now: Date): number {
  return Math.floor(now.getTime() / 1000 / WINDOW_SECONDS);
}

/** How long the present code still stands, in seconds, 1 to 20. */
export function secondsLeft(now: Date): number {
  return WINDOW_SECONDS - (Math.floor(now.getTime() / 1000) % WINDOW_SECONDS);
}

/** The lesson's code of this moment: which lesson, and a mark made from its secret and the time window. */
export function codeAt(lesson: { id: number; checkInSecret: string }, now: Date): string {
  return `${lesson.id.toString(36)}-${markOf(lesson, windowOf(now))}`;
}

/** Whose code it claims to be; null where it is none of ours. */
export function lessonOf(code: string): number | null {
  const [, id] = /^([0-9a-z]{1,7})-[\w-]+$/.exec(code) ?? [];
  const lessonId = id === undefined ? Number.NaN : Number.parseInt(id, 36);
  return lessonId > 0 && lessonId <= 2_147_483_647 ? lessonId : null;
}

/** Whether a code is the present one or the one just before: whoever scanned it at the last moment still gets in. */
export function isCurrent(code: string, lesson: { id: number; checkInSecret: string }, now: Date): boolean {
  const given = Buffer.from(code);
  return [0, 1].some((ago) => {
    const right = Buffer.from(`${lesson.id.toString(36)}-${markOf(lesson, windowOf(now) - ago)}`);
    return right.length === given.length && timingSafeEqual(right, given);
  });
}

function markOf({ id, checkInSecret }: { id: number; checkInSecret: string }, window: number): string {
  return createHmac('sha256', checkInSecret).update(`${id}:${window}`).digest('base64url').slice(0, CODE_LENGTH);
}
