import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** An element's content: text, or named elements (ScanCodeInfo …), or several of the same name. Numbers stay text. */
export type XmlValue = string | XmlValue[] | { [name: string]: XmlValue };
export type XmlFields = { [name: string]: XmlValue };

/** What is written: text goes into CDATA, numbers stand bare, objects nest, lists repeat their element. */
export type XmlNode = string | number | XmlNode[] | { [name: string]: XmlNode };

/** XML that is not a platform message; the message names the fault and never quotes the content. */
export class XmlProblem extends Error {
  override readonly name = 'XmlProblem';
}

/** The longest push taken, in bytes: three times the longest text WeChat sends, with room for links and cards. */
export const MAX_XML_BYTES = 64 * 1024;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false, // ids have 64 bits, and 「0013」 is not 13
  trimValues: false, // what people type stays as typed
  htmlEntities: true, // decodes &#20320; outside CDATA
  maxNestedTags: 8,
});

const builder = new XMLBuilder({ cdataPropName: 'cdata', ignoreAttributes: true, suppressEmptyNode: false });

/**
 * Reads one `<xml>` message into its fields, all as text.
 * @throws XmlProblem for more than 64 KiB, anything not well-formed, another root, or DTDs, entities, comments and
 *   processing instructions (the platform sends none; the first two are how XML reads files that are not its own)
 */
export function readXml(raw: string): XmlFields {
  if (Buffer.byteLength(raw) > MAX_XML_BYTES) throw new XmlProblem('too long');
  if (hasMarkupDeclaration(raw)) throw new XmlProblem('declarations are not taken');
  const { xml } = parse(withoutSpaceAroundCdata(raw));
  if (xml === '') return {};
  if (typeof xml !== 'object' || Array.isArray(xml)) throw new XmlProblem('no single xml element');
  const { '#text': _between, ...fields } = xml;
  return fields;
}

/** Writes an `<xml>` message; `]]>` in a text is split over two CDATA sections, characters XML cannot carry are left out. */
export function writeXml(fields: { [name: string]: XmlNode }): string {
  return builder.build({ xml: wrapTexts(fields) });
}

function parse(raw: string): XmlFields {
  try {
    return parser.parse(raw, true) as XmlFields;
  } catch {
    throw new XmlProblem('not well-formed'); // the parser's own message would quote the content
  }
}

// Looks outside CDATA only: 「<!DOCTYPE」 is a text somebody may well type.
function hasMarkupDeclaration(raw: string): boolean {
  const pieces = piecesOf(raw.replace(/^\uFEFF?\s*<\?xml [^?>]*\?>/, ''));
  return !pieces || pieces.some(({ isCdata, text }) => !isCdata && /<[!?]/.test(text));
}

// Some senders set CDATA on a line of its own; that space is none of what was said. Other texts stay as they are.
function withoutSpaceAroundCdata(raw: string): string {
  const pieces = piecesOf(raw) ?? [];
  return pieces
    .map(({ isCdata, text }) => (isCdata ? text : text.replace(/^\s+(?=<\/)/, '').replace(/(<[^<>/]+>)\s+$/, '$1')))
    .join('');
}

/** CDATA sections and what stands between them; undefined where one does not end. */
function piecesOf(raw: string): { isCdata: boolean; text: string }[] | undefined {
  const pieces: { isCdata: boolean; text: string }[] = [];
  for (let from = 0; ; ) {
    const open = raw.indexOf('<![CDATA[', from);
    pieces.push({ isCdata: false, text: raw.slice(from, open === -1 ? undefined : open) });
    if (open === -1) return pieces;
    const close = raw.indexOf(']]>', open);
    if (close === -1) return undefined;
    from = close + 3;
    pieces.push({ isCdata: true, text: raw.slice(open, from) });
  }
}

function wrapTexts(node: XmlNode): unknown {
  if (typeof node === 'number') return String(node);
  if (typeof node === 'string') return { cdata: withoutControls(node) };
  if (Array.isArray(node)) return node.map(wrapTexts);
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, wrapTexts(value)]));
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '');
}
