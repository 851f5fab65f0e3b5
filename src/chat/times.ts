import { NUMERAL, readNumeral } from './numerals.ts';
import { halfWidth } from './said.ts';

/** Hours of one day, `to` not included: 10–12 are the hours beginning at 10 and 11. */
export type Hours = { from: number; to: number };

/**
 * A time taken off the beginning of a text. `hours`, and whether its end was said (else it is one hour); or `why` it is
 * asked back, with the hours it `could` be.
 */
export type SaidHours = { said: string; rest: string } & (
  | { hours: Hours; isSpan: boolean; why?: undefined }
  | { why: string; could: readonly Hours[]; hours?: undefined }
);

/** Between these hours a time said without 上午 or 下午 is looked for: 2点 is the afternoon's, because nothing is open at night. */
const OPENS = 8;
/** A bare end that is smaller than its beginning (10-2) means the afternoon's where it is no longer than this; 8-7 is asked back. */
const LONGEST_OVER_NOON = 6;

const MORNING = '凌晨|清晨|早晨|一?大?清?早上?|上午';
const NOON = '中午|正午';
const AFTERNOON = '下午|午后|傍晚';
const EVENING = '晚上|晚间|晚|夜里|夜间';
const PART = `${MORNING}|${NOON}|${AFTERNOON}|${EVENING}`;
/** What each part of the day is where all of it is meant: 上午全部, 一下午, 整天. */
const PARTS: readonly { is: RegExp; all: Hours; fits: Hours }[] = [
  { is: new RegExp(`^(?:${MORNING})$`), all: { from: 8, to: 12 }, fits: { from: 0, to: 13 } },
  { is: new RegExp(`^(?:${NOON})$`), all: { from: 12, to: 13 }, fits: { from: 11, to: 15 } },
  { is: new RegExp(`^(?:${AFTERNOON})$`), all: { from: 13, to: 18 }, fits: { from: 12, to: 22 } },
  { is: new RegExp(`^(?:${EVENING})$`), all: { from: 18, to: 21 }, fits: { from: 17, to: 24 } },
];
const ALL_DAY: Hours = { from: 8, to: 21 };

const TO = /^\s*(?:-+|~|～|—+|–|到|至)\s*/;
/** 半, 一刻, 30分, and :30; a number before 个, 小时 or 点 is a length or the next time. */
const PAST = `半(?!个|小时|钟头)|[一三]刻钟?|${NUMERAL}分?(?!\\d|\\s*(?:个|小时|钟头|点|时|[:：]|h))`;
const CLOCK = new RegExp(
  `^(${PART})?\\s*(?:(${NUMERAL})(?!\\d)\\s*(?:(点钟?|时(?!候|间|段)|[:：])(${PAST})?)?)\\s*([ap]\\.?m\\.?(?![a-z]))?`,
  'i',
);
/** 10点整, 10点左右, 10点开始. */
const AROUND = /^\s*(?:整|正(?!式)|钟)?\s*(?:左右|前后)?\s*(?:开始|起(?!来))?/;
const COMPACT = /^(\d{1,2})(\d{2})(?=\s*(?:-+|~|～|—|–|到|至)\s*\d{3,4}(?!\d))|^(\d{1,2})(\d{2})(?![\d.])/;
const DOTTED = /(\d{1,2})\.([0-5]\d)(?=\s*(?:[-~～—–到至]|[ap]m|$|\s))/gi;
const LENGTH = new RegExp(
  `^[\\s，,]*(?:一共|共|用|开|大概|大约|约)?(${NUMERAL}|半)\\s*个?(半)?(?:小时|钟头|h(?:ours?|rs?)?(?![a-z]))(半)?`,
  'i',
);
const WHOLE_DAY = /^(?:一?整|全|一)(?:天|日)(?:都?要|都用)?/;
const WHOLE_PART = /^(?:一?整个?|一个?|全)(上午|下午|晚上)|^(上午|下午|晚上)(?:全部?|整个?|都要|都用|一整段)/;
const ONLY_PART = new RegExp(`^(${PART})`);

type Clock = { said: string; part: string | null; number: number; past: number; marked: boolean; padded: boolean };

/**
 * Takes a time off the beginning of a text: 10-12, 10:00-12:00, 10点到12点, 10点12点, 下午2点半, 2pm, 0900-1100, 上午全部, 整天,
 * 14点2小时; null where none stands there. Nothing is guessed: what runs backwards (10-9), is not on the hour or is no
 * time of day (25点) comes back as why it must be asked.
 */
export function takeHours(text: string): SaidHours | null {
  const plain = halfWidth(text).trimStart();
  return takeWhole(plain) ?? takeSpan(plain);
}

