import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';
import { scanXml } from './read-xml.ts';
import type { Parts } from './read-zip.ts';

/** The texts that cells refer to by number. */
export type SharedTexts = (index: number) => string | undefined;

const BLOCK = 1024 * 1024;

/** Reads the workbook's shared texts; rich text becomes plain, readings printed above it are left out. */
export async function readSharedTexts(parts: Parts, name: string | null): Promise<SharedTexts> {
  const store = createTextStore();
  if (name === null) return store.get;
  let text = '';
  let inText = false;
  let inReading = false;
  let signs = 0;
  const scan = scanXml(parts.read(name, LIMITS.sharedTexts), {
    open: (tag) => {
      if (tag === 'si') text = '';
      else if (tag === 'rPh') inReading = true;
      else if (tag === 't') inText = !inReading;
    },
    text: (piece) => {
      if (!inText) return;
      text += piece;
      if (text.length > LIMITS.cell * 2) throw refuse.cell_too_long({ row: null });
    },
    close: (tag) => {
      if (tag === 't') inText = false;
      else if (tag === 'rPh') inReading = false;
      else if (tag === 'si') {
        signs += text.length;
        if (signs > LIMITS.sharedSigns) throw refuse.too_packed();
        store.add(text);
      }
    },
  });
  for await (const _ of scan);
  return store.get;
}

/** Keeps many short texts outside the heap, in blocks of bytes: half a million phone numbers in a few megabytes. */
function createTextStore(): { add(text: string): void; get: SharedTexts } {
  const blocks: Buffer[] = [Buffer.allocUnsafeSlow(BLOCK)];
  let used = 0;
  let starts = new Float64Array(1024);
  let lengths = new Uint32Array(1024);
  let count = 0;
  return {
    add: (text) => {
      // Three bytes a sign at most.
      if (used + text.length * 3 > BLOCK) {
        blocks.push(Buffer.allocUnsafeSlow(BLOCK));
        used = 0;
      }
      if (count === starts.length) {
        starts = grown(starts, new Float64Array(count * 2));
        lengths = grown(lengths, new Uint32Array(count * 2));
      }
      const length = blocks.at(-1)!.write(text, used);
      starts[count] = (blocks.length - 1) * BLOCK + used;
      lengths[count] = length;
      used += length;
      count += 1;
    },
    get: (index) => {
      if (!(index >= 0 && index < count)) return undefined;
      const start = starts[index]!;
      const at = start % BLOCK;
      return blocks[Math.floor(start / BLOCK)]!.toString('utf8', at, at + lengths[index]!);
    },
  };
}

function grown<T extends Float64Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
