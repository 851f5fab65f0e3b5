import { NUMERAL, readNumeral } from './numerals.ts';
import { refuse } from './phrases.ts';
import { halfWidth } from './said.ts';

/** Whole hours of one day, `to` not included: 10–12 are the hours beginning at 10 and 11. */
export type Hours = { from: number; to: number };

const PART = '凌晨|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚|夜里';
const TO = '\\s*(?:-|~|～|—|–|到|至)\\s*';
/** 点 or :00; what is left of an hour (半, 一刻, 30分) is caught to be refused. */
const PAST = `半|[一三]刻|${NUMERAL}分?(?!\\d|\\s*(?:个|小时|钟头|点))`;
const HOUR = `(${NUMERAL})(?:(?:点钟?|时|[:：])(${PAST})?)?`;
const SPAN = new RegExp(`^(${PART})?\\s*${HOUR}(?:${TO}(${PART})?\\s*${HOUR})?`);
const LENGTH = new RegExp(`^[\\s，,]*(?:共|用)?(${NUMERAL}|半)个?半?(?:小时|钟头)半?`);

/**
 * Reads a text that is a time as people write it: 10-12, 10:00-12:00, 10点到12点, 下午2点, 上午9-11, 14点2小时. One hour
 * where no end is said; hours before `opens` (8) without 上午 or 早上 are the afternoon's. Null for anything else.
 * @throws Refusal `half_hour` where it is a time but not on the hour
 */
export function readHours(text: string, options: { opens?: number } = {}): Hours | null {
  const taken = takeHours(text, options);
  return taken?.rest === '' ? taken.hours : null;
}

/**
 * Takes a time off the beginning of a text and gives the rest; null where none stands there.
 * @throws Refusal `half_hour`
 */
export function takeHours(text: string, { opens = 8 }: { opens?: number } = {}): { hours: Hours; rest: string } | null {
  const plain = halfWidth(text).trimStart();
  const span = SPAN.exec(plain);
  if (!span) return null;
  const [whole, part, begins, beginsPast, endPart, ends, endsPast] = span;
  const from = hourOf(part, begins, opens);
  if (from === null || !isTime(whole, part, ends)) return null;
  onTheHour(beginsPast);
  onTheHour(endsPast);

  const after = plain.slice(whole.length);
  const length = ends === undefined ? takeLength(after) : null;
  const to = ends === undefined ? from + (length?.hours ?? 1) : endOf(endPart ?? part, ends, from);
  if (to === null || to <= from || to > 24) return null;
  return { hours: { from, to }, rest: (length?.rest ?? after).trim() };
}

/**
 * Reads how long something takes in whole hours: 2小时, 两个小时. Null for anything else.
 * @throws Refusal `half_hour`
 */
export function readLength(text: string): number | null {
  const length = takeLength(halfWidth(text).trim());
  return length?.rest === '' ? length.hours : null;
}

function takeLength(text: string): { hours: number; rest: string } | null {
  const match = LENGTH.exec(text);
  if (!match) return null;
  if (match[0].includes('半')) throw refuse.half_hour();
  return { hours: readNumeral(match[1] ?? '') ?? 0, rest: text.slice(match[0].length) };
}

/** A bare number is no time; a part of the day, 点 or an end makes it one. */
function isTime(whole: string, part: string | undefined, ends: string | undefined): boolean {
  return part !== undefined || ends !== undefined || /[点时:：]/.test(whole);
}

function onTheHour(past: string | undefined): void {
  if (past && readNumeral(past.replace('分', '')) !== 0) throw refuse.half_hour();
}

function hourOf(part: string | undefined, written: string | undefined, opens: number): number | null {
  const hour = readNumeral(written ?? '');
  if (hour === null || hour > 24) return null;
  if (part === undefined) return hour < opens && hour > 0 ? hour + 12 : hour;
  if (/下午|午后|傍晚|晚|夜里/.test(part)) return hour < 12 ? hour + 12 : hour === 12 && /晚|夜/.test(part) ? 24 : hour;
  if (part === '中午') return hour < 10 ? hour + 12 : hour;
  return hour;
}

/** An end is after its beginning: 11-1 and 上午10点到2点 end in the afternoon. */
function endOf(part: string | undefined, written: string, from: number): number | null {
  const said = readNumeral(written);
  if (said === null || said > 24) return null;
  const end = hourOf(part, written, 0) ?? said;
  return end < from && said <= 12 && said + 12 > from ? said + 12 : end;
}

/** Hours as people read them: 10:00–12:00. */
export function sayHours({ from, to }: Hours): string {
  return `${String(from).padStart(2, '0')}:00–${String(to).padStart(2, '0')}:00`;
}
