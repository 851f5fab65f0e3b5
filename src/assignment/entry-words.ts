import { readPhone } from '../kernel/normal/phone.ts';
import { halfWidth, visible } from '../kernel/normal/text.ts';

/** Words that are one number together are not more than these: +886 2 2345 6789 转 801. */
const MOST_JOINED = 6;
const PHONE_LABEL = /^(?:移动|联系|固定|办公)?(?:手机|电话|座机|固话|tel|mobile|phone)(?:号码?|电话)?[:：]?/i;
/** 微信13800138000, QQ 12345678: the digits belong to the label, not to a phone. */
const OTHER_LABEL = /^(?:qq|微信|wechat|wx|vx)号?[:：]?$/i;
const MOBILE = /^(?:\+?86)?-?1[3-9]\d(?:-?\d{4}){2}$/;
const LANDLINE = /^0\d{2,3}-?\d{7,8}$|^400-?\d{3}-?\d{4}$/;
const REMARK = /^\(.*\)$/;
/** The dot of a transcribed name, however it is written, with the blanks people put round it. */
const DOTTED = /\s*[·•・‧．]\s*(?=\p{Script=Han})/gu;
const SINGLE = /^\p{Script=Han}$/u;
const COMPOUND = /^(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|南宫)$/;

/** A word of an entry; a phone as written, with its remark, or anything else. */
export type EntryWord = { text: string; isPhone: boolean };

/**
 * The words of 录入, with what is one thing in one: a phone with its blanks and its remark (139 1234 0013, +852 9123 4567,
 * 010-12345678 转 801, 13800138000 (张三)), a name with blanks between its signs (郑 爽); a number written right behind a name is a word
 * of its own. Bare digits that are no mobile and no landline are no phone.
 */
export function entryWords(said: string): EntryWord[] {
  const parts = halfWidth(visible(said).replace(DOTTED, '·'))
    .replace(/(?<![\p{L}\d])(\p{Script=Han}{2,5}?)(?<!手机|电话|座机|固话|号码?|微信)(?=\+?\d[\d\s-]{6,})/gu, '$1 ')
    .replace(/(?<=\d{7})(?=\p{Script=Han})(?![转分])/gu, ' ')
    .split(/[\s，,、；;]+/)
    .filter((part) => part !== '');
  const words: EntryWord[] = [];
  for (let at = 0; at < parts.length; ) {
    const isLabelled = OTHER_LABEL.test(`${parts[at - 1] ?? ''}`) && /^\d/.test(parts[at] ?? '');
    const length = isLabelled ? 0 : phoneLength(parts.slice(at, at + MOST_JOINED));
    words.push({ text: parts.slice(at, at + Math.max(1, length)).join(' '), isPhone: length > 0 });
    at += Math.max(1, length);
  }
  return joinNames(words);
}

/** How many of these words are one phone number; 0 where the first is none. */
function phoneLength(parts: readonly string[]): number {
  const [first = '', second = ''] = parts;
  const isLabelled = PHONE_LABEL.test(first) && /^\D*[+\d(]/.test(parts.slice(0, 2).join(' '));
  if (!isLabelled && !/^['’‘`´]*[+(]*\d/.test(first)) return 0;
  for (let length = parts.length; length > 0; length -= 1) {
    if (isPhone(parts.slice(0, length), isLabelled)) return length;
  }
  // The form says what is wrong with it.
  if (!isLabelled) return 0;
  return PHONE_LABEL.exec(first)?.[0] === first && second !== '' ? 2 : 1;
}

function isPhone(parts: readonly string[], isLabelled: boolean): boolean {
  const text = parts.join(' ');
  const [only = ''] = parts;
  if (!isLabelled && parts.length === 1 && /^[\d-]+$/.test(only)) return MOBILE.test(only) || LANDLINE.test(only);
  const read = readPhone(text);
  if (!('phone' in read)) return false;
  if (read.memo.length === 0 || parts.length === 1) return true;
  return REMARK.test(parts.at(-1) ?? '') && isPhone(parts.slice(0, -1), isLabelled);
}

/** 郑 爽, 欧阳 锋, 张 三 丰: signs of one name. 女 behind a name is none of it. */
function joinNames(words: readonly EntryWord[]): EntryWord[] {
  const joined: EntryWord[] = [];
  let parts = 0;
  for (const word of words) {
    const before = joined.at(-1);
    const begins = before && !/^[男女]$/.test(before.text) && (SINGLE.test(before.text) || COMPOUND.test(before.text));
    const goesOn = begins ? /^\p{Script=Han}{1,2}$/u.test(word.text) : parts === 2 && SINGLE.test(word.text);
    if (before && goesOn && !/^[男女]$/.test(word.text)) {
      joined.splice(-1, 1, { text: `${before.text}${word.text}`, isPhone: false });
      parts += 1;
    } else {
      joined.push(word);
      parts = 1;
    }
  }
  return joined;
}
