import JSZip from 'jszip';
import { buildWorkbook, customerRows, partsOf, textRow, zipLying } from './build-workbook.ts';

const GOOD = customerRows(3);

async function flooded(): Promise<Buffer> {
  const zip = new JSZip();
  for (const [name, text] of Object.entries(partsOf({ rows: GOOD }))) zip.file(name, Buffer.from(text));
  for (let n = 0; n < 5_000; n += 1) zip.file(`xl/media/${n}.xml`, '<a/>');
  return zip.generateAsync({ type: 'nodebuffer' });
}

/** Nine workbooks made to bring a reader down, and what is said of each; null where it is simply read. */
export const HOSTILE: readonly { name: string; bytes: () => Promise<Buffer>; says: RegExp | null }[] = [
  {
    name: 'one cell of 40 million signs',
    bytes: () => buildWorkbook({ rows: GOOD + textRow(5, ['王'.repeat(64), '1'.repeat(40_000_000)]) }),
    says: /太长|大得不正常/,
  },
  {
    name: 'two hundred thousand rows',
    bytes: () => buildWorkbook({ rows: customerRows(200_000) }),
    says: /超过 100000 行/,
  },
  {
    name: 'a directory that lies about sizes',
    bytes: async () => zipLying(partsOf({ rows: customerRows(5_000) }), 'xl/worksheets/sheet1.xml', 4_000),
    says: /损坏/,
  },
  {
    name: 'everything merged',
    bytes: () =>
      buildWorkbook({ rows: GOOD, after: '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>' }),
    says: null,
  },
  {
    name: 'a drop-down on every cell',
    bytes: () =>
      buildWorkbook({
        rows: GOOD,
        after: `<dataValidations>${'<dataValidation type="list" sqref="A1:XFD1048576"><formula1>"男,女"</formula1></dataValidation>'.repeat(2_000)}</dataValidations>`,
      }),
    says: null,
  },
  { name: 'thousands of files inside', bytes: flooded, says: /零碎/ },
  {
    name: 'a zip bomb',
    bytes: () => buildWorkbook({ rows: GOOD, sharedStrings: `<sst><si><t>${' '.repeat(120_000_000)}</t></si></sst>` }),
    says: /大得不正常/,
  },
  {
    name: 'an external entity',
    bytes: () =>
      buildWorkbook({
        sheet: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData>${textRow(1, ['姓名', 'QQ'])}${textRow(2, ['&e;', '12345678'])}</sheetData></worksheet>`,
      }),
    says: /DTD/,
  },
  {
    name: 'another type under a workbook’s name',
    bytes: async () => Buffer.from('<html><table><tr><td>姓名</td></tr></table></html>'),
    says: /不是 Excel 工作簿/,
  },
];
