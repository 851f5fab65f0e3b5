/** A piece of a text as the phone shows it: plain, a web link, or a word whose tap sends `say`. */
export type TextPart =
  | { text: string }
  | { label: string; url: string }
  | { label: string; say: string; menuId: string };

const LINK = /<a\s[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi;
const MENU_LINK = /^weixin:\/\/bizmsgmenu\?/i;

/** Reads the links in a text message as WeChat's client does: web links, and bizmsgmenu words. */
export function readTextParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const [whole, href = '', label = ''] = match;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push(linkPart(href.replaceAll('&amp;', '&'), label));
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The text as somebody would read it out: tap words as they are, web links followed by their address. */
export function plainTextOf(parts: readonly TextPart[]): string {
  return parts
    .map((part) => {
      if ('text' in part) return part.text;
      return 'url' in part ? `${part.label} ${part.url}` : part.label;
    })
    .join('');
}

function linkPart(href: string, label: string): TextPart {
  if (!MENU_LINK.test(href)) return { label, url: href };
  const query = href.replace(MENU_LINK, '');
  const say = decode(/(?:^|&)msgmenucontent=([^&]*)/.exec(query)?.[1] ?? label);
  const menuId = /(?:^|&)msgmenuid=([^&]*)/.exec(query)?.[1] ?? '';
  return { label, say, menuId };
}

// WeChat takes the words raw, but some senders escape them.
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