/** Reads a text that is a time and nothing else; null for anything else and for what must be asked back. */
export function readHours(text: string): Hours | null {
  const taken = takeHours(text);
  return taken?.rest === '' ? (taken.hours ?? null) : null;
}

/** How long something takes, off the beginning of a text: 2小时, 两个小时, 一个半小时 (1.5). Null where none stands there. */
export function takeLength(text: string): { hours: number; said: string; rest: string } | null {
  const plain = halfWidth(text);
  const match = LENGTH.exec(plain);
  if (!match) return null;
  const [said, count = '', half, afterHalf] = match;
  const whole = count === '半' ? 0.5 : (readNumeral(count) ?? 0);
  return { hours: whole + (half || afterHalf ? 0.5 : 0), said: said.trim(), rest: plain.slice(said.length).trim() };
}

/** A part of the day said without an hour: 下午, 今晚's 晚. Null where none stands there. */
export function takePart(text: string): { part: string; rest: string } | null {
  const plain = halfWidth(text).trimStart();
  const [part] = ONLY_PART.exec(plain) ?? [];
  return part === undefined ? null : { part, rest: plain.slice(part.length).trim() };
}

/** Whether hours lie in a part of the day: 10–12 in 上午, not in 下午. */
export function liesIn({ from, to }: Hours, part: string): boolean {
  const fits = PARTS.find(({ is }) => is.test(part))?.fits;
  return fits === undefined || (from >= fits.from && to <= fits.to + 1);
}

/** The hours of a part of the day: 上午 8–12, 下午 13–18, 晚上 18–21. */
export function hoursOf(part: string): Hours {
  return PARTS.find(({ is }) => is.test(part))?.all ?? ALL_DAY;
}

/** Hours as people read them: 10:00–12:00. */
export function sayHours({ from, to }: Hours): string {
  return `${String(from).padStart(2, '0')}:00–${String(to).padStart(2, '0')}:00`;
}

function takeWhole(plain: string): SaidHours | null {
  const day = WHOLE_DAY.exec(plain);
  if (day) return { said: day[0], rest: plain.slice(day[0].length).trim(), hours: ALL_DAY, isSpan: true };
  const part = WHOLE_PART.exec(plain);
  if (!part) return null;
  const rest = plain.slice(part[0].length).trim();
  // 上午全部10点 says two things; 一上午 alone says one.
  return { said: part[0], rest, hours: hoursOf(part[1] ?? part[2] ?? ''), isSpan: true };
}

function takeSpan(written: string): SaidHours | null {
  const plain = written.replace(DOTTED, (whole, hour, minute) =>
    Number(minute) % 15 === 0 ? `${hour}:${minute}` : whole,
  );
  const begin = takeClock(plain);
  if (!begin) return null;
  const after = plain.slice(begin.said.length);
  const end = takeEnd(begin, after);
  if (!end && !begin.marked) return null;
  const length = end ? null : takeLength(after);
  const said =
    `${begin.said}${end?.said ?? ''}${length ? after.slice(0, after.length - length.rest.length) : ''}`.trim();
  return {
    said,
    rest: plain.slice(said.length).trim(),
    ...meaning(said, begin, end?.clock ?? null, length?.hours ?? null),
  };
}

function takeEnd(begin: Clock, after: string): { said: string; clock: Clock } | null {
  const [to] = TO.exec(after) ?? [];
  const clock = takeClock(after.slice(to?.length ?? 0).trimStart());
  if (!clock) return null;
  // Without 到 both must be clearly times: 10点12点, 10:00 12:00.
  if (to === undefined && !(begin.marked && clock.marked)) return null;
  const blank = after.slice(to?.length ?? 0).length - after.slice(to?.length ?? 0).trimStart().length;
  return { said: after.slice(0, (to?.length ?? 0) + blank + clock.said.length), clock };
}

function takeClock(plain: string): Clock | null {
  const compact = COMPACT.exec(plain);
  if (compact?.[1] !== undefined) return clockOf(compact[0], null, compact[1], Number(compact[2]), true);
  const match = CLOCK.exec(plain);
  const [whole, part, number, mark, past, meridiem] = match ?? [];
  if (whole === undefined || number === undefined)
    return compact?.[3] !== undefined ? clockOf(compact[0], null, compact[3], Number(compact[4]), true) : null;
  const around = mark || meridiem || part ? (AROUND.exec(plain.slice(whole.length))?.[0] ?? '') : '';
  const said = `${whole.trimEnd()}${around.trim() === '' ? '' : plain.slice(whole.trimEnd().length, whole.length) + around}`;
  const saidPart = part ?? (meridiem ? (/^p/i.test(meridiem) ? 'pm' : 'am') : null);
  return clockOf(said, saidPart, number, pastOf(past), saidPart !== null || mark !== undefined);
}

