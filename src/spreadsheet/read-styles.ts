import { LIMITS } from './read-limits.ts';
import { scanAll } from './read-xml.ts';
import type { Parts } from './read-zip.ts';

/** How a number is meant: as it is, as a day or time, or with zeros in front (`zeros` digits in all). */
export type NumberMeaning = { kind: 'number' } | { kind: 'date' } | { kind: 'zeros'; digits: number };

/** What each cell format (its place in the list) makes of a number. */
export type Styles = (format: number) => NumberMeaning;

const PLAIN: NumberMeaning = { kind: 'number' };
const DATE: NumberMeaning = { kind: 'date' };

/** Reads which formats show numbers as dates; a workbook without formats has none. */
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
        formats.push(custom.get(id) ?? (isBuiltInDate(id) ? DATE : PLAIN));
      }
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return (format) => formats[format] ?? PLAIN;
}

/** Formats every program knows by number; 27–36 and 50–58 are the Chinese, Japanese and Korean dates. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Tells a format's code: yyyy"年"m"月", [$-804]h:mm AM/PM, 00000000000. */
export function readFormat(code: string): NumberMeaning {
  if (/^0{2,20}$/.test(code)) return { kind: 'zeros', digits: code.length };
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"/g, '')
    .replace(/\\.|_.|\*./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/general/gi, '');
  return /[ymdhs]/i.test(bare) ? DATE : PLAIN;
}
