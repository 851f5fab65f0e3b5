import type { SheetRow, Workbook } from '../spreadsheet/read-workbook.ts';
import { chooseColumns, describe, type Header, readHeader } from './columns.ts';
import { refuse } from './phrases.ts';
import type { Reading, ReadingChoice } from './plan.ts';
import { EXAMPLE_NAME } from './template.ts';

/** A header is looked for in so many rows of each sheet that hold something. */
const FIRST_ROWS = 10;

/** Which sheet of a file is read, from which row on, and what its columns are; and what was found on the way. */
export type Survey = { reading: Reading; header: Header; sheetAt: number; total: number };

type Found = { sheetAt: number; row: number; titles: string[]; known: number; complete: boolean };

/**
 * Finds the customers in a file and goes through the whole of their sheet without keeping anything: hostile and damaged
 * files end here. The header is the first row that names the customer and a way to reach them, else the row with most
 * titles we know; looked for in each visible sheet where no sheet was chosen.
 * @throws Refusal for the file, `no_such_sheet`, `empty_header`, `no_such_column`, `empty_sheet`
 */
export async function surveyFile(workbook: Workbook, choice: ReadingChoice = {}): Promise<Survey> {
  const visible = visibleSheets(workbook);
  const chosen = choice.sheet === undefined ? undefined : visible.find(({ name }) => name === choice.sheet);
  if (choice.sheet !== undefined && !chosen) throw refuse.no_such_sheet({ name: choice.sheet });
  const found = await findHeader(workbook, chosen ? [chosen] : visible);
  const sheetAt = found?.sheetAt ?? chosen?.at ?? visible[0]?.at ?? 0;
  const headerRow = choice.headerRow ?? found?.row;
  if (headerRow === undefined) throw refuse.empty_sheet();
  return measure(workbook, sheetAt, headerRow, { visible: visible.map(({ name }) => name), choice });
}

async function measure(
  workbook: Workbook,
  sheetAt: number,
  headerRow: number,
  { visible, choice }: { visible: string[]; choice: ReadingChoice },
): Promise<Survey> {
  let header: Header | null = null;
  let [total, hiddenRows, cellsBeyond] = [0, 0, 0];
  for await (const row of workbook.rows(sheetAt)) {
    if (row.number < headerRow) continue;
    cellsBeyond += row.beyond;
    if (row.number === headerRow && row.cells.length > 0) header = headerOf(row.cells, choice);
    if (!header || !isCustomer(row, header, headerRow)) continue;
    total += 1;
    if (row.hidden) hiddenRows += 1;
  }
  if (!header) throw refuse.empty_header({ row: headerRow });
  if (total === 0) throw refuse.empty_sheet();
  const sheet = workbook.sheets[sheetAt]?.name ?? '';
  const reading = { sheets: visible, sheet, headerRow, ...header, hiddenRows, cellsBeyond };
  return { reading, header, sheetAt, total };
}

function headerOf(titles: readonly string[], { mapping }: ReadingChoice): Header {
  if (!mapping) return readHeader(titles);
  const columns = chooseColumns(titles, mapping);
  if (!columns) throw refuse.no_such_column();
  return describe(titles, columns);
}

/** Whether a row stands for somebody: below the header, not empty, and not the template's example. */
export function isCustomer({ number, cells, unsolved }: SheetRow, { mapping }: Header, headerRow: number): boolean {
  if (number <= headerRow || (cells.length === 0 && unsolved.length === 0)) return false;
  return cells[mapping.name ?? -1]?.trim() !== EXAMPLE_NAME;
}

function visibleSheets({ sheets }: Workbook): { at: number; name: string }[] {
  const all = sheets.map(({ name, hidden }, at) => ({ at, name, hidden }));
  const shown = all.filter(({ hidden }) => !hidden);
  return shown.length > 0 ? shown : all;
}

async function findHeader(workbook: Workbook, sheets: readonly { at: number }[]): Promise<Found | null> {
  let best: Found | null = null;
  for (const { at } of sheets) {
    const found = await findInSheet(workbook, at);
    if (found?.complete) return found;
    if (found && (!best || found.known > best.known)) best = found;
  }
  return best;
}

async function findInSheet(workbook: Workbook, sheetAt: number): Promise<Found | null> {
  let best: Found | null = null;
  let looked = 0;
  for await (const { number, cells } of workbook.rows(sheetAt)) {
    if (cells.length === 0) continue;
    const { mapping, missing } = readHeader(cells);
    const known = Object.keys(mapping).length;
    const found = { sheetAt, row: number, titles: cells, known, complete: missing === null };
    if (found.complete) return found;
    if (!best || known > best.known) best = found;
    looked += 1;
    if (looked === FIRST_ROWS) break;
  }
  return best;
}
