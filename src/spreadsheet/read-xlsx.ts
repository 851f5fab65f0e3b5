import { LIMITS } from './read-limits.ts';
import { type BookMap, mapWorkbook, type SheetPart } from './read-parts.ts';
import { refuse } from './read-phrases.ts';
import { createRowScanner, type SheetRow } from './read-rows.ts';
import { readStyles, type Styles } from './read-styles.ts';
import { readSharedTexts, type SharedTexts } from './read-texts.ts';
import type { Workbook } from './read-workbook.ts';
import { scanXml } from './read-xml.ts';
import { openParts, type Parts } from './read-zip.ts';

/**
 * Opens a zipped workbook by its directory and its small parts.
 * @throws Refusal 415 for other types and macros, 422 for damage and for what is beyond the caps
 */
export async function openXlsx(bytes: Buffer): Promise<Workbook> {
  const parts = await openParts(bytes);
  const map = await mapWorkbook(parts);
  const first = map.sheets.find(({ hidden }) => !hidden) ?? map.sheets[0]!;
  parts.admit(first.part, LIMITS.sheet);
  if (map.sharedTexts !== null) parts.admit(map.sharedTexts, LIMITS.sharedTexts);
  let kept: Promise<[Styles, SharedTexts]> | undefined;
  const load = () => {
    kept ??= Promise.all([readStyles(parts, map.styles), readSharedTexts(parts, map.sharedTexts)]);
    return kept;
  };
  return {
    sheets: map.sheets.map(({ name, hidden }) => ({ name, hidden })),
    rows: (sheet) => readRows(parts, map, map.sheets[sheet], load),
  };
}

async function* readRows(
  parts: Parts,
  { from1904 }: BookMap,
  sheet: SheetPart | undefined,
  load: () => Promise<[Styles, SharedTexts]>,
): AsyncGenerator<SheetRow> {
  if (!sheet) return;
  const [styles, texts] = await load();
  const scanner = createRowScanner({ styles, texts, from1904 });
  let rows = 0;
  for await (const _ of scanXml(parts.read(sheet.part, LIMITS.sheet), scanner.handlers))
    for (const row of scanner.takeRows()) {
      rows += 1;
      // One more for the header.
      if (rows > LIMITS.rows + 1) throw refuse.too_many_rows();
      yield row;
    }
}
