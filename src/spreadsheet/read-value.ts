import { format } from 'numfmt';
import { LIMITS } from './read-limits.ts';
import type { NumberMeaning } from './read-styles.ts';

const DAY_SECONDS = 24 * 60 * 60;
const DAY_MS = DAY_SECONDS * 1000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Excel's last day, 9999-12-31. */
const LAST_DAY = 2_958_465;
/** Excel counts 1900-02-29, which never was. */
const LEAP_BUG = 60;

/**
 * A number as people see it: whole ones in full (13800138000, never 1.38E+10), days as 2026-11-21, times as 14:30, both
 * where both are shown; 60% and 8000元 as their format writes them.
 */
export function sayNumber(raw: string, meaning: NumberMeaning, from1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  switch (meaning.kind) {
    case 'date':
      return sayDate(value, meaning, from1904) ?? plainNumber(value);
    case 'span':
      return saySpan(value);
    case 'shown':
      return sayShown(value, meaning.code);
    case 'zeros':
      return Number.isInteger(value) && value >= 0
        ? plainNumber(value).padStart(meaning.digits, '0')
        : plainNumber(value);
    default:
      return plainNumber(value);
  }
}

/** Without the rests of binary fractions (0.30000000000000004) that no program shows. */
function plainNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

function sayShown(value: number, code: string): string {
  try {
    return format(code, value, { nbsp: false }).trim().slice(0, LIMITS.cell);
  } catch {
    return plainNumber(value);
  }
}

type Shown = { day: boolean; time: boolean; seconds: boolean };

/** A day number as its format shows it, null for what is no date. A time is never rounded up to the next day. */
function sayDate(serial: number, shown: Shown, from1904: boolean): string | null {
  if (serial < 0 || serial >= LAST_DAY + 1) return null;
  const seconds = Math.round(serial * DAY_SECONDS);
  const wholeDays = Math.floor(seconds / DAY_SECONDS);
  const time = sayTime(seconds - wholeDays * DAY_SECONDS, shown.seconds);
  if (!shown.day || (wholeDays === 0 && time !== MIDNIGHT)) return time;
  if (wholeDays === 0) return null;
  const early = !from1904 && wholeDays < LEAP_BUG ? 1 : 0;
  const day = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) + (wholeDays + early) * DAY_MS).toISOString().slice(0, 10);
  return shown.time && time !== MIDNIGHT ? `${day} ${time}` : day;
}

const MIDNIGHT = '00:00';

/** Seconds of a day as 14:30, or 14:30:59 where seconds are shown and there are some. */
function sayTime(seconds: number, withSeconds: boolean): string {
  const minutes = Math.floor(seconds / 60);
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return withSeconds && seconds % 60 !== 0 ? `${time}:${two(seconds % 60)}` : time;
}

/** Hours and minutes that may be more than a day: 27:30. */
function saySpan(days: number): string {
  return `${days < 0 ? '-' : ''}${sayTime(Math.round(Math.abs(days) * DAY_SECONDS), true)}`;
}

/** A date written out (`t="d"`): 2026-11-21T00:00:00.000Z. */
export function sayIsoDate(raw: string, meaning: NumberMeaning): string {
  const [, day, hours, minutes, seconds] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(raw) ?? [];
  if (!day) return raw;
  const shown = meaning.kind === 'date' ? meaning : { day: true, time: true, seconds: true };
  const time = sayTime(Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0), shown.seconds);
  if (!shown.day) return time;
  return shown.time && time !== MIDNIGHT ? `${day} ${time}` : day;
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
