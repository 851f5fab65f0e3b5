import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';
import type { Styles } from './read-styles.ts';
import type { SharedTexts } from './read-texts.ts';
import { sayIsoDate, sayNumber, sayText } from './read-value.ts';
import type { XmlHandlers } from './read-xml.ts';

/** One row that holds something: its number as the program shows it, and its cells as people read them ('' where empty). */
export type SheetRow = {
  number: number;
  cells: string[];
  /** Columns (from 0) whose formula was never worked out by a program. */
  unsolved: number[];
  /** Whether the program hides it, by a filter or by hand. */
  hidden: boolean;
  /** How many cells stood beyond the columns that are read. */
  beyond: number;
};

type Book = { styles: Styles; texts: SharedTexts; from1904: boolean };
/** `inline` is the text inside the cell itself: null where there is none. */
type Cell = {
  column: number;
  type: string;
  format: number;
  hasFormula: boolean;
  value: string;
  inline: string | null;
};

/**
 * Makes rows out of a sheet's tags. Rows without anything in them are passed over, so that thousands of formatted but
 * empty ones at the end do no harm; what follows the rows (merged cells, drop-downs) is not read at all.
 */
export function createRowScanner(book: Book): { handlers: XmlHandlers; takeRows(): SheetRow[] } {
  let rows: SheetRow[] = [];
  let row = emptyRow(0, false);
  let rowSigns = 0;
  let allSigns = 0;
  let column = -1;
  let cell: Cell | null = null;
  let inValue = false;
  let inText = false;
  let inReading = false;
  let ended = false;

  function beginRow({ r, hidden }: Readonly<Record<string, string>>): void {
    const number = r === undefined ? row.number + 1 : Number(r);
    if (!(Number.isInteger(number) && number > row.number && number <= LIMITS.lastRow)) throw refuse.damaged_workbook();
    row = emptyRow(number, hidden === '1' || hidden === 'true');
    rowSigns = 0;
    column = -1;
  }

  function beginCell({ r, t = 'n', s }: Readonly<Record<string, string>>): void {
    const at = r === undefined ? column + 1 : columnOf(r);
    if (!(at > column && at < LIMITS.lastColumn)) throw refuse.damaged_workbook();
    column = at;
    cell = { column, type: t, format: Number(s ?? 0), hasFormula: false, value: '', inline: null };
  }

  function endCell(cell: Cell): void {
    const { column, type, format, hasFormula, inline } = cell;
    // Some programs write both: the number of a text for old readers, and the text.
    const isInline = inline !== null && (type === 'inlineStr' || cell.value === '');
    const value = isInline ? inline : cell.value;
    if (value === '') {
      if (hasFormula && type !== 'str' && column < LIMITS.columns) row.unsolved.push(column);
      return;
    }
    const text = isInline ? sayText(value) : say(book, type, format, value);
    if (text.trim() === '') return;
    if (column >= LIMITS.columns) {
      row.beyond += 1;
      return;
    }
    if (text.length > LIMITS.cell) throw refuse.cell_too_long({ row: row.number });
    rowSigns += text.length;
    allSigns += text.length;
    if (rowSigns > LIMITS.row) throw refuse.row_too_long({ row: row.number });
    if (allSigns > LIMITS.signs) throw refuse.too_packed();
    while (row.cells.length < column) row.cells.push('');
    row.cells.push(text);
  }

  const handlers: XmlHandlers = {
    open: (name, attributes) => {
      if (name === 'row') beginRow(attributes);
      else if (name === 'c') beginCell(attributes);
      else if (name === 'v') inValue = true;
      else if (name === 't') inText = !inReading;
      else if (name === 'f' && cell) cell.hasFormula = true;
      else if (name === 'rPh') inReading = true;
    },
    text: (piece) => {
      if (!cell) return;
      if (inValue) cell.value += piece;
      else if (inText) cell.inline = `${cell.inline ?? ''}${piece}`;
      if (Math.max(cell.value.length, cell.inline?.length ?? 0) > LIMITS.cell * 2)
        throw refuse.cell_too_long({ row: row.number });
    },
    close: (name) => {
      if (name === 'v') inValue = false;
      else if (name === 't') inText = false;
      else if (name === 'rPh') inReading = false;
      else if (name === 'c' && cell) {
        endCell(cell);
        cell = null;
      } else if (name === 'row' && (row.cells.length > 0 || row.unsolved.length > 0 || row.beyond > 0)) rows.push(row);
      else if (name === 'sheetData') ended = true;
    },
    enough: () => ended,
  };
  return {
    handlers,
    takeRows: () => {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

function emptyRow(number: number, hidden: boolean): SheetRow {
  return { number, cells: [], unsolved: [], hidden, beyond: 0 };
}

function say({ styles, texts, from1904 }: Book, type: string, format: number, value: string): string {
  switch (type) {
    case 's': {
      const text = texts(Number(value));
      if (text === undefined) throw refuse.damaged_workbook();
      return sayText(text);
    }
    case 'n':
      return sayNumber(value, styles(format), from1904);
    case 'b':
      return value === '1' || value === 'true' ? 'TRUE' : 'FALSE';
    case 'd':
      return sayIsoDate(value, styles(format));
    default:
      return sayText(value);
  }
}

/** C7 is 2; -1 for what is no cell's name. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at) | 0x20;
    if (code < 0x61 || code > 0x7a) break;
    column = column * 26 + code - 0x60;
  }
  return column - 1;
}
