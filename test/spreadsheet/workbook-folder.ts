import exceljs from 'exceljs';
import { buildWorkbook, type Parts } from './build-workbook.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';

/** One workbook as some program writes it: which of its sheets is read, and what people see there. */
export type Sample = { file: string; quirk: string; bytes: () => Promise<Buffer>; sheet: string; rows: string[][] };

const types = (defaults: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults}<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}"/></Types>`;

const styles = (...codes: string[]) =>
  `<styleSheet xmlns="${MAIN}"><numFmts count="${codes.length}">${codes.map((code, at) => `<numFmt numFmtId="${170 + at}" formatCode="${code.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="${codes.length + 1}"><xf numFmtId="0"/>${codes.map((_, at) => `<xf numFmtId="${170 + at}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`;

const shared = (...texts: string[]) =>
  `<sst xmlns="${MAIN}" count="${texts.length}" uniqueCount="${texts.length}">${texts.map((text) => `<si>${text.startsWith('<') ? text : `<t xml:space="preserve">${text}</t>`}</si>`).join('')}</sst>`;

/** Cells by their kind: s a shared text, n a number in a format, others as XML. */
const row = (number: number, ...cells: string[]) => `<row r="${number}">${cells.join('')}</row>`;
const s = (at: string, index: number) => `<c r="${at}" t="s"><v>${index}</v></c>`;
const n = (at: string, value: string | number, format = 0) => `<c r="${at}" s="${format}"><v>${value}</v></c>`;
const inline = (at: string, text: string, value = '') =>
  `<c r="${at}" t="inlineStr">${value}<is><t>${text}</t></is></c>`;

/** A workbook of several sheets. */
export function sheetsOf(sheets: readonly { name: string; state?: string; rows: string }[], parts: Parts = {}) {
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const more: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name, state }, at) => `<sheet name="${name}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${sheets.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `/xl/worksheets/sheet${at + 1}.xml`)).join('')}</Relationships>`,
  };
  for (const [at, { rows }] of sheets.entries())
    more[`xl/worksheets/sheet${at + 1}.xml`] = `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`;
  return buildWorkbook({ ...parts, more: { ...more, ...parts.more } });
}

