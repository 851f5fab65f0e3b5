import exceljs from 'exceljs';

/** A column people fill in: its title, a note that shows when a cell of it is chosen, and what may be picked. */
export type TemplateColumn = {
  title: string;
  note?: string;
  required?: boolean;
  choices?: readonly string[];
  /** Whether other words than the choices may stand there: several of them, say. */
  open?: boolean;
};

const LISTS = '可选项';
const ROWS = 10_000;

/**
 * A workbook to be filled in: titles that stay in sight, cells that keep numbers as text, drop-downs from a second
 * sheet, and an example in row 2.
 */
export async function writeTemplate({
  name,
  columns,
  example,
}: {
  name: string;
  columns: readonly TemplateColumn[];
  example: readonly string[];
}): Promise<Buffer> {
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map(({ title }, at) => ({
    header: title,
    width: Math.max(14, title.length * 2 + 4, (example[at]?.length ?? 0) + 4),
    style: { numFmt: '@' },
  }));
  const header = sheet.getRow(1);
  header.font = { bold: true };
  columns.forEach(({ required }, at) => {
    if (required) header.getCell(at + 1).font = { bold: true, color: { argb: 'FFB42318' } };
  });
  sheet.addRow([...example]).font = { italic: true, color: { argb: 'FF808080' } };
  const lists = book.addWorksheet(LISTS);
  for (const [at, column] of columns.entries()) addHelp(sheet, lists, column, at + 1);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function addHelp(sheet: exceljs.Worksheet, lists: exceljs.Worksheet, column: TemplateColumn, at: number): void {
  const { title, note, choices, open } = column;
  const prompt = note ? { showInputMessage: true, promptTitle: title, prompt: note } : {};
  if (!choices?.length) {
    if (note) validate(sheet, at, { type: 'textLength', operator: 'lessThan', formulae: [32_000], ...prompt });
    return;
  }
  const place = lists.columnCount + 1;
  lists.getColumn(place).values = [title, ...choices];
  lists.getColumn(place).width = 18;
  lists.getCell(1, place).font = { bold: true };
  const letter = lists.getColumn(place).letter;
  validate(sheet, at, {
    type: 'list',
    formulae: [`'${LISTS}'!$${letter}$2:$${letter}$${choices.length + 1}`],
    showErrorMessage: !open,
    errorTitle: title,
    error: '从下拉列表里选一项',
    ...prompt,
  });
}

function validate(sheet: exceljs.Worksheet, at: number, rule: object): void {
  const letter = sheet.getColumn(at).letter;
  // exceljs types know no ranges here; the file format does.
  const { dataValidations } = sheet as unknown as { dataValidations: { add(range: string, rule: object): void } };
  dataValidations.add(`${letter}2:${letter}${ROWS}`, { allowBlank: true, ...rule });
}
