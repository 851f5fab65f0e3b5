import { halfWidthWords as halfWidth } from '../kernel/normal/text.ts';
import { NUMERAL, readNumeral } from './numerals.ts';

/** Numbers of a list said together; more than these are no numbers of a list. */
const MOST_NUMBERS = 50;
const SEPARATED = '(?=[\\s，,、:：。；;.]|和|$)';
/** What makes a number an amount, a day, an hour or a place instead: 3月5日, 10:30, 3天, 2个孩子, 3号楼. */
const UNITS =
  '[月日点时天周年岁万千百元块折分次人米门节课期页套件%％kK]|个(?:月|小时|人|孩)|[号个位条](?![\\s，,、:：。；;.]|和|$)|[:：/.~～—–－-]\\d';
/** 5 周末再打 is number 5; 3 天后再打 is a span, 3 次没接 are times. */
const UNITS_APART = '[月日点岁万千元块次人%]|分(?!配|给)|[天周年][后内前之以]|个(?:月|小时|人|孩)';
const ONE = `第?\\s*(\\d{1,3})(?!\\d)(?:[号个位条]${SEPARATED}|(?!${UNITS}|\\s+(?:${UNITS_APART})))`;
/** The first may stand right before its text: 3号没接. */
const FIRST = new RegExp(
  `^第?\\s*(\\d{1,3})(?!\\d)(?:号(?![楼线店院门铺馆厅])|位|[个条]${SEPARATED}|(?!${UNITS}|\\s+(?:${UNITS_APART})))`,
);
const RANGE = new RegExp(
  `^第?\\s*(\\d{1,3})[号个位]?\\s*(?:-|~|～|—|–|－|到|至)\\s*第?(\\d{1,3})(?!\\d)(?:[号个位条]${SEPARATED}|(?!${UNITS}|\\s+(?:${UNITS_APART})))`,
);
const NEXT = new RegExp(`^(?:\\s*[、,，]\\s*|\\s*[和跟及]\\s*|\\s+)${ONE}`);
const NEXT_RANGE = new RegExp(`^(?:\\s*[、,，]\\s*|\\s*[和跟及]\\s*|\\s+)(${RANGE.source.slice(1)})`);
const CHINESE = new RegExp(`^(?!第?\\d)(?:第(${NUMERAL})[号个位条]?|(${NUMERAL})[号位条])${SEPARATED}`);

/** Numbers that begin a text, in the order said and each once, and the text behind them as it was written. */
export type ReadNumbers = { numbers: number[]; rest: string };

/** A mobile as people write it: one word, not numbers of a list. */
export const MOBILE = /^(?:\+86[\s-]*)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/;

/**
 * Takes the numbers of a list off the beginning of a text: 1, 第1个, 3号, `2 3`, `2、3`, `2和3`, `1-3`, `1，2`, 第一个. What
 * is an amount, a day or an hour is none (3月5日, 10:30, 3 天后). Null where no number stands there.
 */
export function readNumbers(written: string): ReadNumbers | null {
  const text = halfWidth(written);
  if (MOBILE.test(text)) return null;
  const chinese = /^[零一二两三四五六七八九十]{1,3}$/.test(text.trim()) ? readNumeral(text.trim()) : null;
  if (chinese !== null) return { numbers: [chinese], rest: '' };
  const [whole, ordinal, counted] = CHINESE.exec(text) ?? [];
  if (whole !== undefined) {
    const number = readNumeral(ordinal ?? counted ?? '');
    return number === null ? null : { numbers: [number], rest: behind(written, whole.length) };
  }
  const first = takeRange(text) ?? takeFirst(text);
  if (!first) return null;
  const numbers = [...first.numbers];
  let length = first.length;
  for (;;) {
    const next = takeNext(text.slice(length));
    if (!next) break;
    numbers.push(...next.numbers);
    length += next.length;
  }
  // 1 138 0013 8000 是他爸的: what goes on with digits is no row of numbers.
  if (/^[\s，,、]*\d/.test(text.slice(length)) && numbers.length > first.numbers.length)
    return { numbers: first.numbers, rest: behind(written, first.length) };
  if (numbers.length > MOST_NUMBERS) return null;
  return { numbers: [...new Set(numbers)], rest: behind(written, length) };
}

type Taken = { numbers: number[]; length: number };

function takeFirst(text: string): Taken | null {
  const [whole, number] = FIRST.exec(text) ?? [];
  return whole === undefined ? null : { numbers: [Number(number)], length: whole.length };
}

function takeNext(text: string): Taken | null {
  const range = NEXT_RANGE.exec(text);
  const span = range && spanOf(Number(range[2]), Number(range[3]));
  if (range && span) return { numbers: span, length: range[0].length };
  const [whole, number] = NEXT.exec(text) ?? [];
  return whole === undefined ? null : { numbers: [Number(number)], length: whole.length };
}

function takeRange(text: string): Taken | null {
  const [whole, from, to] = RANGE.exec(text) ?? [];
  const span = whole === undefined ? null : spanOf(Number(from), Number(to));
  return span && whole !== undefined ? { numbers: span, length: whole.length } : null;
}

/** 1-3 are three; 3-1 is nothing a list has. */
function spanOf(from: number, to: number): number[] | null {
  if (from < 1 || to <= from || to - from >= MOST_NUMBERS) return null;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What follows the numbers, without the signs that part it from them. */
function behind(written: string, length: number): string {
  return written.slice(length).replace(/^[\s\u3000，,、:：。.]+/, '');
}
