const FULL_WIDTH = /[０-９Ａ-Ｚａ-ｚ＂＆＃％＋－／]/g;
const BLANK = /[\u3000\u00a0]/g;

/**
 * Full-width letters, digits, blanks and the signs of dates as their half-width forms, sign by sign, so that places in the text stay the
 * same; other signs stay as written.
 */
export function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(BLANK, ' ');
}
