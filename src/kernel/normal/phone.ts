import { halfWidth, oneLine } from './text.ts';

/**
 * A phone number as kept, and what else stood in the field, word for word, to be put into the memo: remarks (张三) and further
 * numbers (另一个电话 13900139000). Or why it is no number, in a sentence.
 */
export type PhoneRead = { phone: string; memo: string[] } | { problem: string };

/** What may stand between two digits of one number. */
const GAP = String.raw`[\s\-‐-―−.·()]{0,3}`;
const digits = (least: number, most: number) => String.raw`\d(?:${GAP}\d){${least - 1},${most - 1}}`;
const EXTENSION = String.raw`(?:\s*(?:转|分机号?|ext\.?|x|#)\s*[:：]?\s*(\d{1,6})|\s*[-‐-―−]\s*(\d{1,6}))?(?!\d)`;
const CHINA = String.raw`(?:\(?(?:\+|00)?\s*86\)?${GAP})?`;

/** Who a number is can be told by its beginning; each is tried where the text's first digits stand. */
const KINDS: readonly { pattern: RegExp; read(match: RegExpExecArray): string | null }[] = [
  {
    pattern: RegExp(`^${CHINA}0?(1${GAP}[3-9]${GAP}${digits(9, 9)})(?!\\d)`),
    read: ([, number = '']) => plain(number),
  },
  {
    // An area code of two digits after its 0 is a big city's; after +86 the 0 may be missing, or stand in brackets.
    pattern: RegExp(
      `^(?:\\(?(?:\\+|00)\\s*86\\)?${GAP}(?:0\\)?)?|\\(?0)(10|2\\d|[3-9]\\d{2})${GAP}(\\d{7,8}|${digits(7, 8)})${EXTENSION}`,
    ),
    read: ([, area = '', number = '', spoken, dashed]) => extended(`0${area}-${plain(number)}`, spoken ?? dashed),
  },
  {
    pattern: RegExp(`^${CHINA}([48]00${GAP}${digits(7, 7)})${EXTENSION}`),
    read: ([, number = '', spoken, dashed]) => extended(plain(number), spoken ?? dashed),
  },
  // Hong Kong, Macau and Taiwan are written without + as well; a blank or dash shows where the code ends.
  {
    pattern: RegExp(`^\\(?85([23])\\)?[\\s\\-)]${GAP}(${digits(8, 8)})(?!\\d)`),
    read: ([, place, number = '']) => `+85${place}${plain(number)}`,
  },
  {
    pattern: RegExp(`^\\(?886\\)?[\\s\\-)]${GAP}0?(${digits(8, 9)})(?!\\d)`),
    read: ([, number = '']) => `+886${plain(number)}`,
  },
  {
    pattern: RegExp(`^\\(?(?:\\+|00)\\s*(?:\\(0\\)|${GAP}\\d){7,20}`),
    read: ([written = '']) => abroad(plain(written.replaceAll('(0)', '').replace(/^\(?00/, ''))),
  },
];

const LABEL =
  /^(?:我的|本人)?(?:移动|联系|固定|办公)?(?:手机|电话|座机|固话|号码|联系方式|telephone|tel|mobile|phone|cell)(?:号码?|电话)?(?:\s*[:：.]|(?=[\s\d+(]))\s*/i;
const QUOTES = /^[\s'’‘`´"“”]+/;
const BETWEEN_NUMBERS = /^[\s/、,，;；|\\或和及与]+/;

/**
 * Reads a phone number as people write it: with +86, blanks, dashes, brackets, a leading apostrophe, a label (手机:), as a
 * spreadsheet's 13800138000.0, with a remark or a second number behind it. Mainland mobiles are kept as 13800138000, landlines as
 * 010-12345678-801, others as +85291234567. What the product prints (139 1234 0001) reads as itself.
 */
export function readPhone(written: string): PhoneRead {
  if (written.length > LONGEST) return { problem: NO_NUMBER };
  const text = tidy(written);
  const start = text.search(/[+(]*\d/);
  if (start < 0) return { problem: NO_NUMBER };
  const before = aside(text.slice(0, start));
  const first = takeNumber(text.slice(start));
  if (!first) return { problem: whyNone(text) };
  const behind = readBehind(first.rest, first.phone);
  return behind === null ? { problem: NO_NUMBER } : { phone: first.phone, memo: [...before, ...behind] };
}

/** Longer than any number with its remark: what is longer is a text in the wrong field. */
const LONGEST = 200;
const NO_NUMBER = '手机是 11 位数字，座机带上区号，比如 010-88886666，境外的写 +852 这样开头';

function tidy(written: string): string {
  let text = halfWidth(oneLine(written))
    .replace(QUOTES, '')
    .replace(/^(\+?[\d\s-]+)\.0+$/, '$1');
  for (let shorter = text.replace(LABEL, ''); shorter !== text; shorter = text.replace(LABEL, '')) text = shorter;
  return text;
}

/** A part of a number, written in any way, as it stands in kept ones: 1234 0001 in 13912340001, 0108888 in 010-88886666. */
export function phonePart(written: string): string | null {
  const read = readPhone(written);
  if ('phone' in read) return read.phone;
  const text = halfWidth(oneLine(written)).replace(/[\s()]/g, '');
  if (!/^\+?[\d-]+$/.test(text)) return null;
  const number = plain(text);
  return `${text.startsWith('+') ? '+' : ''}${number.replace(/^(0(?:10|2\d|[3-9]\d{2}))(?=\d)/, '$1-')}`;
}

function takeNumber(text: string): { phone: string; rest: string } | null {
  for (const { pattern, read } of KINDS) {
    const match = pattern.exec(text);
    const phone = match && read(match);
    if (phone) return { phone, rest: text.slice(match[0].length) };
  }
  return null;
}

/** What stands behind a number, for the memo; null where only stray digits do, which are more likely a slip of that number. */
function readBehind(rest: string, phone: string): string[] | null {
  const parted = BETWEEN_NUMBERS.exec(rest)?.[0] ?? '';
  const text = rest.slice(parted.length).replace(LABEL, '');
  if (/^[\s\-.·]*\d/.test(rest) && !takeNumber(text)) return null;
  const start = text.search(/[+(]*\d{3}/);
  const next = start < 0 ? null : takeNumber(text.slice(start));
  if (!next) return aside(/^[\d\s-]+$/.test(text) ? `${ANOTHER} ${text}` : text);
  const further = readBehind(next.rest, phone) ?? aside(next.rest);
  return [...aside(text.slice(0, start)), ...(next.phone === phone ? [] : [`${ANOTHER} ${next.phone}`]), ...further];
}

const ANOTHER = '另一个电话';

/** A remark without the brackets and marks that joined it to the number; none where nothing is left. */
function aside(text: string): string[] {
  const words = text
    .replace(/^[\s()[\]【】:：,，;；、/|\-–—.。]+|[\s()[\]【】:：,，;；、/|\-–—]+$/g, '')
    .replace(LABEL, '');
  return /[\p{L}\p{N}]/u.test(words) ? [words] : [];
}

function whyNone(text: string): string {
  const count = text.replace(/\D/g, '').length;
  if (/^[2-8]/.test(text) && (count === 7 || count === 8) && /^[\d\s-]+$/.test(text))
    return `座机要带上区号，比如 010-${plain(text).slice(-8)}`;
  if (/^\+?[\d\s\-()]+$/.test(text) && /^1[3-9]/.test(text) && count !== 11)
    return `手机是 11 位数字，这里有 ${count} 位`;
  return NO_NUMBER;
}

function plain(number: string): string {
  return number.replace(/\D/g, '');
}

function extended(number: string, extension: string | undefined): string {
  return extension === undefined ? number : `${number}-${extension}`;
}

/** E.164: a country and at most fifteen digits. Places whose length is known are held to it. */
function abroad(number: string): string | null {
  const [, place = '', rest = ''] = /^(852|853|886|86)0?(\d*)$/.exec(number) ?? [];
  if (place === '') return /^[1-9]\d{7,14}$/.test(number) ? `+${number}` : null;
  const fits = place === '886' ? /^\d{8,9}$/ : place === '86' ? /^$/ : /^\d{8}$/;
  return fits.test(rest) && rest !== '' ? `+${place}${rest}` : null;
}

/** A number as people read it aloud: 138 0013 8000, 010 8888 6666 转 801, +852 9123 4567. */
export function sayPhone(phone: string): string {
  const [, mobile] = /^(1\d{10})$/.exec(phone) ?? [];
  if (mobile) return `${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}`;
  const [, area, first, last, extension] = /^(0\d{2,3}-|[48]00)(\d{3,4})(\d{4})(?:-(\d+))?$/.exec(phone) ?? [];
  if (area) return `${area.replace('-', '')} ${first} ${last}${extension ? ` 转 ${extension}` : ''}`;
  const [, country, begins = '', ends] = /^(\+85[23]|\+886)(\d+)(\d{4})$/.exec(phone) ?? [];
  return country ? `${country} ${begins} ${ends}` : phone;
}
