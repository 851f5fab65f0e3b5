import { tokenize } from 'numfmt';
import { LIMITS } from './read-limits.ts';
import { scanAll } from './read-xml.ts';
import type { Parts } from './read-zip.ts';

/**
 * How a number is meant: as it is; with zeros in front (`zeros`, so many digits in all); as a day, a time or both; as a
 * span of hours; or written out by its format's code, where that says more than the number (60%, 8000元).
 */
export type NumberMeaning =
  | { kind: 'number' }
  | { kind: 'zeros'; digits: number }
  | { kind: 'date'; day: boolean; time: boolean; seconds: boolean }
  | { kind: 'span' }
  | { kind: 'shown'; code: string };

/** What each cell format (its place in the list) makes of a number. */
export type Styles = (format: number) => NumberMeaning;

const PLAIN: NumberMeaning = { kind: 'number' };

/** Reads what the workbook's formats make of numbers; a workbook without formats shows them as they are. */
export async function readStyles(parts: Parts, name: string | null): Promise<Styles> {
  if (name === null) return () => PLAIN;
  const custom = new Map<number, NumberMeaning>();
  const formats: NumberMeaning[] = [];
  let inCells = false;
  await scanAll(parts.read(name, LIMITS.smallPart), {
    open: (tag, { numFmtId, formatCode }) => {
      if (tag === 'numFmt') custom.set(Number(numFmtId), readFormat(formatCode ?? ''));
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) {
        const id = Number(numFmtId ?? 0);
        formats.push(custom.get(id) ?? builtIn(id));
      }
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return (format) => formats[format] ?? PLAIN;
}

const DAY: NumberMeaning = { kind: 'date', day: true, time: false, seconds: false };
const TIME: NumberMeaning = { kind: 'date', day: false, time: true, seconds: true };
const BOTH: NumberMeaning = { kind: 'date', day: true, time: true, seconds: true };

/**
 * Formats every program knows by number. 27–36 and 50–58 are the Chinese, Japanese and Korean dates and times, which
 * are not the same everywhere.
 */
function builtIn(id: number): NumberMeaning {
  if (id === 9) return { kind: 'shown', code: '0%' };
  if (id === 10) return { kind: 'shown', code: '0.00%' };
  if (id >= 14 && id <= 17) return DAY;
  if (id >= 18 && id <= 21) return TIME;
  if (id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return BOTH;
  if (id === 45 || id === 47) return TIME;
  return id === 46 ? { kind: 'span' } : PLAIN;
}

/** Tells a format's code: yyyy"年"m"月", [$-804]h:mm AM/PM, 00000000000, 0%, #,##0"元", [h]:mm. */
export function readFormat(code: string): NumberMeaning {
  if (code.length > LIMITS.format) return PLAIN;
  if (/^0{2,20}$/.test(code)) return { kind: 'zeros', digits: code.length };
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"/g, '')
    .replace(/\\.|_.|\*./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/general/gi, '');
  if (/\[(?:h+|m+|s+)\]/i.test(bare)) return { kind: 'span' };
  if (!/[ymdhs]/i.test(bare)) return saysMore(code) ? { kind: 'shown', code } : PLAIN;
  const time = /[hs]/i.test(bare);
  // Beside hours or seconds an m is minutes.
  return { kind: 'date', day: !time || /[yd]/i.test(bare), time, seconds: /s/i.test(bare) };
}

/** Signs that belong to writing a number, not to what it is a number of. */
const BARE = /^[\s()+-]*$/;

/** Whether a format adds what a number alone does not say: a unit, a currency, a percent sign. */
function saysMore(code: string): boolean {
  let tokens: { type: string; value: string }[];
  try {
    tokens = tokenize(code);
  } catch {
    return false;
  }
  return tokens.some(({ type, value }) => {
    if (type === 'percent' || type === 'scale') return true;
    if (type === 'locale') return !value.startsWith('-');
    return (type === 'string' || type === 'escaped' || type === 'char' || type === 'currency') && !BARE.test(value);
  });
}
