import type { Readable } from 'node:stream';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';

/** The files of a workbook by their names; capitals, leading and wrong slashes do not matter. */
export type Parts = {
  has(name: string): boolean;
  names(): string[];
  /**
   * Lets a file pass by what the directory says of it.
   * @throws Refusal for what is larger than `most` bytes, packed too tightly, or locked
   */
  admit(name: string, most: number): void;
  /**
   * A file's unpacked bytes, piece by piece; none where it is not there.
   * @throws Refusal as `admit`, and for what is not as long as it says
   */
  read(name: string, most: number): AsyncIterable<Buffer>;
};

/**
 * Looks into a workbook's zip: its directory only, nothing is unpacked yet.
 * @throws Refusal for what is damaged, or holds too many files
 */
export async function openParts(bytes: Buffer): Promise<Parts> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false }).catch(() => {
    throw refuse.damaged_workbook();
  });
  if (zip.entryCount > LIMITS.entries) throw refuse.too_many_parts();
  const entries = await readDirectory(zip);
  return {
    has: (name) => entries.has(plain(name)),
    names: () => [...entries.keys()],
    admit: (name, most) => admit(entries.get(plain(name)), most),
    read: (name, most) => readEntry(zip, entries.get(plain(name)), most),
  };
}

async function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(plain(entry.fileName), entry);
  } catch {
    throw refuse.damaged_workbook();
  }
  return entries;
}

function admit(entry: Entry | undefined, most: number): void {
  if (!entry) return;
  if (entry.isEncrypted()) throw refuse.has_password();
  const { uncompressedSize, compressedSize } = entry;
  const isBomb = uncompressedSize > LIMITS.honest && uncompressedSize > compressedSize * LIMITS.ratio;
  if (uncompressedSize > most || isBomb) throw refuse.too_packed();
}

async function* readEntry(zip: ZipFile, entry: Entry | undefined, most: number): AsyncGenerator<Buffer> {
  if (!entry) return;
  admit(entry, most);
  let stream: Readable;
  try {
    stream = await zip.openReadStreamPromise(entry);
  } catch {
    throw refuse.damaged_workbook();
  }
  try {
    // The library ends the stream with an error as soon as there is more, or less, than the directory says.
    for await (const chunk of stream.iterator({ destroyOnReturn: true })) yield chunk;
  } catch {
    throw refuse.damaged_workbook();
  } finally {
    stream.destroy();
  }
}

function plain(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}
