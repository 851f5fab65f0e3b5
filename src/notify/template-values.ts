import { addDays, type SchoolDay } from '../kernel/school-time.ts';

// What the fields of template messages take (wechat-platform.md §3, template value rules). A value that breaks its
// field's rule is refused with 47003, so values are cut and rewritten to fit before they leave.

/** A value as the field takes it, or why it cannot. */
export type Fitted = { ok: true; value: string } | { ok: false; why: string };

type Rule = {
  title: string;
  /** The value brought into the field's form; null where nothing of it fits. `day` is the day the notice is from. */
  fit(value: string, day: SchoolDay): string | null;
  accepts(value: string): boolean;
};

const CLOCK = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const DAY = String.raw`(?:\d{4}年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日|\d{4}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01]))`;
const ONE_TIME = new RegExp(`^(?:${DAY} ?)?${CLOCK}$`);
const ONE_DATE = new RegExp(`^${DAY}(?: ?${CLOCK})?$`);

const long = (text: string) => [...text].length;
const cut = (text: string, most: number) => (long(text) <= most ? text : `${[...text].slice(0, most - 1).join('')}…`);
const only = (text: string, wanted: RegExp) => [...text].filter((sign) => wanted.test(sign)).join('');
const ranges = (text: string, one: RegExp) => {
  const parts = text.split('~').map((part) => part.trim());
  return parts.length <= 2 && parts.every((part) => one.test(part));
};

// Digits, # and * are emoji to Unicode too, but only Extended_Pictographic signs are pictures; the rest joins them.
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D}/gu;

/** An empty field is refused, and says nothing either. */
const NONE = '无';

const RULES: Readonly<Record<string, Rule>> = {
  thing: { title: '20 个字以内', fit: (v) => cut(v || NONE, 20), accepts: (v) => long(v) <= 20 && v !== '' },
  character_string: {
    title: '32 位以内的数字、字母或符号',
    fit: (v) =>
      only(narrow(v), /[\x21-\x7E ]/)
        .trim()
        .slice(0, 32)
        .trim() || null,
    accepts: (v) => /^[\x20-\x7E]{1,32}$/.test(v),
  },
  time: { title: '时间，如 15:01 或 2026-11-21 15:01', fit: fitTime, accepts: (v) => ranges(v, ONE_TIME) },
  date: { title: '日期，如 2026-11-21', fit: fitDate, accepts: (v) => ranges(v, ONE_DATE) },
  number: {
    title: '数字',
    fit: (v) => /-?\d{1,32}(?:\.\d+)?/.exec(v)?.[0].slice(0, 32).replace(/\.$/, '') ?? null,
    accepts: (v) => /^-?\d{1,32}(\.\d+)?$/.test(v) && v.replace(/\D/g, '').length <= 32,
  },
  letter: {
    title: '32 个字母以内',
    fit: (v) => only(v, /[A-Za-z]/).slice(0, 32) || null,
    accepts: (v) => /^[A-Za-z]{1,32}$/.test(v),
  },
  symbol: {
    title: '5 个符号以内',
    fit: (v) => [...only(v, /[^\p{L}\p{N}\s]/u)].slice(0, 5).join('') || null,
    accepts: (v) => /^[^\p{L}\p{N}\s]{1,5}$/u.test(v),
  },
  amount: {
    title: '金额，如 ¥100.00',
    fit: (v) => /\p{Sc}?\d{1,10}(?:\.\d+)?元?/u.exec(v.replaceAll(',', ''))?.[0] ?? null,
    accepts: (v) => /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u.test(v),
  },
  phone_number: {
    title: '17 位以内的号码',
    fit: (v) =>
      only(v, /[\d+\-() ]/)
        .trim()
        .slice(0, 17)
        .trim() || null,
    accepts: (v) => /^[\d+\-() ]{1,17}$/.test(v),
  },
  car_number: { title: '8 位以内', fit: (v) => cut(v, 8) || null, accepts: (v) => v !== '' && long(v) <= 8 },
  name: {
    title: '10 个汉字或 20 个字母以内',
    fit: (v) => cut(v || NONE, /\p{Script=Han}/u.test(v || NONE) ? 10 : 20),
    accepts: (v) => v !== '' && long(v) <= (/\p{Script=Han}/u.test(v) ? 10 : 20),
  },
  phrase: {
    title: '5 个汉字以内',
    fit: (v) => [...only(v, /\p{Script=Han}/u)].slice(0, 5).join('') || null,
    accepts: (v) => /^\p{Script=Han}{1,5}$/u.test(v),
  },
  // Equal to one of the values approved with the template, which the platform does not list.
  const: { title: '模板里定好的词', fit: (v) => (long(v) <= 20 ? v : null), accepts: (v) => long(v) <= 20 },
};

