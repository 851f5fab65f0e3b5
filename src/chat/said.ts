import { readPhone } from '../kernel/normal/phone.ts';
import { halfWidthWords as halfWidth } from '../kernel/normal/text.ts';
import type { AnyCommand, Said } from './define-command.ts';
import { MOBILE, readNumbers } from './numbers.ts';

const TRAILING_MARKS = /[。！!～~…？?]+$/;
/** Said for politeness behind anything, and asking for nothing. */
const COURTESY = /^(?:谢谢|多谢|谢了|谢谢啦|麻烦了|辛苦了|吧|啊|哦|哈|👍|🙏)$/;
const OPENING = /^[「『“"‘【]+/;
const CLOSING = /[」』”"’】]+$/;

export { halfWidth };

/** What was typed without the blanks around it, and without quotes that stand around all of it or alone: 「抢 1」. */
export function bare(text: string): string {
  const trimmed = text.trim();
  const inside = trimmed.replace(OPENING, '');
  if (inside !== trimmed && !CLOSING.test(inside) && !/[」』”"’】]/.test(inside)) return inside.trim();
  if (inside !== trimmed && CLOSING.test(inside)) {
    const within = inside.replace(CLOSING, '');
    if (!/[「『“‘【」』”’】]/.test(within)) return within.trim();
  }
  return inside === trimmed && CLOSING.test(trimmed) && !/[「『“"‘【]/.test(trimmed.replace(CLOSING, ''))
    ? trimmed.replace(CLOSING, '').trim()
    : trimmed;
}

/** The placeholders of a usage line: `跟进 N 内容` has N and 内容; optional ones stand in square brackets. */
export function placeholdersOf({ usage }: Pick<AnyCommand, 'usage'>): { name: string; optional: boolean }[] {
  const [, ...rest] = usage.split(/\s+/);
  return rest.map((part) => ({ name: part.replace(/[[\]…]/g, ''), optional: part.startsWith('[') }));
}

/** Whether a command's first argument is a number of a list. */
export function takesNumber(command: Pick<AnyCommand, 'usage'>): boolean {
  return placeholdersOf(command)[0]?.name === 'N';
}

/**
 * What was said after a command's word, split at blanks. Where numbers come first they are parted from what follows them
 * and are one argument: 跟进1约了周五, 跟进 1：约了周五 and 跟进 1 约了周五 read alike, 抢 2 3 has the argument `2、3`, and
 * 跟进 3月5日 keeps its date whole.
 */
export function readRest(command: Pick<AnyCommand, 'usage'>, word: string, written: string): Said {
  const rest = takesNumber(command) ? partNumbers(written.trim()) : written.trim();
  const args = halfWidth(rest)
    .split(/\s+/)
    .map((arg) => arg.replace(TRAILING_MARKS, '').replace(OPENING, '').replace(CLOSING, ''))
    .filter((arg) => arg !== '');
  while (COURTESY.test(args.at(-1) ?? '')) args.pop();
  return { word, rest, args, isQuestion: /[？?]\s*$/.test(rest) };
}

/** As we print them too: 138 0013 8000, +852 9123 4567, 010 8888 6666 转 801. */
const WRITTEN_PHONE = /^(?:\+\d[\d\s-]{6,}\d|0\d{2,3}[\s-]?\d[\d\s-]{5,8}\d(?:\s*转\s*\d{1,6})?)(?!\d)/;

function partNumbers(rest: string): string {
  const plain = halfWidth(rest);
  const [mobile] = MOBILE.exec(plain) ?? [];
  if (mobile) return `${mobile.replace(/[\s-]/g, '')} ${rest.slice(mobile.length).trim()}`.trim();
  const [written = ''] = WRITTEN_PHONE.exec(plain) ?? [];
  const read = written === '' ? null : readPhone(written);
  if (read && 'phone' in read && read.memo.length === 0)
    return `${read.phone} ${rest.slice(written.length).trim()}`.trim();
  const numbered = readNumbers(rest);
  return numbered ? `${numbered.numbers.join('、')} ${numbered.rest}`.trim() : rest;
}
