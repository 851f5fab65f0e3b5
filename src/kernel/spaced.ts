/** A text before more Chinese, with a blank where it ends in a number: 昨天, 12-03 with one. */
export function spaced(text: string): string {
  return /\d$/.test(text) ? `${text} ` : text;
}
