import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';
import { scanAll } from './read-xml.ts';
import type { Parts } from './read-zip.ts';

/** A worksheet: its name, whether the workbook hides it, and the file it is in. */
export type SheetPart = { name: string; hidden: boolean; part: string };

/** Where a workbook keeps its sheets and what their cells refer to. */
export type BookMap = {
  /** In the order of the tabs; at least one. */
  sheets: SheetPart[];
  sharedTexts: string | null;
  styles: string | null;
  /** Days are counted from 1904 instead of 1900 (old Macs). */
  from1904: boolean;
};

type Relation = { id: string; kind: string; target: string };
type Sheet = { name: string; hidden: boolean; relation: string };

/**
 * Finds the sheets by the workbook's own relations, whatever its files are called.
 * @throws Refusal for macros, other kinds of documents, and workbooks without a sheet
 */
export async function mapWorkbook(parts: Parts): Promise<BookMap> {
  refuseOtherPackages(parts);
  const [main] = (await readRelations(parts, '')).filter(({ kind }) => kind === 'officeDocument');
  const book = main?.target ?? 'xl/workbook.xml';
  if (!parts.has(book)) throw refuse.not_a_workbook();
  refuseOtherKinds(await readType(parts, book));
  if (parts.names().some((name) => name.endsWith('vbaproject.bin'))) throw refuse.has_macros();
  const relations = await readRelations(parts, book);
  const { sheets, from1904 } = await readBook(parts, book);
  const targetOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.target ?? null;
  // A chart or a dialogue may stand among them; only worksheets hold rows.
  const worksheets = sheets.flatMap(({ name, hidden, relation }): SheetPart[] => {
    const found = relations.find(({ id, kind }) => id === relation && kind === 'worksheet');
    return found && parts.has(found.target) ? [{ name, hidden, part: found.target }] : [];
  });
  if (worksheets.length === 0) throw refuse.damaged_workbook();
  return { sheets: worksheets, sharedTexts: targetOf('sharedStrings'), styles: targetOf('styles'), from1904 };
}

/** Zips that are something else altogether. */
function refuseOtherPackages(parts: Parts): void {
  if (parts.has('[Content_Types].xml')) return;
  if (parts.has('content.xml') && parts.has('mimetype')) throw refuse.other_workbook({ kind: 'OpenDocument（.ods）' });
  if (parts.has('index/document.iwa')) throw refuse.other_workbook({ kind: 'Numbers（.numbers）' });
  throw refuse.not_a_workbook();
}

/**
 * Judges by the main part's type alone: SheetJS names a macro type for endings it never uses, Numbers a Word one, and a
 * workbook may well hold a Word document.
 */
function refuseOtherKinds(type: string): void {
  if (type.includes('sheet.binary')) throw refuse.other_workbook({ kind: '二进制工作簿（.xlsb）' });
  if (type.includes('macroenabled')) throw refuse.has_macros();
  if (type.includes('wordprocessingml')) throw refuse.other_workbook({ kind: 'Word' });
  if (type.includes('presentationml')) throw refuse.other_workbook({ kind: 'PowerPoint' });
}

/** What the package says a part is: by its own name, else by its ending; '' where it says nothing. */
async function readType(parts: Parts, part: string): Promise<string> {
  const wanted = part.toLowerCase();
  let [own, byEnding] = ['', ''];
  await scanAll(parts.read('[Content_Types].xml', LIMITS.smallPart), {
    open: (name, { PartName = '', Extension = '', ContentType = '' }) => {
      if (name === 'Override' && PartName.replace(/^\/+/, '').toLowerCase() === wanted) own = ContentType.toLowerCase();
      if (name === 'Default' && wanted.endsWith(`.${Extension.toLowerCase()}`)) byEnding = ContentType.toLowerCase();
    },
  });
  return own || byEnding;
}

/** The relations of one part, '' for the package's own; targets as names from the root. */
async function readRelations(parts: Parts, of: string): Promise<Relation[]> {
  const slash = of.lastIndexOf('/');
  const folder = slash < 0 ? '' : of.slice(0, slash);
  const relations: Relation[] = [];
  await scanAll(parts.read(`${folder ? `${folder}/` : ''}_rels/${of.slice(slash + 1)}.rels`, LIMITS.smallPart), {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || !Target || TargetMode === 'External') return;
      // Transitional and strict files differ in the address before the last word.
      relations.push({
        id: Id ?? '',
        kind: (Type ?? '').split('/').at(-1) ?? '',
        target: resolve(folder, Target),
      });
    },
  });
  return relations;
}

function resolve(folder: string, target: string): string {
  const path = target.startsWith('/') ? target : `${folder}/${target}`;
  const steps: string[] = [];
  for (const step of path.replaceAll('\\', '/').split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

async function readBook(parts: Parts, book: string): Promise<{ sheets: Sheet[]; from1904: boolean }> {
  const sheets: Sheet[] = [];
  let from1904 = false;
  const path: string[] = [];
  await scanAll(parts.read(book, LIMITS.smallPart), {
    open: (name, attributes) => {
      // Extensions hold elements of the same names deeper down, x15:workbookPr for one.
      if (name === 'workbookPr' && path.length === 1) from1904 = isTrue(attributes.date1904);
      if (name === 'sheet' && path.length === 2 && path[1] === 'sheets') {
        const relation = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1];
        const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
        if (relation) sheets.push({ name: attributes.name ?? '', hidden, relation });
      }
      path.push(name);
    },
    close: () => {
      path.pop();
    },
  });
  return { sheets, from1904 };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
