const DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** The source of a pattern for a whole number up to 99 as people write it: 5, 05, 五, 十二, 二十一. */
export const NUMERAL = '(?:\\d{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九])';

/** A whole number up to 99 in digits or Chinese numerals; null for anything else. */
export function readNumeral(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const [, tens, ten, ones] = /^([二三四五六七八九])?(十)?([零〇一二两三四五六七八九])?$/.exec(text) ?? [];
  if (ten) return (tens ? (DIGITS[tens] ?? 0) : 1) * 10 + (ones ? (DIGITS[ones] ?? 0) : 0);
  const digit = tens && !ones ? tens : !tens ? ones : undefined;
  return digit === undefined ? null : (DIGITS[digit] ?? null);
}
