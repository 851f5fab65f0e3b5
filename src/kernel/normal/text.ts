// What Unicode itself calls ignorable (zero width signs, direction marks, BOM, variation selectors, soft hyphens …), and controls
// but for tabs and line ends. What joins the parts of an emoji is seen in the emoji, and stays.
const UNSEEN =
  /(?![\u200d\ufe0f])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]|(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})[\u200d\ufe0f]|(?![\t\n\r])\p{Cc}/gu;

/** A text without the characters nobody sees; line ends, tabs and whole emoji stay. */
export function visible(text: string): string {
  return text.replace(UNSEEN, '');
}

/** Full-width letters, digits, signs and blanks as their half-width forms, sign by sign: places in the text stay the same. */
export function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ');
}

/**
 * As `halfWidth`, but for letters, digits (① too), blanks and the signs of dates only: the marks of a sentence stay as written, because
 * chat reads them.
 */
export function halfWidthWords(text: string): string {
  return text
    .replace(/[０-９Ａ-Ｚａ-ｚ＂＆＃％＋－／]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[①-⑨]/g, (sign) => String(sign.charCodeAt(0) - 0x245f))
    .replace(/[\u3000\u00a0]/g, ' ');
}

/** A sentence of one line as written: only what nobody sees is gone, and runs of blanks are one. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** A note of several lines as written: only what nobody sees is gone. */
export function severalLines(text: string): string {
  return visible(text.replace(/\r\n?|[\u2028\u2029]/g, '\n')).trim();
}