/** The type in a field's name: `phrase10` is a phrase; old templates' keyword1, first and remark take any text. */
export function fieldType(field: string): string {
  return /^(.+?)\d*$/.exec(field)?.[1] ?? field;
}

/** What a field of that name takes, in words. */
export function fieldRule(field: string): string {
  return RULES[fieldType(field)]?.title ?? '文字';
}

/** Whether the platform takes the value in the field of that name. */
export function isFieldValue(field: string, value: string): boolean {
  if (/[\r\n]/.test(value)) return false;
  const rule = RULES[fieldType(field)];
  return rule ? rule.accepts(value) : value !== '';
}

/** Cuts and rewrites a value to what the field of that name takes; `day` is the school day the notice is from. */
export function fitValue(field: string, value: string, day: SchoolDay): Fitted {
  const rule = RULES[fieldType(field)];
  const plain = clean(value);
  const fitted = rule ? rule.fit(plain, day) : cut(plain || NONE, 100);
  if (fitted !== null && isFieldValue(field, fitted)) return { ok: true, value: fitted };
  return { ok: false, why: `要${rule?.title ?? '文字'}，「${cut(plain, 20)}」放不下` };
}

/** One line, without emoji, which the platform shows as □. */
function clean(value: string): string {
  return value
    .replace(EMOJI, (sign) => (/[©®™]/.test(sign) ? sign : ''))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

function narrow(value: string): string {
  return value.replaceAll('–', '-').replaceAll('～', '~').normalize('NFKC');
}

/** 11-21 14:30, 明天 11-22 周日 10:00–12:00, 10:00–12:00 → 2026-11-21 14:30 … */
function fitTime(value: string, day: SchoolDay): string | null {
  const clocks = [...narrow(withClocks(value)).matchAll(new RegExp(CLOCK, 'g'))].map(([clock]) => clock).slice(0, 2);
  if (clocks.length === 0) return null;
  // 今晚 02:00 is tomorrow by the calendar.
  const isAfterMidnight = value.includes('今晚') && Number.parseInt(clocks[0] ?? '', 10) < 6;
  const found = isAfterMidnight ? addDays(day, 1) : findDay(value, day);
  return `${found ? `${found} ` : ''}${clocks.join('~')}`;
}

/** 明早 2 点, 14点30分, 下午 2 点半 are no clocks to the platform. */
function withClocks(value: string): string {
  return value.replace(/(下午|晚上|傍晚)?\s*(\d{1,2}) ?点(?: ?(\d{1,2}) ?分|(半))?/g, (_, late, hour, minute, half) => {
    const hours = late && Number(hour) < 12 ? Number(hour) + 12 : Number(hour);
    return ` ${hours}:${half ? '30' : String(minute ?? 0).padStart(2, '0')}`;
  });
}

function fitDate(value: string, day: SchoolDay): string | null {
  return findDay(value, day);
}

/** The day a text names, with the year that lies nearest where it names none. */
function findDay(text: string, day: SchoolDay): SchoolDay | null {
  const full = /(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})/.exec(text);
  if (full) return calendarDay(Number(full[1]), Number(full[2]), Number(full[3]));
  const short = /(?<![\d:])(\d{1,2})[-月](\d{1,2})(?![\d:])/.exec(text);
  if (short) return nearest(Number(short[1]), Number(short[2]), day);
  if (/今[天早晚]/.test(text)) return day;
  return /明[天早晚]/.test(text) ? addDays(day, 1) : null;
}

function nearest(month: number, date: number, day: SchoolDay): SchoolDay | null {
  const year = Number(day.slice(0, 4));
  const apart = month - Number(day.slice(5, 7));
  return calendarDay(apart > 6 ? year - 1 : apart < -6 ? year + 1 : year, month, date);
}

function calendarDay(year: number, month: number, date: number): SchoolDay | null {
  if (month < 1 || month > 12 || date < 1 || date > 31) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
