import { editDistance, nearestNames } from '../chat/nearest.ts';
import { coursesNamed, readChoice, SOURCES } from '../customers/index.ts';
import { type EntryWord, entryWords } from './entry-words.ts';
import { refuse } from './phrases.ts';

type Course = { id: number; name: string };

/** What was read out of the words; the form's own schema checks it. */
export type EntryRead = {
  /** Empty where none was said. */
  name: string;
  qq?: string;
  /** As written, with its remark. */
  phone?: string;
  wechat?: string;
  source?: string;
  gender?: string;
  education?: string;
  courseIds: number[];
  /** Eight digits without a word before them: kept as QQ, though they may be a landline without its area code. */
  tookAsQq?: string;
};

const PREFIXED = [
  { pattern: /^qq号?[:：]?(\d{4,})$/i, field: 'qq' },
  { pattern: /^(?:微信|wechat|wx|vx)号?[:：]?([a-z][\w-]{4,})$/i, field: 'wechat' },
] as const;
const WECHAT = /^[a-z](?=.*[\d_-])[a-z0-9_-]{5,19}$/i;
/** In the order they are tried: of each one is kept, and a second is no word of an entry. */
const CHOICES = ['source', 'gender', 'education'] as const;

/**
 * Reads 录入 王小雨 12345678 Python 百度推广 in any order: numbers by their length, sources by label, courses by how they
 * begin, the rest is the name. Labels before a value (QQ12345678, 微信 wang_yu) say what it is.
 * @throws Refusal `no_such_word` naming the word that fits nothing, `not_understood` where a course is several, `two_contacts`
 */
export function readEntry(said: readonly string[], courses: readonly Course[]): EntryRead {
  const read: EntryRead = { name: '', courseIds: [] };
  const rest: string[] = [];
  for (const word of joinLabels(entryWords(said.join(' ')))) {
    if (!readContact(word, read) && !readListed(word.text, read)) rest.push(word.text);
  }
  const names: string[] = [];
  for (const word of rest) {
    const matches = coursesNamed(word, courses);
    if (matches.length > 0 && rest.length > 1) read.courseIds.push(chooseCourse(word, matches));
    else if (WECHAT.test(word)) keep(read, 'wechat', word);
    else names.push(word);
  }
  const [first, ...others] = byLikeness(joinLatin(names, courses));
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
function joinLabels(words: readonly EntryWord[]): EntryWord[] {
  const joined: EntryWord[] = [];
  for (const word of words) {
    const label = joined.at(-1)?.text;
    if (label !== undefined && /^(qq|微信|wechat)号?[:：]?$/i.test(label))
      joined.splice(-1, 1, { ...word, text: `${label}${word.text}` });
    else if (/^(姓名|来源|课程)[:：]?$/.test(word.text)) continue;
    else joined.push({ ...word, text: word.text.replace(/^(姓名|来源|课程)[:：]/, '') });
  }
  return joined;
}

/** John Smith is one name; a word like a course is a slip of that one. */
function joinLatin(names: readonly string[], courses: readonly Course[]): string[] {
  const isName = (word: string) =>
    /^[A-Z][a-z'.-]*$/.test(word) &&
    courses.every(({ name }) => editDistance(word.toLowerCase(), name.slice(0, word.length).toLowerCase()) > 2);
  return names.length > 1 && names.every(isName) ? [names.join(' ')] : [...names];
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

function readContact({ text: word, isPhone }: EntryWord, read: EntryRead): boolean {
  for (const { pattern, field } of PREFIXED) {
    const [, value] = pattern.exec(word) ?? [];
    if (value === undefined) continue;
    keep(read, field, value);
    return true;
  }
  if (isPhone) keep(read, 'phone', word);
  else if (/^\+?[\d-]*\d$/.test(word)) {
    if (!/^[1-9]\d{4,11}$/.test(word)) throw refuse.no_such_number({ said: word });
    keep(read, 'qq', word);
    if (word.length === 8) read.tookAsQq = word;
  } else return false;
  return true;
}

/** 百度, 女, 本科: an entry of a list, by its label or what people write for it. */
function readListed(word: string, read: EntryRead): boolean {
  for (const field of CHOICES) {
    const found = read[field] === undefined ? readChoice(field, word) : null;
    if (found === null) continue;
    read[field] = found;
    return true;
  }
  return false;
}

function chooseCourse(said: string, matches: readonly Course[]): number {
  const [only] = matches;
  if (only && matches.length === 1) return only.id;
  throw refuse.not_understood({ said, near: matches.slice(0, 5).map(({ name }) => name) });
}

/** Two to four Chinese signs look most like a name; a name in letters may still be one. */
function byLikeness(names: readonly string[]): string[] {
  const like = names.findIndex((name) => /^\p{Script=Han}[\p{Script=Han}·]{1,5}$/u.test(name));
  if (like <= 0) return [...names];
  return [names[like]!, ...names.slice(0, like), ...names.slice(like + 1)];
}
