import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorkbook, type SheetRow } from '../../src/spreadsheet/read-workbook.ts';
import { useTemporaryFolders } from '../database/temporary-folder.ts';
import { officeOnly } from '../setup/services.ts';
import { saveByLibreOffice } from './office.ts';
import { byExceljs, byReadExcelFile, type OtherReader } from './other-readers.ts';
import { FOLDER, type Sample } from './workbook-folder.ts';

const temporaryFolder = useTemporaryFolders();

type Difference = { file: string; cell: string; exceljs?: string; readExcelFile?: string; why: string };

/** What a written-out date becomes where it is taken for one of the machine's zone. */
const IN_THIS_ZONE = new Date('2026-03-05T14:30:00').toISOString().slice(0, 16).replace('T', ' ');

/** Where the other readers say something else than people see, and why ours is right. */
const DIFFERENCES: readonly Difference[] = [
  { file: 'units.xlsx', cell: 'A1', exceljs: '0.6', readExcelFile: '0.6', why: 'the bare number; people see 60%' },
  { file: 'units.xlsx', cell: 'B1', exceljs: '8000', readExcelFile: '8000', why: 'the bare number; people see 8000元' },
  { file: 'units.xlsx', cell: 'C1', exceljs: '12345.5', readExcelFile: '12345.5', why: 'the unit 万 is in the format' },
  { file: 'units.xlsx', cell: 'D1', exceljs: '8500', readExcelFile: '8500', why: 'the currency is in the format' },
  {
    file: 'units.xlsx',
    cell: 'E1',
    exceljs: '0.125',
    readExcelFile: '0.125',
    why: 'the bare number; people see 12.50%',
  },
  {
    file: 'times.xlsx',
    cell: 'B1',
    exceljs: '1899-12-30 14:30',
    readExcelFile: '1899-12-30 14:30',
    why: 'a time of day has no day',
  },
  {
    file: 'times.xlsx',
    cell: 'C1',
    exceljs: '1899-12-31 03:30',
    readExcelFile: '1899-12-31 03:30',
    why: 'a span of 27 and a half hours is no day either',
  },
  { file: 'easyexcel.xlsx', cell: 'A2', exceljs: '赵敏赵敏', why: 'the value and the text are one text, not two' },
  { file: 'easyexcel.xlsx', cell: 'B2', exceljs: '1380013800113800138001', why: 'the same with a phone number' },
  {
    file: 'openpyxl.xlsx',
    cell: 'C2',
    exceljs: '1905-07-18',
    ...(IN_THIS_ZONE !== '2026-03-05 14:30' && { readExcelFile: IN_THIS_ZONE }),
    why: 'one takes the year of a written-out date for a day number, the other its hour for one of the machine’s zone',
  },
  { file: 'formulas.xlsx', cell: 'C1', readExcelFile: '', why: 'leaves errors out; people see them' },
];

async function readOurs(bytes: Buffer, sheet: string): Promise<SheetRow[]> {
  const book = await openWorkbook(bytes);
  const rows: SheetRow[] = [];
  for await (const row of book.rows(book.sheets.findIndex(({ name }) => name === sheet))) rows.push(row);
  return rows;
}

/** Where another reader's cells are not what people see, by their places. */
function differences(reader: string, { file, rows }: Sample, theirs: string[][] | string) {
  if (typeof theirs === 'string') return { [`${reader} ${file}`]: theirs };
  const found: Record<string, string> = {};
  for (let at = 0; at < Math.max(rows.length, theirs.length); at += 1)
    for (let column = 0; column < Math.max(rows[at]?.length ?? 0, theirs[at]?.length ?? 0); column += 1) {
      const [our, their] = [rows[at]?.[column] ?? '', theirs[at]?.[column] ?? ''];
      if (our !== their && column < 128)
        found[`${reader} ${file} ${String.fromCharCode(65 + column)}${at + 1}`] = their;
    }
  return found;
}

/** The folder written out and read from the disk, as an upload comes from one. */
async function writeFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'workbooks');
  await mkdir(folder);
  for (const { file, bytes } of FOLDER) await writeFile(join(folder, file), await bytes());
  return folder;
}

describe('a folder of workbooks as programs and people make them', () => {
  it.each(FOLDER)('$file ($quirk): read as people see it', async ({ bytes, sheet, rows }) => {
    expect((await readOurs(await bytes(), sheet)).map(({ cells }) => cells)).toEqual(rows);
  });

  it('two other readers see the same in every cell, but for the differences listed with their reasons', async () => {
    const folder = await writeFolder();
    const readers: [string, OtherReader][] = [
      ['exceljs', byExceljs],
      ['read-excel-file', byReadExcelFile],
    ];
    const found: Record<string, string> = {};
    for (const [name, read] of readers)
      for (const sample of FOLDER) {
        const bytes = await readFile(join(folder, sample.file));
        const theirs = await read(bytes, sample.sheet).catch((error: Error) => error.message);
        Object.assign(found, differences(name, sample, theirs));
      }
    const listed = DIFFERENCES.flatMap(({ file, cell, exceljs, readExcelFile }) => [
      ...(exceljs === undefined ? [] : [[`exceljs ${file} ${cell}`, exceljs]]),
      ...(readExcelFile === undefined ? [] : [[`read-excel-file ${file} ${cell}`, readExcelFile]]),
    ]);
    expect(found).toEqual(Object.fromEntries(listed));
  });

  it('what is hidden or stands too far right is said with its row', async () => {
    const sample = (file: string) => FOLDER.find((one) => one.file === file) as Sample;
    const filtered = await readOurs(await sample('wps.xlsx').bytes(), '客户');
    expect(filtered.map(({ hidden }) => hidden)).toEqual([false, false, true]);
    const stray = await readOurs(await sample('stray.xlsx').bytes(), '客户');
    expect(stray.map(({ beyond }) => beyond)).toEqual([0, 1]);
    const book = await openWorkbook(await sample('hidden-first.xlsx').bytes());
    expect(book.sheets).toEqual([
      { name: '字典', hidden: true },
      { name: '客户', hidden: false },
    ]);
  });

  officeOnly('LibreOffice', () => {
    it('saves them anew: what people see stays the same', async () => {
      for (const file of ['units.xlsx', 'old-mac.xlsx', 'wps.xlsx']) {
        const { bytes, sheet, rows } = FOLDER.find((one) => one.file === file) as Sample;
        const saved = await readOurs(await saveByLibreOffice(await bytes()), sheet);
        expect(saved.map(({ cells }) => cells)).toEqual(rows);
      }
    }, 120_000);
  });
});
