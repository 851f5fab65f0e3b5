import type { Words } from '../../notices/define-notice.ts';
import { plainText, shorten, TEXT_LIMIT, webLink } from '../../wechat/index.ts';

/** The notice as a customer-service message: as many of its lines as one message holds, how many are left out, a link. */
export function customText({ first, more, link }: Words, url: string | undefined): string {
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