function clockOf(said: string, part: string | null, number: string, past: number, marked: boolean): Clock {
  return { said, part, number: readNumeral(number) ?? 99, past, marked, padded: /^0/.test(number) };
}

function pastOf(past: string | undefined): number {
  if (past === undefined) return 0;
  if (past === '半') return 30;
  if (/刻/.test(past)) return past.startsWith('一') ? 15 : 45;
  return readNumeral(past.replace('分', '')) ?? 0;
}

type Meaning = { hours: Hours; isSpan: boolean } | { why: string; could: readonly Hours[] };

function meaning(said: string, begin: Clock, end: Clock | null, length: number | null): Meaning {
  const from = beginOf(begin, end);
  if (from === null || (end && end.number > 24)) return { why: `没有「${said}」这个时间`, could: [] };
  const begins = from + begin.past / 60;
  if (!end) return onTheHour(said, { from: begins, to: begins + (length ?? 1) }, length !== null);
  const to = endOf(begin, end, begins);
  if (to === null) return { why: `「${said}」倒过来了，结束比开始早`, could: turned(begin, end, from) };
  if (to === begins) return { why: `「${said}」开始和结束是同一个钟点`, could: [{ from, to: from + 1 }] };
  return onTheHour(said, { from: begins, to }, true);
}

/** What somebody may have meant who said 10-9: the two turned round, or until the evening. */
function turned({ number, part }: Clock, end: Clock, from: number): Hours[] {
  const isLate = end.number < OPENS || (part !== null && from > 12 && end.number < 12);
  const could = [
    { from: isLate ? end.number + 12 : end.number, to: part === null ? number : from },
    { from, to: end.number + 12 },
  ];
  return could.filter((hours) => hours.from < hours.to && hours.from >= ALL_DAY.from && hours.to <= ALL_DAY.to);
}

/** Rooms go by the hour: a time between two is answered with the hours round it. */
function onTheHour(said: string, { from, to }: Hours, isSpan: boolean): Meaning {
  if (Number.isInteger(from) && Number.isInteger(to)) return { hours: { from, to }, isSpan };
  const wide = { from: Math.floor(from), to: Math.ceil(to) };
  const narrow = isSpan
    ? { from: Math.ceil(from), to: Math.max(Math.floor(to), Math.ceil(from) + 1) }
    : { from: Math.ceil(from), to: Math.ceil(from) + 1 };
  const first = isSpan ? wide : { from: wide.from, to: wide.from + 1 };
  const could = [first, narrow].filter(
    (hours, index, all) => index === 0 || hours.from !== all[0]?.from || hours.to !== all[0].to,
  );
  return { why: `只能从整点到整点，一格一小时，「${said}」不在整点上`, could };
}

/** The hour a time begins at; null where it is none (25点, 上午14点). */
function beginOf(begin: Clock, end: Clock | null): number | null {
  const inherited =
    begin.part ?? (end?.part === 'am' || (end?.part === 'pm' && begin.number <= end.number) ? end.part : null);
  if (inherited !== null) return hourIn(inherited, begin.number);
  if (begin.number > 24) return null;
  return begin.number < OPENS && begin.number > 0 && !begin.padded ? begin.number + 12 : begin.number;
}

/** The hour of a part of the day; null where the two do not agree. */
function hourIn(part: string, number: number): number | null {
  if (number > 24) return null;
  if (part === 'am') return number > 12 ? null : number % 12;
  if (part === 'pm') return number < 12 ? number + 12 : number;
  if (new RegExp(`^(?:${MORNING})$`).test(part)) return number > 12 ? null : number;
  if (new RegExp(`^(?:${NOON})$`).test(part))
    return number >= 11 && number <= 14 ? number : number <= 2 ? number + 12 : null;
  if (new RegExp(`^(?:${AFTERNOON})$`).test(part)) return number < 12 ? number + 12 : number;
  return number > 12 ? number : number >= 5 ? number + 12 : null;
}

/** The hour a time ends at, after its beginning; null where it runs backwards. Fractions where it is not on the hour. */
function endOf(begin: Clock, end: Clock, from: number): number | null {
  const past = end.past / 60;
  if (end.part !== null) {
    const to = hourIn(end.part, end.number);
    return to === null || to + past < from ? null : to + past;
  }
  const late = end.number <= 12 && !end.padded ? end.number + 12 + past : null;
  const early = end.number + past;
  // 下午2-4, 晚上7-9, and 2-4 where 2 can only be the afternoon's.
  const inherits = begin.part !== null ? from >= 13 : from !== begin.number + begin.past / 60;
  if (inherits) return late !== null && late >= from && end.number < 12 ? late : early >= from ? early : null;
  if (early >= from) return early;
  const overNoon = late !== null && begin.number <= 12 && end.number < OPENS && late - from <= LONGEST_OVER_NOON;
  return overNoon ? late : null;
}