async function byExceljs(): Promise<Buffer> {
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet('客户');
  sheet.addRow(['姓名', '手机', '日期']);
  sheet.addRow([{ richText: [{ text: '王' }, { font: { bold: true }, text: '小雨' }] }, 13800138000]);
  sheet.getCell('C2').value = new Date('2026-03-05T00:00:00Z');
  sheet.getCell('C2').numFmt = 'yyyy/m/d';
  for (let at = 3; at < 40; at += 1) sheet.getCell(at, 1).font = { bold: true };
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** A folder of workbooks, each with a quirk that some program or person gives it. */
export const FOLDER: readonly Sample[] = [
  {
    file: 'sheetjs.xlsx',
    quirk: 'names a macro type as the default of .bin, writes texts as results',
    bytes: () =>
      buildWorkbook({
        rows: `${row(1, '<c r="A1" t="str"><v>姓名</v></c>', '<c r="B1" t="str"><v>手机</v></c>')}${row(2, '<c r="A2" t="str"><v>王小雨</v></c>', '<c r="B2" t="n"><v>13800138000</v></c>', '<c r="C2" t="b"><v>1</v></c>')}`,
        more: {
          '[Content_Types].xml': types(
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
          ),
        },
      }),
    sheet: '客户',
    rows: [
      ['姓名', '手机'],
      ['王小雨', '13800138000', 'TRUE'],
    ],
  },
  {
    file: 'openpyxl.xlsx',
    quirk: 'the first shared text is empty, dates are written out',
    bytes: () =>
      buildWorkbook({
        rows: `${row(1, s('A1', 1), s('B1', 0), s('C1', 2))}${row(2, s('A2', 3), s('B2', 0), '<c r="C2" s="1" t="d"><v>2026-03-05T14:30:00</v></c>')}`,
        sharedStrings: shared('', '姓名', '日期', '王小雨'),
        styles: styles('yyyy-mm-dd hh:mm:ss'),
      }),
    sheet: '客户',
    rows: [
      ['姓名', '', '日期'],
      ['王小雨', '', '2026-03-05 14:30'],
    ],
  },
  {
    file: 'numbers.xlsx',
    quirk: 'names a Word type, a summary sheet stands first, the table’s title over the header',
    bytes: () =>
      sheetsOf(
        [
          { name: '导出摘要', rows: row(1, s('A1', 0), s('B1', 1)) },
          {
            name: '工作表 1 - 客户',
            rows: `${row(1, s('A1', 1))}${row(2, s('A2', 2), s('B2', 3))}${row(3, s('A3', 4), n('B3', 46082, 1))}`,
          },
        ],
        {
          sharedStrings: shared('<t/>', '客户', '姓名', '日期', '李明'),
          styles: styles('yyyy"年"m"月"d"日"'),
          more: {
            '[Content_Types].xml': types(
              '<Default Extension="docx" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document"/>',
            ),
            'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId4" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
          },
        },
      ),
    sheet: '工作表 1 - 客户',
    rows: [['客户'], ['姓名', '日期'], ['李明', '2026-03-01']],
  },
  {
    file: 'easyexcel.xlsx',
    quirk: 'texts in the cells themselves, with a number beside them; parts by absolute names',
    bytes: () =>
      sheetsOf([
        {
          name: '客户',
          rows: `${row(1, inline('A1', '姓名'), inline('B1', '手机'))}${row(2, inline('A2', '赵敏', '<v>赵敏</v>'), inline('B2', '13800138001', '<v>13800138001</v>'))}`,
        },
      ]),
    sheet: '客户',
    rows: [
      ['姓名', '手机'],
      ['赵敏', '13800138001'],
    ],
  },
  {
    file: 'wps.xlsx',
    quirk: 'readings above names, rich text, rows hidden by a filter, a formatted tail',
    bytes: () =>
      buildWorkbook({
        rows: `${row(1, s('A1', 0), s('B1', 1))}${row(2, s('A2', 2), n('B2', '1.3800138002E10'))}<row r="3" hidden="1">${s('A3', 3)}${n('B3', 13800138003)}</row>${Array.from({ length: 30 }, (_, at) => `<row r="${at + 4}"><c r="A${at + 4}" s="1"/></row>`).join('')}`,
        sharedStrings: shared(
          '姓名',
          '手机',
          '<t>孙悦</t><rPh sb="0" eb="2"><t>sūn yuè</t></rPh><phoneticPr fontId="1"/>',
          '<r><rPr><b/></rPr><t>周</t></r><r><t xml:space="preserve">杰 </t></r>',
        ),
        styles: styles('0_ '),
      }),
    sheet: '客户',
    rows: [
      ['姓名', '手机'],
      ['孙悦', '13800138002'],
      ['周杰 ', '13800138003'],
    ],
  },
  {
    file: 'old-mac.xlsx',
    quirk: 'counts days from 1904, and an extension names its own workbookPr later',
    bytes: () =>
      buildWorkbook({
        rows: `${row(1, inline('A1', '日期'))}${row(2, n('A2', 44620, 1))}`,
        styles: styles('yyyy\\-mm\\-dd'),
        more: {
          'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}" xmlns:x15="x15"><workbookPr date1904="1"/><sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets><extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>`,
        },
      }),
    sheet: '客户',
    rows: [['日期'], ['2026-03-01']],
  },
  {
    file: 'units.xlsx',
    quirk: 'percent signs, units and currencies live in the number format',
    bytes: () =>
      buildWorkbook({
        rows: row(
          1,
          n('A1', 0.6, 1),
          n('B1', 8000, 2),
          n('C1', 12345.5, 3),
          n('D1', 8500, 4),
          n('E1', 0.125, 5),
          n('F1', 8500, 6),
        ),
        styles: styles('0%', '0"元"', '#,##0.00"万"', '[$¥-804]#,##0', '0.00%', '#,##0.00'),
      }),
    sheet: '客户',
    rows: [['60%', '8000元', '12,345.50万', '¥8,500', '12.50%', '8500']],
  },
  {
    file: 'times.xlsx',
    quirk: 'the last second of a day, a time alone, more hours than a day has',
    bytes: () =>
      buildWorkbook({
        rows: row(1, n('A1', 46082.9999884259, 1), n('B1', 0.604166666666667, 2), n('C1', 1.14583333333333, 3)),
        styles: styles('yyyy-mm-dd hh:mm:ss', 'h:mm', '[h]:mm'),
      }),
    sheet: '客户',
    rows: [['2026-03-01 23:59:59', '14:30', '27:30']],
  },
  {
    file: 'hidden-first.xlsx',
    quirk: 'the first sheet is hidden',
    bytes: () =>
      sheetsOf([
        { name: '字典', state: 'veryHidden', rows: row(1, inline('A1', '姓名'), inline('B1', '手机')) },
        { name: '客户', rows: row(1, inline('A1', '姓名'), inline('B1', 'QQ')) },
      ]),
    sheet: '客户',
    rows: [['姓名', 'QQ']],
  },
  {
    file: 'stray.xlsx',
    quirk: 'one cell far to the right',
    bytes: () =>
      buildWorkbook({
        rows: `${row(1, inline('A1', '姓名'), inline('B1', 'QQ'))}${row(2, inline('A2', '王小雨'), n('B2', 12345678), inline('FA2', '草稿'))}`,
        styles: styles(),
      }),
    sheet: '客户',
    rows: [
      ['姓名', 'QQ'],
      ['王小雨', '12345678'],
    ],
  },
  {
    file: 'embedded-word.xlsx',
    quirk: 'a Word document inside',
    bytes: () =>
      buildWorkbook({
        rows: row(1, inline('A1', '姓名'), inline('B1', 'QQ')),
        more: {
          'xl/embeddings/file.docx': 'PK',
          '[Content_Types].xml': types(
            '<Default Extension="docx" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/xl/embeddings/file.docx" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>',
          ),
        },
      }),
    sheet: '客户',
    rows: [['姓名', 'QQ']],
  },
  {
    file: 'formulas.xlsx',
    quirk: 'results of formulas: a number, a text, an error',
    bytes: () =>
      buildWorkbook({
        rows: row(
          1,
          '<c r="A1"><f>8000+500</f><v>8500</v></c>',
          '<c r="B1" t="str"><f>"王"&amp;"小雨"</f><v>王小雨</v></c>',
          '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        ),
      }),
    sheet: '客户',
    rows: [['8500', '王小雨', '#DIV/0!']],
  },
  {
    file: 'exceljs.xlsx',
    quirk: 'rich text, a day, a formatted tail',
    bytes: byExceljs,
    sheet: '客户',
    rows: [
      ['姓名', '手机', '日期'],
      ['王小雨', '13800138000', '2026-03-05'],
    ],
  },
];
