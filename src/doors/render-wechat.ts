import { type Line, quoted, type Reply } from '../chat/reply.ts';
import { menuLink, plainText, shorten, TEXT_LIMIT, webLink } from '../wechat/reply.ts';

/** WeChat wants an id on each tap and hands it back; the words alone say what was meant. */
const TAP_ID = '1';

/**
 * An answer as WeChat shows it: taps send their words, links open. Where that is more than one message holds (2048
 * bytes with the markup, 600 characters) taps become plain text from the first line on, since the last lines say what
 * one can do; then the text is cut at a sentence.
 */
export function renderWechat({ lines }: Reply): string {
  const tappable = lines.map((line) => renderLine(line, true));
  const plain = lines.map((line) => renderLine(line, false));
  let from = 0;
  const text = () => [...plain.slice(0, from), ...tappable.slice(from)].join('\n');
  while (from < lines.length && Buffer.byteLength(text()) > TEXT_LIMIT.bytes) from += 1;
  return shorten(text());
}

function renderLine(line: Line, withTaps: boolean): string {
  return quoted(line)
    .map((part) => {
      if (typeof part === 'string') return plainText(part);
      if ('url' in part) return webLink(part.label, part.url);
      if (!withTaps) return plainText(part.label);
      return menuLink(part.say, TAP_ID, part.label);
    })
    .join('');
}
