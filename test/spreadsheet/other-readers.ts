import exceljs from 'exceljs';
import { readSheet } from 'read-excel-file/node';

/** A sheet's cells as another program's reader gives them, as text and without empty ends. */
export type OtherReader = (bytes: Buffer, sheet: string) => Promise<string[][]>;

/** exceljs, which writes our own sheets but reads with code of its own. */
export const byExceljs: OtherReader = async (bytes, sheet) => {
  const book = new exceljs.Workbook();
  await book.xlsx.load(bytes as never);
  const rows: string[][] = [];
  book.getWorksheet(sheet)?.eachRow({ includeEmpty: true }, (row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell, at) => {
      cells[at - 1] = asText(plain(cell.value));
    });
    rows.push([...cells]);
  });
  return trimmed(rows);
};

/** read-excel-file (MIT, kept up to date): the npm release of SheetJS is of 2022 and has known holes. */
export const byReadExcelFile: OtherReader = async (bytes, sheet) =>
  trimmed((await readSheet(bytes, sheet, { trim: false })).map((row) => row.map(asText)));

/** What exceljs wraps: rich text, formulas, errors. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if ('richText' in value) return (value.richText as { text: string }[]).map(({ text }) => text).join('');
  if ('result' in value) return plain(value.result);
  return 'error' in value ? value.error : JSON.stringify(value);
}

/** Dates as ours, so that the same moment is the same text. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (!(value instanceof Date)) return String(value);
  const [day = '', time = ''] = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString().split('T');
  const [hours, minutes, seconds] = time.slice(0, 8).split(':');
  const clock = seconds === '00' ? `${hours}:${minutes}` : `${hours}:${minutes}:${seconds}`;
  return clock === '00:00' ? day : `${day} ${clock}`;
}

function trimmed(rows: readonly (readonly string[])[]): string[][] {
  const texts = rows.map((row) => {
    const last = row.findLastIndex((text) => (text ?? '') !== '');
    return Array.from({ length: last + 1 }, (_, at) => row[at] ?? '');
  });
  return texts.slice(0, texts.findLastIndex((row) => row.length > 0) + 1);
}
