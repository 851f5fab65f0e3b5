import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../src/spreadsheet/read-workbook.ts';
import { buildWorkbook, customerRows, partsOf, textRow, zipLying } from './build-workbook.ts';
import { HOSTILE } from './hostile.ts';

/** What is said of a workbook; how many rows it holds where nothing is. */
async function read(bytes: Buffer): Promise<string | number> {
  let rows = 0;
  try {
    for await (const _ of (await openWorkbook(bytes)).rows(0)) rows += 1;
  } catch (error) {
    expect(error).toMatchObject({ name: 'Refusal' });
    return (error as Error).message;
  }
  return rows;
}

describe('hostile workbooks', () => {
  for (const { name, bytes, says } of HOSTILE)
    it(`${name}: ${says ? 'refused in words' : 'read past'}`, async () => {
      const answer = await read(await bytes());
      if (says) expect(answer).toMatch(says);
      else expect(answer).toBe(4);
    });

  it('a size far beyond what there is: refused', async () => {
    const bytes = zipLying(partsOf({ rows: customerRows(10) }), 'xl/worksheets/sheet1.xml', 3_000_000_000);
    expect(await read(bytes)).toMatch(/大得不正常/);
  });

  it('an endless tag of attributes: refused', async () => {
    const attributes = Array.from({ length: 200_000 }, (_, n) => `a${n}="1"`).join(' ');
    expect(await read(await buildWorkbook({ rows: `<row ${attributes}></row>` }))).toMatch(/太长/);
  });

  it('tags a hundred thousand deep: refused', async () => {
    expect(await read(await buildWorkbook({ rows: '<row>'.repeat(100_000) }))).toMatch(/损坏/);
  });

  it('one long text that a hundred thousand rows refer to: refused before it fills the memory', async () => {
    const rows = Array.from({ length: 20_000 }, () => '<row><c t="s"><v>0</v></c></row>').join('');
    const sharedStrings = `<sst><si><t>${'长'.repeat(30_000)}</t></si></sst>`;
    expect(await read(await buildWorkbook({ rows, sharedStrings }))).toMatch(/大得不正常/);
  });

  it('rows that go backwards, cells that do, numbers of shared texts that are not there: refused as damaged', async () => {
    for (const rows of [
      `${textRow(5, ['a'])}${textRow(5, ['b'])}`,
      '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
      '<row><c t="s"><v>7</v></c></row>',
      '<row r="0"><c><v>1</v></c></row>',
    ])
      expect(await read(await buildWorkbook({ rows }))).toMatch(/损坏/);
  });

  it('unknown entities and broken XML: refused as damaged', async () => {
    for (const rows of [textRow(1, ['&nbsp;']), '<row><c></row>', '<row'])
      expect(await read(await buildWorkbook({ rows }))).toMatch(/损坏/);
  });

  it('macros by type or by file: refused, saying so', async () => {
    const contentType = 'application/vnd.ms-excel.sheet.macroEnabled.main+xml';
    expect(await read(await buildWorkbook({ rows: customerRows(1), contentType }))).toMatch(/宏/);
    expect(await read(await buildWorkbook({ rows: customerRows(1), more: { 'xl/vbaProject.bin': 'x' } }))).toMatch(
      /宏/,
    );
  });

  it('old, locked, foreign and cut off files: each is told what it is', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
    expect(await read(old)).toMatch(/\.xls/);
    const whole = await buildWorkbook({ rows: customerRows(50) });
    expect(await read(whole.subarray(0, whole.length - 40))).toMatch(/损坏/);
    expect(await read(Buffer.alloc(0))).toMatch(/不是 Excel/);
    const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
    expect(await read(await buildWorkbook({ contentType: word }))).toMatch(/Word/);
    const binary = 'application/vnd.ms-excel.sheet.binary.macroEnabled.main';
    expect(await read(await buildWorkbook({ contentType: binary }))).toMatch(/\.xlsb.*另存为 \.xlsx/);
  });
});
