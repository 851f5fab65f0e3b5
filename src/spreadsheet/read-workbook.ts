import { LIMITS } from './read-limits.ts';
import { type BookMap, mapWorkbook } from './read-parts.ts';
import { refuse } from './read-phrases.ts';
import { createRowScanner, type SheetRow } from './read-rows.ts';
import { readStyles, type Styles } from './read-styles.ts';
import { readSharedTexts, type SharedTexts } from './read-texts.ts';
import { scanXml } from './read-xml.ts';
import { openParts, type Parts } from './read-zip.ts';

export type { SheetRow } from './read-rows.ts';

/** An uploaded workbook, looked into but not unpacked. */
export type Workbook = {
  /** The name of the first sheet, which is the one that is read. */
  title: string;
  /**
   * The rows of the first sheet that hold something, as they come; memory does not grow with their number. May be asked
   * for again.
   * @throws Refusal in the middle, for what is damaged or beyond the caps
   */
  rows(): AsyncIterable<SheetRow>;
};

/**
 * Opens a workbook (.xlsx as Excel, WPS, LibreOffice or a library wrote it) by its directory and its small parts; takes
 * a moment however large it is.
 * @throws Refusal 415 for other types and macros, 422 for damage and for what is beyond the caps
 */
export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  const parts = await openParts(bytes);
  const map = await mapWorkbook(parts);
  parts.admit(map.sheet, LIMITS.sheet);
  if (map.sharedTexts !== null) parts.admit(map.sharedTexts, LIMITS.sharedTexts);
  let kept: Promise<[Styles, SharedTexts]> | undefined;
  return {
    title: map.title,
    rows: () =>
      readRows(parts, map, () => {
        kept ??= Promise.all([readStyles(parts, map.styles), readSharedTexts(parts, map.sharedTexts)]);
        return kept;
      }),
  };
}

async function* readRows(
  parts: Parts,
  { sheet, from1904 }: BookMap,
  load: () => Promise<[Styles, SharedTexts]>,
): AsyncGenerator<SheetRow> {
  const [styles, texts] = await load();
  const scanner = createRowScanner({ styles, texts, from1904 });
  let rows = 0;
  for await (const _ of scanXml(parts.read(sheet, LIMITS.sheet), scanner.handlers))
    for (const row of scanner.takeRows()) {
      rows += 1;
      // One more for the header.
      if (rows > LIMITS.rows + 1) throw refuse.too_many_rows();
      yield row;
    }
}
