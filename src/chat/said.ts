import { halfWidth } from '../kernel/normal/text.ts';
import type { AnyCommand, Said } from './define-command.ts';

export { halfWidth };

const TRAILING_MARKS = /[。！!～~…]+$/;

/** What was typed without the blanks and quotes around it, as people copy 「抢 1」. */
export function bare(text: string): string {
  return text.replace(/^[\s「『“"]+|[\s」』”"]+$/g, '');
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
 * What was said after a command's word, split at blanks. Where a number comes first it is parted from what follows it:
 * 跟进1约了周五, 跟进 1：约了周五 and 跟进 1 约了周五 read alike, and 跟进 3月5日 keeps its date whole.
 */
export function readRest(command: Pick<AnyCommand, 'usage'>, word: string, written: string): Said {
  const rest = takesNumber(command) ? partNumber(written.trim()) : written.trim();
  const args = halfWidth(rest)
    .split(/\s+/)
    .map((arg) => arg.replace(TRAILING_MARKS, ''))
    .filter((arg) => arg !== '');
  return { word, rest, args };
}

function partNumber(rest: string): string {
  const number = /^第?\s*(\d{1,4})(?!\d|[月日点]|[:：/~～\-—]\d)(?:[号位个条](?=[\s，,、:：。]|$))?/.exec(
    halfWidth(rest),
  );
  if (!number) return rest;
  const after = rest.slice(number[0].length).replace(/^[\s\u3000，,、:：。.]+/, '');
  return after === '' ? (number[1] ?? '') : `${number[1]} ${after}`;
}
