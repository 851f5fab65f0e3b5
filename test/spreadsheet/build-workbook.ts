import { crc32, deflateRawSync } from 'node:zlib';
import JSZip from 'jszip';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A workbook made by hand, part by part: what no well-behaved program would write. */
export type Parts = {
  /** The XML inside `<sheetData>`. */
  rows?: string;
  /** What follows the rows. */
  after?: string;
  sheet?: string;
  sharedStrings?: string;
  styles?: string;
  workbookPr?: string;
  contentType?: string;
  more?: Record<string, string>;
};

/** Each part by its name. */
export function partsOf({
  rows = '',
  after = '',
  sheet = `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`,
  sharedStrings,
  styles,
  workbookPr = '',
  contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
  more = {},
}: Parts): Record<string, string> {
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  return {
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${workbookPr}<sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${sharedStrings === undefined ? '' : relation('rId2', 'sharedStrings', 'sharedStrings.xml')}${styles === undefined ? '' : relation('rId3', 'styles', 'styles.xml')}</Relationships>`,
    'xl/worksheets/sheet1.xml': sheet,
    ...(sharedStrings !== undefined && { 'xl/sharedStrings.xml': sharedStrings }),
    ...(styles !== undefined && { 'xl/styles.xml': styles }),
    ...more,
  };
}

export async function buildWorkbook(parts: Parts): Promise<Buffer> {
  const zip = new JSZip();
  // As bytes: jszip tears signs of two halves apart when it encodes a long text itself.
  for (const [name, text] of Object.entries(partsOf(parts))) zip.file(name, Buffer.from(text));
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

/** A row of texts inside the sheet itself. */
export function textRow(number: number, texts: readonly string[]): string {
  const cells = texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
  return `<row r="${number}">${cells}</row>`;
}

/** A header and so many customers. */
export function customerRows(count: number): string {
  const rows = [textRow(1, ['姓名', 'QQ'])];
  for (let n = 0; n < count; n += 1) rows.push(textRow(n + 2, [`客户${n}`, String(10_000_000 + n)]));
  return rows.join('');
}

/** A zip whose directory says of one part whatever it likes about its size. */
export function zipLying(parts: Record<string, string>, liar: string, claimedBytes: number): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const raw = Buffer.from(text);
    const packed = deflateRawSync(raw);
    const title = Buffer.from(name);
    const size = name === liar ? claimedBytes : raw.length;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, title]));
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}
