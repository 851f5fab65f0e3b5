import { LIMITS } from './read-limits.ts';
import { refuse } from './read-phrases.ts';
import { scanAll } from './read-xml.ts';
import type { Parts } from './read-zip.ts';

/** Where a workbook keeps its first sheet and what its cells refer to. */
export type BookMap = {
  sheet: string;
  /** The first sheet's name. */
  title: string;
  sharedTexts: string | null;
  styles: string | null;
  /** Days are counted from 1904 instead of 1900 (old Macs). */
  from1904: boolean;
};

type Relation = { id: string; kind: string; target: string };
type Sheet = { name: string; relation: string };

/**
 * Finds the first sheet by the workbook's own relations, whatever its files are called.
 * @throws Refusal for macros, other kinds of documents, and workbooks without a sheet
 */
export async function mapWorkbook(parts: Parts): Promise<BookMap> {
  await refuseOtherKinds(parts);
  const [main] = (await readRelations(parts, '')).filter(({ kind }) => kind === 'officeDocument');
  const book = main?.target ?? 'xl/workbook.xml';
  if (!parts.has(book)) throw refuse.not_a_workbook();
  const relations = await readRelations(parts, book);
  const { sheets, from1904 } = await readBook(parts, book);
  const targetOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.target ?? null;
  // A chart or a dialogue may stand first; only worksheets hold rows.
  for (const { name, relation } of sheets) {
    const found = relations.find(({ id, kind }) => id === relation && kind === 'worksheet');
    if (found && parts.has(found.target))
      return {
        sheet: found.target,
        title: name,
        sharedTexts: targetOf('sharedStrings'),
        styles: targetOf('styles'),
        from1904,
      };
  }
  throw refuse.damaged_workbook();
}

async function refuseOtherKinds(parts: Parts): Promise<void> {
  const names = parts.names();
  if (names.some((name) => name.endsWith('vbaproject.bin'))) throw refuse.has_macros();
  if (!parts.has('[Content_Types].xml')) {
    if (parts.has('content.xml') && parts.has('mimetype'))
      throw refuse.other_workbook({ kind: 'OpenDocument（.ods）' });
    throw refuse.not_a_workbook();
  }
  const types: string[] = [];
  await scanAll(parts.read('[Content_Types].xml', LIMITS.smallPart), {
    open: (name, { ContentType }) => {
      if (name === 'Override' || name === 'Default') types.push(ContentType?.toLowerCase() ?? '');
    },
  });
  if (types.some((type) => type.includes('macroenabled') || type.includes('vbaproject'))) throw refuse.has_macros();
  if (types.some((type) => type.includes('sheet.binary'))) throw refuse.other_workbook({ kind: '二进制（.xlsb）' });
  if (types.some((type) => type.includes('wordprocessingml'))) throw refuse.other_workbook({ kind: 'Word' });
  if (types.some((type) => type.includes('presentationml'))) throw refuse.other_workbook({ kind: 'PowerPoint' });
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
  await scanAll(parts.read(book, LIMITS.smallPart), {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = isTrue(attributes.date1904);
      if (name !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1];
      if (relation) sheets.push({ name: attributes.name ?? '', relation });
    },
  });
  return { sheets, from1904 };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
