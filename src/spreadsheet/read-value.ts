import type { NumberMeaning } from './read-styles.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Excel's last day, 9999-12-31. */
const LAST_DAY = 2_958_465;
/** Excel counts 1900-02-29, which never was. */
const LEAP_BUG = 60;

/** A number as people see it: whole ones in full (13800138000, never 1.38E+10), dates as 2026-11-21 or with 14:30. */
export function sayNumber(raw: string, meaning: NumberMeaning, from1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (meaning.kind === 'date') return sayDate(value, from1904) ?? plainNumber(value);
  if (meaning.kind === 'zeros' && Number.isInteger(value) && value >= 0)
    return plainNumber(value).padStart(meaning.digits, '0');
  return plainNumber(value);
}

/** Without the rests of binary fractions (0.30000000000000004) that no program shows. */
function plainNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

/** A day number as a date, a part of a day as a time, null for what is no date. */
function sayDate(serial: number, from1904: boolean): string | null {
  if (serial < 0 || serial >= LAST_DAY + 1) return null;
  const minutes = Math.round(serial * 24 * 60);
  const wholeDays = Math.floor(minutes / (24 * 60));
  const minute = minutes - wholeDays * 24 * 60;
  const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  if (wholeDays === 0) return minute === 0 ? null : time;
  const early = !from1904 && wholeDays < LEAP_BUG ? 1 : 0;
  const day = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) + (wholeDays + early) * DAY_MS).toISOString().slice(0, 10);
  return minute === 0 ? day : `${day} ${time}`;
}

/** A date written out (`t="d"`): 2026-11-21T00:00:00.000Z. */
export function sayIsoDate(raw: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?/.exec(raw) ?? [];
  if (!day) return raw;
  return time === undefined || time === '00:00' ? day : `${day} ${time}`;
}

/** A text as meant: signs that XML cannot hold come as _x000D_, and some of them no database can hold either. */
export function sayText(raw: string): string {
  const text = raw.includes('_x')
    ? raw.replace(/_x([0-9A-Fa-f]{4})_/g, (all, hex) => {
        const code = Number.parseInt(hex, 16);
        return code < 0x20 || code === 0x5f ? String.fromCharCode(code) : all;
      })
    : raw;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take off.
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
