import { Converter } from 'opencc-js/t2cn';

let convert: ((text: string) => string) | undefined;

/**
 * A text in simplified characters, sign by sign, so that places in it stay the same: 搶 is 抢, 後天 is 后天. The table
 * is laid out when it is first needed.
 */
export function simplified(text: string): string {
  convert ??= Converter({ from: 't', to: 'cn' });
  return [...text].map((sign) => convert?.(sign) ?? sign).join('');
}
