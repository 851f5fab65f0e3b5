import { nearestNames } from '../chat/nearest.ts';
import { halfWidth } from '../chat/said.ts';
import { findChoice, SOURCES } from '../customers/index.ts';
import { normalName } from '../kernel/normal/name.ts';
import { readPhone } from '../kernel/normal/phone.ts';
import { refuse } from './phrases.ts';

type Course = { id: number; name: string };

/** What was read out of the words; the form's own schema checks it. */
export type EntryRead = {
  /** Empty where none was said. */
  name: string;
  qq?: string;
  phone?: string;
  wechat?: string;
  source?: string;
  courseIds: number[];
  /** Eight digits without a word before them: kept as QQ, though they may be a landline without its area code. */
  tookAsQq?: string;
};

const PREFIXED = [
  { pattern: /^qq号?[:：]?(\d{4,})$/i, field: 'qq' },
  { pattern: /^(?:手机|电话|座机|tel)号?[:：]?(.*\d{4}.*)$/i, field: 'phone' },
  { pattern: /^(?:微信|wechat|wx|vx)号?[:：]?([a-z][\w-]{4,})$/i, field: 'wechat' },
] as const;
const WECHAT = /^[a-z](?=.*[\d_-])[a-z0-9_-]{5,19}$/i;

/**
 * Reads 录入 王小雨 12345678 Python 百度推广 in any order: numbers by their length, sources by label, courses by how they
 * begin, the rest is the name. Labels before a value (QQ12345678, 微信 wang_yu) say what it is.
 * @throws Refusal `not_understood` naming the word that fits nothing, with the nearest sources and courses
 */
export function readEntry(said: readonly string[], courses: readonly Course[]): EntryRead {
  const read: EntryRead = { name: '', courseIds: [] };
  const rest: string[] = [];
  for (const word of joinLabels(joinPhones(halfWidth(said.join(' ').replace(DOTTED, '·'))).split(/\s+/))) {
    if (!readContact(word, read) && !readSource(word, read)) rest.push(word);
  }
  const names: string[] = [];
  for (const word of rest) {
    const matches = coursesNamed(word, courses);
    if (matches.length > 0 && rest.length > 1) read.courseIds.push(chooseCourse(word, matches));
    else if (WECHAT.test(word)) keep(read, 'wechat', word);
    else names.push(word);
  }
  const [first, ...others] = byLikeness(joinName(names, courses));
  const [strange] = others;
  if (strange !== undefined)
    throw refuse.no_such_word({
      said: strange,
      near: nearestNames(strange, [...courses.map(({ name }) => name), ...Object.values(SOURCES)]).filter((name) =>
        isLike(strange, name),
      ),
      sources: Object.values(SOURCES),
    });
  return { ...read, name: first ?? '', courseIds: [...new Set(read.courseIds)] };
}

/** 微信 wang_yu, said with a blank, is one word. */
function joinLabels(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words.flatMap((word) => word.split(/[，,、；;]/)).filter((word) => word !== '')) {
    const label = joined.at(-1);
    if (label !== undefined && /^(qq|手机|电话|座机|微信)号?[:：]?$/i.test(label))
      joined.splice(-1, 1, `${label}${word}`);
    else if (/^(姓名|来源|课程)[:：]?$/.test(word)) continue;
    else joined.push(word.replace(/^(姓名|来源|课程)[:：]/, ''));
  }
  return joined;
}

/** 139 1234 0013 and +86 139-1234-0013 are one number, as the product prints them. */
const PARTED_MOBILE = /(?<![\d+])(?:\+?86[\s-]*)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)/g;
const PARTED_ABROAD = /(\+(?!86)\d{1,3})[\s-](\d{3,5})[\s-]?(\d{3,5})(?!\d)/g;
const PARTED_LANDLINE = /(?<![\d+])(0\d{2,3})[\s-](\d{3,4})[\s-]?(\d{4})(?!\d)/g;

function joinPhones(text: string): string {
  return text
    .replace(PARTED_MOBILE, '$1$2$3')
    .replace(PARTED_ABROAD, '$1$2$3')
    .replace(PARTED_LANDLINE, '$1$2$3')
    .replace(/(?<=\d)\s*(转|分机)\s*(?=\d)/g, '转');
}

/** A slip of the keys, not another word. */
function isLike(said: string, name: string): boolean {
  return [...said].some((sign) => name.toLowerCase().includes(sign.toLowerCase()));
}

/** Of each kind of contact one is kept; a second is asked back, not passed over. */
function keep(read: EntryRead, field: 'qq' | 'phone' | 'wechat', value: string): void {
  const before = read[field];
  if (before !== undefined && before !== value) throw refuse.two_contacts({ first: before, second: value });
  read[field] = value;
}

function readContact(word: string, read: EntryRead): boolean {
  for (const { pattern, field } of PREFIXED) {
    const [, value] = pattern.exec(word) ?? [];
    if (value === undefined) continue;
    keep(read, field, value);
    return true;
  }
  if (/^[+\d(]/.test(word) && 'phone' in readPhone(word)) keep(read, 'phone', word);
  else if (/^\d+$/.test(word)) {
    if (!/^[1-9]\d{4,11}$/.test(word)) throw refuse.no_such_number({ said: word });
    keep(read, 'qq', word);
    if (word.length === 8) read.tookAsQq = word;
  } else return false;
  return true;
}

function readSource(word: string, read: EntryRead): boolean {
  const source = findChoice(SOURCES, word);
  if (source === null || read.source !== undefined) return false;
  read.source = source;
  return true;
}

function coursesNamed(word: string, courses: readonly Course[]): Course[] {
  const wanted = plain(word);
  const exact = courses.filter(({ name }) => plain(name) === wanted);
  return exact.length > 0 ? exact : courses.filter(({ name }) => plain(name).startsWith(wanted));
}

function chooseCourse(said: string, matches: readonly Course[]): number {
  const [only] = matches;
  if (only && matches.length === 1) return only.id;
  throw refuse.not_understood({ said, near: matches.slice(0, 5).map(({ name }) => name) });
}

/** The dot of a transcribed name, however it is written, with the blanks people put round it. */
const DOTTED = /\s*[·•・‧．]\s*(?=\p{Script=Han})/gu;

/** 郑 爽 and John Smith are one name each: pieces that are none by themselves, no slip of a course, and nothing else is left. */
function joinName(names: readonly string[], courses: readonly Course[]): string[] {
  const whole = normalName(names.join(' '));
  const isParted = names.some((name) => [...name].length === 1) && /^\p{Script=Han}{2,4}$/u.test(whole);
  const isSlip = (word: string) => courses.some(({ name }) => plain(name).startsWith(plain(word).slice(0, 2)));
  const isLatin = /^[a-z.'-]+(?: [a-z.'-]+){1,3}$/i.test(whole) && !names.some(isSlip);
  return names.length > 1 && (isParted || isLatin) ? [whole] : [...names];
}

/** Two to four Chinese signs look most like a name; a name in letters may still be one. */
function byLikeness(names: readonly string[]): string[] {
  const like = names.findIndex((name) => /^\p{Script=Han}[\p{Script=Han}·]{1,5}$/u.test(name));
  if (like <= 0) return [...names];
  return [names[like]!, ...names.slice(0, like), ...names.slice(like + 1)];
}

function plain(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
