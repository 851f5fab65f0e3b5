import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../src/spreadsheet/read-workbook.ts';

async function cellsOf(bytes: Buffer): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { cells } of (await openWorkbook(bytes)).rows(0)) rows.push(cells);
  return rows;
}

async function problemOf(bytes: Buffer): Promise<string> {
  try {
    return `${(await cellsOf(bytes)).length} rows`;
  } catch (error) {
    expect(error).toMatchObject({ name: 'Refusal' });
    return (error as Error).message;
  }
}

const TEXT = '姓名,手机,备注\r\n王小雨,13800138000,"周末, 下午\r\n再联系"\r\n李明,13800138001,说"好"\r\n';
const CELLS = [
  ['姓名', '手机', '备注'],
  ['王小雨', '13800138000', '周末, 下午\n再联系'],
  ['李明', '13800138001', '说"好"'],
];

describe('CSV files', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with its mark', iconv.encode(TEXT, 'utf8', { addBOM: true })],
    ['GB18030, as Chinese Excel writes it', iconv.encode(TEXT, 'gb18030')],
    ['UTF-16 with its mark, as Excel’s Unicode text', iconv.encode(TEXT, 'utf16-le', { addBOM: true })],
    ['semicolons', Buffer.from(TEXT.replace(/,(?! )/g, ';'))],
    ['tabs', Buffer.from(TEXT.replace(/,(?! )/g, '\t'))],
    ['a first line that names the sign', Buffer.from(`sep=;\r\n${TEXT.replace(/,(?! )/g, ';')}`)],
    ['line feeds alone', Buffer.from(TEXT.replaceAll('\r\n', '\n'))],
  ])('%s: the same cells', async (_, bytes) => {
    expect(await cellsOf(bytes)).toEqual(CELLS);
  });

  it('numbers kept from Excel as ="138…" are what people see; a text 1.38E+10 stays what it became', async () => {
    expect(await cellsOf(Buffer.from('a,b\n="13800138000",1.38E+10\n"=""007""",\t0571\n'))).toEqual([
      ['a', 'b'],
      ['13800138000', '1.38E+10'],
      ['007', '\t0571'],
    ]);
  });

  it('Chinese across every piece’s edge in both encodings: not one sign is damaged', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `${n}号客户王小雨𠮷`);
    for (const encoding of ['utf8', 'gb18030'])
      expect((await cellsOf(iconv.encode(lines.join('\n'), encoding))).flat()).toEqual(lines);
  });

  it('rows are counted as Excel counts them: empty ones too, a text of several lines as one', async () => {
    const rows = (await openWorkbook(Buffer.from('a,b\n\n,\n"x\ny",1\n王,2'))).rows(0);
    const numbers: number[] = [];
    for await (const { number } of rows) numbers.push(number);
    expect(numbers).toEqual([1, 4, 5]);
  });

  it('cells beyond the last column are counted, not read', async () => {
    const rows = (await openWorkbook(Buffer.from(`甲${','.repeat(130)}远\n`))).rows(0);
    for await (const row of rows) expect(row).toMatchObject({ cells: ['甲'], beyond: 1 });
  });

  it('hostile ones: a quote without end, an endless line, a cell too long, too many rows, no text at all', async () => {
    expect(await problemOf(Buffer.from(`a,b\n"${'长'.repeat(100)}`))).toMatch(/第 2 行.*引号/);
    expect(await problemOf(Buffer.from(`a,"${'x\n'.repeat(5_000_000)}`))).toMatch(/太多/);
    expect(await problemOf(Buffer.from(`a,b\n${'长'.repeat(40_000)},1\n`))).toMatch(/太长/);
    expect(await problemOf(Buffer.from('1\n'.repeat(100_002)))).toMatch(/超过 100000 行/);
    for (const text of ['%PDF-1.7', '  <table><tr>', '\u0000\u0001', 'a\u0000b', '   \n'])
      expect(await problemOf(Buffer.from(text))).toMatch(/不是 Excel/);
  }, 60_000);
});
