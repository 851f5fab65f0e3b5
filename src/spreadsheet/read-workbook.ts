import { openCsv } from './read-csv.ts';
import { refuse } from './read-phrases.ts';
import type { SheetRow } from './read-rows.ts';
import { openXlsx } from './read-xlsx.ts';

export type { SheetRow } from './read-rows.ts';

/** An uploaded file of tables, looked into but not unpacked. */
export type Workbook = {
  /** Its sheets in the order of the tabs, at least one; a CSV file has one without a name. */
  sheets: readonly { name: string; hidden: boolean }[];
  /**
   * The rows of a sheet (its place, from 0) that hold something, as they come; memory does not grow with their number.
   * May be asked for again.
   * @throws Refusal in the middle, for what is damaged or beyond the caps
   */
  rows(sheet: number): AsyncIterable<SheetRow>;
};

const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const ZIP = Buffer.from('PK');

/**
 * Opens a workbook (.xlsx as Excel, WPS, LibreOffice, Numbers or a library wrote it) or a CSV file by what is in it,
 * whatever it is called; takes a moment however large it is.
 * @throws Refusal 415 for other types and macros, 422 for damage and for what is beyond the caps
 */
export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  if (bytes.subarray(0, OLE.length).equals(OLE)) throw refuse.old_workbook();
  return bytes.subarray(0, ZIP.length).equals(ZIP) ? openXlsx(bytes) : openCsv(bytes);
}
