import { readFile } from 'node:fs/promises';
import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { openWorkbook, type SheetRow } from '../../src/spreadsheet/read-workbook.ts';
import { officeOnly } from '../setup/services.ts';
import { buildWorkbook, textRow } from './build-workbook.ts';
import { saveByLibreOffice } from './office.ts';

const HEADER = ['姓名', '手机', 'QQ', '微信号', '来源', '薪资', '备注'];
/** The customers of every file below, whoever wrote it and however. */
const CUSTOMERS = [
  ['王小雨', '13800138000', '12345678', 'wang_xiaoyu', '百度推广', '8500', '2026-03-05'],
  ['李明', '13800138001', '87654321', '', 'qq群', '9000.5', '2026-11-21 14:30'],
  ['  赵 敏 ', '138-0013-8002', '', '', '', "=cmd|' /C calc'!A0", '第一行\n第二行 <&>'],
];

async function read(bytes: Buffer): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const row of (await openWorkbook(bytes)).rows(0)) rows.push(row);
  return rows;
}

const cellsOf = async (bytes: Buffer) => (await read(bytes)).map(({ cells }) => cells);

/** The customers as exceljs writes them: rich text, a formula with its result, dates, numbers, a formatted tail. */
async function writtenByExceljs(): Promise<Buffer> {
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet('客户');
  sheet.addRow(HEADER);
  const richText = [{ text: '王' }, { font: { bold: true }, text: '小雨' }];
  sheet.addRow([
    { richText },
    13800138000,
    '12345678',
    'wang_xiaoyu',
    '百度推广',
    { formula: '8000+500', result: 8500 },
  ]);
  sheet.getCell('G2').value = new Date('2026-03-05T00:00:00Z');
  sheet.getCell('G2').numFmt = 'yyyy/m/d';
  sheet.addRow(['李明', 13800138001, 87654321, null, 'qq群', 9000.5, new Date('2026-11-21T14:30:00Z')]);
  sheet.getCell('G3').numFmt = 'yyyy-mm-dd hh:mm';
  sheet.addRow(['  赵 敏 ', '138-0013-8002', null, null, null, "=cmd|' /C calc'!A0", '第一行\n第二行 <&>']);
  for (let row = 5; row < 60; row += 1) sheet.getCell(row, 1).font = { bold: true };
  sheet.getCell('A70').value = '   ';
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('workbooks of different programs', () => {
  it('exceljs: texts, numbers in full, days, rich text and results as people read them; no blank tail', async () => {
    expect(await cellsOf(await writtenByExceljs())).toEqual([HEADER, ...CUSTOMERS]);
  });

  it('openpyxl: the same', async () => {
    const bytes = await readFile(new URL('../fixtures/import/openpyxl.xlsx', import.meta.url));
    expect(await cellsOf(bytes)).toEqual([HEADER, ...CUSTOMERS]);
  });

  it('a library that prefixes every tag, names no cell and packs texts into the sheet: the same', async () => {
    const x = (text: string) => `<x:c t="inlineStr"><x:is><x:t>${text}</x:t></x:is></x:c>`;
    const sheet = `<x:worksheet xmlns:x="a"><x:sheetData><x:row>${HEADER.map(x).join('')}</x:row><x:row>${x('王小雨')}<x:c><x:v>1.3800138E10</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    expect(await cellsOf(await buildWorkbook({ sheet }))).toEqual([HEADER, ['王小雨', '13800138000']]);
  });

  officeOnly('LibreOffice', () => {
    it('saves what exceljs and openpyxl wrote: the same', async () => {
      const openpyxl = await readFile(new URL('../fixtures/import/openpyxl.xlsx', import.meta.url));
      for (const bytes of [await writtenByExceljs(), openpyxl])
        expect(await cellsOf(await saveByLibreOffice(bytes))).toEqual([HEADER, ...CUSTOMERS]);
    }, 120_000);
  });
});

describe('cells', () => {
  const styles = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;;@"/><numFmt numFmtId="171" formatCode="00000000000"/><numFmt numFmtId="172" formatCode="&quot;day&quot; 0.00 [Red]"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="57"/><xf numFmtId="20"/></cellXfs></styleSheet>`;
  const cell = async (xml: string, parts: Parameters<typeof buildWorkbook>[0] = {}) =>
    (await read(await buildWorkbook({ rows: `<row>${xml}</row>`, styles, ...parts })))[0]?.cells[0];

  it.each([
    ['a long number in scientific writing', '<c><v>1.3800138E+10</v></c>', '13800138000'],
    ['the rest of a binary fraction', '<c><v>0.30000000000000004</v></c>', '0.3'],
    ['a built-in date', '<c s="1"><v>46082</v></c>', '2026-03-01'],
    ['a date of its own format, which shows no time', '<c s="2"><v>46082.5</v></c>', '2026-03-01'],
    ['a Chinese built-in date', '<c s="5"><v>46082</v></c>', '2026-03-01'],
    ['a time of day', '<c s="6"><v>0.604166666666667</v></c>', '14:30'],
    ['zeros in front', '<c s="3"><v>1088886666</v></c>', '01088886666'],
    ['a format with words in quotes', '<c s="4"><v>12.5</v></c>', 'day 12.50'],
    ['the day that never was is past', '<c s="1"><v>61</v></c>', '1900-03-01'],
    ['before it', '<c s="1"><v>1</v></c>', '1900-01-01'],
    ['a number too large for a date', '<c s="1"><v>13800138000</v></c>', '13800138000'],
    ['a written-out date', '<c t="d"><v>2026-03-01T00:00:00.000Z</v></c>', '2026-03-01'],
    ['yes or no', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['a formula’s text', '<c t="str"><f>A1&amp;"x"</f><v>王小雨</v></c>', '王小雨'],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    [
      'signs XML cannot hold',
      '<c t="inlineStr"><is><t>甲_x000D_乙_x0000_丙_x005F_x0041_</t></is></c>',
      '甲\n乙丙_x0041_',
    ],
    [
      'a reading printed above',
      '<c t="inlineStr"><is><r><t>王</t></r><rPh sb="0"><t>wáng</t></rPh><r><t>小雨</t></r></is></c>',
      '王小雨',
    ],
  ])('%s', async (_, xml, text) => {
    expect(await cell(xml)).toBe(text);
  });

  it('days counted from 1904: the same day', async () => {
    expect(await cell('<c s="1"><v>44620</v></c>', { workbookPr: '<workbookPr date1904="1"/>' })).toBe('2026-03-01');
  });

  it('shared texts with Chinese across every chunk’s edge: not one sign is damaged', async () => {
    const texts = Array.from({ length: 30_000 }, (_, n) => `${n}号客户王小雨𠮷`);
    const sharedStrings = `<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`;
    const rows = texts.map((_, n) => `<row><c t="s"><v>${n}</v></c></row>`).join('');
    expect((await cellsOf(await buildWorkbook({ rows, sharedStrings }))).flat()).toEqual(texts);
  });

  it('a formula nobody has worked out: named as such', async () => {
    const rows = '<row><c t="inlineStr"><is><t>王小雨</t></is></c><c><f>1+1</f></c></row>';
    expect(await read(await buildWorkbook({ rows }))).toMatchObject([{ number: 1, cells: ['王小雨'], unsolved: [1] }]);
  });

  it('gaps, thousands of empty rows and a full tail: numbers stay the sheet’s own', async () => {
    const blanks = Array.from({ length: 5_000 }, (_, n) => `<row r="${n + 3}"><c s="1"/></row>`).join('');
    const rows = await read(
      await buildWorkbook({ rows: `${textRow(2, ['甲', '', '丙'])}${blanks}${textRow(9_000, ['乙'])}` }),
    );
    expect(rows).toMatchObject([
      { number: 2, cells: ['甲', '', '丙'] },
      { number: 9_000, cells: ['乙'] },
    ]);
  });
});
