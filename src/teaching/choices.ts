import type { Attendance } from '../generated/prisma/client.ts';

/** How a student took part in a lesson: ids as stored, with the labels of tables and sheets. */
export const ATTENDANCES = {
  present: '已签到',
  excused: '请假',
  late: '迟到',
  absent: '缺勤',
  leftEarly: '早退',
} as const satisfies Record<Attendance, string>;

/** The same in one or two signs, as the roll call and chat say it. */
export const SHORT_ATTENDANCES = { ...ATTENDANCES, present: '到' } as const satisfies Record<Attendance, string>;

/** What becomes of the lessons to come when a cohort gets other lecturers. */
export const LESSONS_AHEAD = { move: '改由新讲师上', keep: '还由原来的讲师上' } as const;

/** In the order a tap on the roll call cycles through them. */
export const TAP_ORDER = ['present', 'late', 'absent', 'excused', 'leftEarly'] as const satisfies readonly Attendance[];

export const NOT_GRADED = -1;

/** Every score there is, best first, with its letters (product §7); those below 0 are codes, not marks. */
export const SCORES = [
  [100, 'A+'],
  [90, 'A'],
  [85, 'B+'],
  [80, 'B'],
  [70, 'B-'],
  [60, 'C+'],
  [50, 'C'],
  [40, 'C-'],
  [0, 'D'],
  [NOT_GRADED, 'N/A'],
  [-100, 'COPY'],
  [-1000, 'FAIL'],
] as const;

const LETTERS = new Map<number, string>(SCORES);
const NUMBERS = new Map<string, number>(SCORES.map(([score, letters]) => [letters, score]));

/** The scores as a table's choice list; an object orders whole numbers by itself, so the list is not best first. */
export const SCORE_CHOICES: Readonly<Record<string, string>> = Object.fromEntries(SCORES);

/** B+ for 85; the number itself where it is none of the list. */
export function sayScore(score: number): string {
  return LETTERS.get(score) ?? String(score);
}

/** A score as people write it: 85, b+, Ｂ＋, n/a, copy; nothing at all is N/A. Null where it is none. */
export function readScore(written: unknown): number | null {
  if (typeof written === 'number') return LETTERS.has(written) ? written : null;
  if (typeof written !== 'string') return null;
  const plain = written
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, '')
    .toUpperCase();
  if (plain === '' || plain === 'NA' || plain === '-') return NOT_GRADED;
  const letters = NUMBERS.get(plain);
  if (letters !== undefined) return letters;
  return /^-?\d{1,4}$/.test(plain) && LETTERS.has(Number(plain)) ? Number(plain) : null;
}
