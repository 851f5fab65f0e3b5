import { setImmediate as nextTurn } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';

/** What is done at tags and texts; names come without their namespace's prefix. */
export type XmlHandlers = {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Asked after each piece: true ends the reading early. */
  enough?(): boolean;
};

const TURN_BYTES = 64 * 1024;

/**
 * Scans XML as it comes in, calling the handlers; gives a turn to whoever iterates after each piece, and to the rest of
 * the service every 64 KB. Nothing is ever fetched, and only the five entities of XML itself are known.
 * @throws Refusal for a DTD, damage, a text without end, or tags that stand too deep
 */
export async function* scanXml(bytes: AsyncIterable<Buffer>, handlers: XmlHandlers): AsyncGenerator<void> {
  const { parser, sinceTag } = createParser(handlers);
  let decoder: TextDecoder | undefined;
  let untilTurn = TURN_BYTES;
  const feed = (text: string) => {
    sinceTag.signs += text.length;
    if (sinceTag.signs > LIMITS.betweenTags + TURN_BYTES) throw refuse.cell_too_long({ row: null });
    parser.write(text);
  };
  for await (const chunk of bytes) {
    decoder ??= decoderFor(chunk);
    for (let at = 0; at < chunk.length; at += TURN_BYTES) {
      const piece = chunk.subarray(at, at + TURN_BYTES);
      feed(decoder.decode(piece, { stream: true }));
      yield;
      if (handlers.enough?.()) return;
      untilTurn -= piece.length;
      if (untilTurn > 0) continue;
      untilTurn = TURN_BYTES;
      await nextTurn();
    }
  }
  if (!decoder) return;
  feed(decoder.decode());
  parser.close();
  yield;
}

/** Scans a small part to its end. */
export async function scanAll(bytes: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of scanXml(bytes, handlers));
}

function createParser(handlers: XmlHandlers) {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const sinceTag = { signs: 0 };
  let depth = 0;
  parser.on('error', () => {
    throw refuse.damaged_workbook();
  });
  parser.on('doctype', () => {
    throw refuse.forbidden_content();
  });
  parser.on('opentag', ({ name, attributes }) => {
    sinceTag.signs = 0;
    depth += 1;
    if (depth > LIMITS.depth) throw refuse.damaged_workbook();
    handlers.open?.(localName(name), attributes as Record<string, string>);
  });
  parser.on('closetag', ({ name }) => {
    sinceTag.signs = 0;
    depth -= 1;
    handlers.close?.(localName(name));
  });
  if (handlers.text) {
    parser.on('text', handlers.text);
    parser.on('cdata', handlers.text);
  }
  return { parser, sinceTag };
}

/** UTF-8 as everybody writes it, or UTF-16 where it begins with its mark. */
function decoderFor([first, second]: Buffer): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
