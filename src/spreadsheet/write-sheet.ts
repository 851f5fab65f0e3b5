import { PassThrough, type Readable } from 'node:stream';
import exceljs from 'exceljs';

/** One column of a sheet; `kind` decides how Excel shows its values, `choices` gives its cells a drop-down. */
export type SheetColumn = {
  title: string;
  kind?: 'text' | 'number' | 'money' | 'day' | 'instant';
  /** In characters of a Latin letter's width; made from title and kind where left out. */
  width?: number;
  choices?: readonly string[];
};

export type SheetValue = string | number | Date | null;

/** The type to answer a sheet with. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

// Text cells carry Excel's text format, so that a text like =1+1 stays text even when somebody edits the cell.
const FORMATS = {
  text: '@',
  number: 'General',
  money: '#,##0.00',
  day: 'yyyy-mm-dd',
  instant: 'yyyy-mm-dd hh:mm',
} as const;
const WIDTHS = { text: 16, number: 10, money: 14, day: 12, instant: 18 } as const;
const MOST_CELL = 32_767;
const DROP_DOWN_ROWS = 1_000;

/**
 * Writes a workbook of one sheet while its rows come in: a bold header row that stays in sight, then the rows. Dates
 * are shown as they stand in UTC. The stream fails when the rows do.
 */
export function writeSheet({
  name,
  columns,
  rows,
}: {
  name: string;
  columns: readonly SheetColumn[];
  rows: Iterable<readonly SheetValue[]> | AsyncIterable<readonly SheetValue[]>;
}): Readable {
  const stream = new PassThrough();
  fill(stream, name, columns, rows).catch((error: Error) => stream.destroy(error));
  return stream;
}

async function fill(
  stream: PassThrough,
  name: string,
  columns: readonly SheetColumn[],
  rows: Iterable<readonly SheetValue[]> | AsyncIterable<readonly SheetValue[]>,
): Promise<void> {
  const book = new exceljs.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  const sheet = book.addWorksheet(sheetName(name), { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map((column) => ({
    header: column.title,
    width: column.width ?? Math.max(WIDTHS[column.kind ?? 'text'], column.title.length * 2 + 2),
    style: { numFmt: FORMATS[column.kind ?? 'text'] },
  }));
  sheet.getRow(1).font = { bold: true };
  sheet.getRow(1).commit();
  for await (const values of rows) {
    if (stream.destroyed) return;
    sheet.addRow(values.map(cellValue)).commit();
    // The writer itself never waits for a slow reader.
    if (stream.writableLength > stream.writableHighWaterMark) await drained(stream);
  }
  addDropDowns(sheet, columns);
  sheet.commit();
  await book.commit();
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

function cellValue(value: SheetValue): SheetValue {
  return typeof value === 'string' ? value.slice(0, MOST_CELL) : value;
}

function addDropDowns(sheet: exceljs.Worksheet, columns: readonly SheetColumn[]): void {
  columns.forEach(({ choices }, place) => {
    if (!choices) return;
    const letter = sheet.getColumn(place + 1).letter;
    // exceljs types know no ranges here; the file format does.
    const validations = (sheet as unknown as { dataValidations: { add(range: string, rule: object): void } })
      .dataValidations;
    validations.add(`${letter}2:${letter}${DROP_DOWN_ROWS}`, {
      type: 'list',
      allowBlank: true,
      formulae: [`"${choices.join(',')}"`],
    });
  });
}

/** Excel takes no name over 31 characters, nor these signs in it. */
function sheetName(name: string): string {
  return name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31) || 'Sheet1';
}
