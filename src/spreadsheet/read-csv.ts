import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, type Info, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';
import type { SheetRow } from './read-rows.ts';
import { sayText } from './read-value.ts';
import type { Workbook } from './read-workbook.ts';

const PIECE = 64 * 1024;
/** So much of a file's beginning tells what it is. */
const SAMPLE = 64 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Opens a CSV file: UTF-8, UTF-16 with its mark, or GB18030 as Chinese Excel and WPS write it; parted by commas,
 * semicolons or tabs, whichever its first lines use.
 * @throws Refusal 415 for what is no text
 */
export function openCsv(bytes: Buffer): Workbook {
  const encoding = encodingOf(bytes);
  const sample = iconv.decode(bytes.subarray(0, SAMPLE), encoding);
  if (!isText(sample)) throw refuse.not_a_workbook();
  const [, named] = /^sep=(.)\r?\n/.exec(sample) ?? [];
  const format = { delimiter: named ?? delimiterOf(sample), skipped: named === undefined ? 0 : 1 };
  return { sheets: [{ name: '', hidden: false }], rows: () => readRows(bytes, encoding, format) };
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16-le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf16-be';
  // A file that was cut off in the middle of a sign is still UTF-8.
  const isOurs = [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
  return isOurs ? 'utf8' : 'gb18030';
}

/** Pages, programs and pictures under a table's name are no tables. */
function isText(sample: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts hold none of these.
  return sample.trim() !== '' && !/^\s*(?:<|%PDF|\{\\rtf)/.test(sample) && !/[\u0000-\u0008\u000e-\u001a]/.test(sample);
}

/** Whichever parts the first lines most often; what stands in quotes does not count. */
function delimiterOf(sample: string): string {
  const lines = sample
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\r|\n/, 10)
    .join('\n');
  const counts = DELIMITERS.map((delimiter) => lines.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Rows are counted as a spreadsheet program counts them: empty ones too, a text of several lines as one. */
async function* readRows(
  bytes: Buffer,
  encoding: string,
  { delimiter, skipped }: { delimiter: string; skipped: number },
): AsyncGenerator<SheetRow> {
  const parser = parse({
    delimiter,
    from_line: skipped + 1,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: LIMITS.row * 4,
    info: true,
  });
  const source = Readable.from(decode(bytes, encoding));
  source.pipe(parser);
  source.on('error', (error) => parser.destroy(error));
  let number = 0;
  let [filled, signs] = [0, 0];
  try {
    for await (const { record } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      number += 1;
      const row = readRecord(record, number);
      if (row.cells.length === 0 && row.beyond === 0) continue;
      filled += 1;
      if (filled > LIMITS.rows + 1) throw refuse.too_many_rows();
      signs += row.cells.reduce((sum, cell) => sum + cell.length, 0);
      if (signs > LIMITS.signs) throw refuse.too_packed();
      yield row;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw refuse.row_too_long({ row: number + 1 });
    throw refuse.damaged_csv({ row: number + 1 });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Piece by piece, each with a turn for the rest of the service. */
async function* decode(bytes: Buffer, encoding: string): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  for (let at = 0; at < bytes.length; at += PIECE) {
    const text = decoder.write(bytes.subarray(at, at + PIECE));
    if (text !== '') yield text;
    await nextTurn();
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

function readRecord(record: readonly string[], number: number): SheetRow {
  const row: SheetRow = { number, cells: [], unsolved: [], hidden: false, beyond: 0 };
  let signs = 0;
  for (const [column, raw] of record.entries()) {
    const text = sayText(bare(raw));
    if (text.trim() === '') continue;
    if (column >= LIMITS.columns) {
      row.beyond += 1;
      continue;
    }
    if (text.length > LIMITS.cell) throw refuse.cell_too_long({ row: number });
    signs += text.length;
    if (signs > LIMITS.row) throw refuse.row_too_long({ row: number });
    while (row.cells.length < column) row.cells.push('');
    row.cells.push(text);
  }
  return row;
}

/** ="13800138000" is how exports keep Excel from making a number of a text: people see the text. */
function bare(text: string): string {
  return /^="(.*)"$/s.exec(text)?.[1]?.replaceAll('""', '"') ?? text;
}
