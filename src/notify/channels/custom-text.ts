import { plainText, shorten, TEXT_LIMIT, webLink } from '../../wechat/index.ts';
import { wordNotice } from '../phrases.ts';
import type { Sending } from './channel.ts';

/** The notice as a customer-service message: as many of its lines as one message holds, how many are left out, a link. */
export function customText({ kind, data }: Pick<Sending, 'kind' | 'data'>, url: string | undefined): string {
  const { first, more, link } = wordNotice(kind, data as never);
  const lines = [first, ...more].map(plainText);
  const closing = url ? [webLink(link, url)] : [];
  for (let kept = lines.length; kept > 1; kept -= 1) {
    const left = lines.length - kept;
    const text = [...lines.slice(0, kept), ...(left > 0 ? [`……还有 ${left} 行没显示`] : []), ...closing].join('\n');
    if (fits(text)) return text;
  }
  return shorten([lines[0] ?? '', ...closing].join('\n'));
}

function fits(text: string): boolean {
  const shown = [...text.replace(/<[^>]*>/g, '')].length;
  return Buffer.byteLength(text) <= TEXT_LIMIT.bytes && shown <= TEXT_LIMIT.characters;
}
