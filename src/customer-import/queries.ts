import { rowScope } from '../access/access.ts';
import { holders } from '../customers/index.ts';
import type { CustomerImport, Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { wallNow } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { describe, type Mapping } from './columns.ts';
import { readLookups } from './lookups.ts';
import { type Plan, planOf, type Reading, readingOf, type Target } from './plan.ts';
import { type KeptCell, readRow } from './read-row.ts';

const FIRST_PROBLEMS = 20;
const LATEST = 20;
const MOST_NAMED = 50;
/** Cells kept in the memo are looked for in so many of the first rows, so many rows are shown. */
const LOOKED_AT = 300;
const SHOWN = 5;

/** A refused row as the preview shows it. */
export type ProblemRow = { row: number; name: string; state: 'duplicate' | 'failed'; reason: string };

/** How far an import is. While it is read, `read` counts the rows looked at; then `ready` those that can be entered. */
export type ImportProgress = {
  id: number;
  fileName: string;
  state: CustomerImport['state'];
  total: number;
  read: number;
  ready: number;
  saved: number;
  duplicates: number;
  /** Duplicates of an earlier row of the file; the others are customers known already. */
  duplicatesInFile: number;
  failed: number;
  /** Cells that did not fit and are kept in the memo, and the first of them. */
  kept: number;
  keptExamples: { row: number; name: string; cells: KeptCell[] }[];
  /** Known customers whose empty fields were filled. */
  filled: number;
  problem: string | null;
  /** The visible sheets, the one that was read, its header's row (from 1), its titles, and which column holds what. */
  sheets: string[];
  sheet: string;
  headerRow: number | null;
  header: string[];
  mapping: Mapping;
  hiddenRows: number;
  cellsBeyond: number;
  target: Target;
  known: Plan['known'];
  /** The first row's cells, for choosing columns by what is in them; only in the preview. */
  firstCells: string[];
  /** Whether its refused rows were cleared since: there is no report any more. */
  rowsCleared: boolean;
  unusedColumns: string[];
  problems: ProblemRow[];
};

/** The imports somebody may see, by the scope of their permission. */
function visible(actor: Actor): Prisma.CustomerImportWhereInput {
  const own = { personId: actor.id ?? -1 };
  const { departmentId, campusId } = actor;
  switch (rowScope(actor, 'customers.import')) {
    case 'all':
      return {};
    case 'campus':
      return campusId === null ? own : { OR: [own, { person: { staff: { campusId } } }] };
    case 'department':
      return departmentId === null ? own : { OR: [own, { person: { staff: { departmentId } } }] };
    default:
      return own;
  }
}

/**
 * One import.
 * @throws Refusal `not_found` for what is not there or not theirs to see
 */
export async function findImport({ tx, actor }: Pick<Scope, 'tx' | 'actor'>, id: number): Promise<CustomerImport> {
  const found = await tx.customerImport.findFirst({ where: { id, ...visible(actor) } });
  if (!found) throw refuse.not_found({ what: '次导入' });
  return found;
}

/** The latest imports, newest first. */
export async function listImports({ tx, actor }: Pick<Scope, 'tx' | 'actor'>) {
  return tx.customerImport.findMany({
    where: visible(actor),
    include: { person: { select: { id: true, name: true } } },
    orderBy: { id: 'desc' },
    take: LATEST,
  });
}

/** Who can be given an import's customers, by name. */
export async function listConsultants({ tx }: Pick<Scope, 'tx'>): Promise<{ id: number; name: string }[]> {
  return tx.person.findMany({
    where: holders,
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}

/** Whether a run has nobody working on it. */
export function isLeft({ state, leaseUntil }: Pick<CustomerImport, 'state' | 'leaseUntil'>): boolean {
  return state === 'running' && (leaseUntil === null || leaseUntil.getTime() < wallNow());
}

/** How far an import is, with the first rows that were refused. */
export async function readProgress(
  scope: Pick<Scope, 'tx' | 'actor'>,
  id: number,
): Promise<{ progress: ImportProgress; isLeft: boolean }> {
  const found = await findImport(scope, id);
  const { fileName, state, total, saved, duplicates, failed, kept, filled, problem } = found;
  const reading = readingOf(found.header);
  const { target, known } = planOf(found);
  const nameAt = reading?.mapping.name ?? -1;
  const { tx } = scope;
  const [last, duplicatesInFile, problems] = await Promise.all([
    state === 'reading' ? tx.importRow.count({ where: { importId: id } }) : total,
    tx.importRow.count({ where: { importId: id, state: 'duplicate', customerId: null } }),
    tx.importRow.findMany({
      where: { importId: id, state: { in: ['duplicate', 'failed'] } },
      orderBy: { rowNumber: 'asc' },
      take: FIRST_PROBLEMS,
    }),
  ]);
  const progress: ImportProgress = {
    id,
    fileName,
    state,
    total,
    read: last,
    ready: state === 'preview' || state === 'running' ? total - saved - filled - duplicates - failed : 0,
    saved,
    duplicates,
    duplicatesInFile,
    failed,
    kept,
    filled,
    problem,
    rowsCleared: state === 'done' && found.header === null,
    sheets: reading?.sheets ?? [],
    sheet: reading?.sheet ?? '',
    headerRow: reading?.headerRow ?? null,
    header: reading?.titles ?? [],
    mapping: reading?.mapping ?? {},
    hiddenRows: reading?.hiddenRows ?? 0,
    cellsBeyond: reading?.cellsBeyond ?? 0,
    target,
    known,
    ...(await readExamples(scope, found, reading)),
    unusedColumns: (reading?.unused ?? []).slice(0, MOST_NAMED),
    problems: problems.map(({ rowNumber, cells, state, reason }) => ({
      row: rowNumber,
      name: (cells as string[])[nameAt] ?? '',
      state: state as ProblemRow['state'],
      reason: reason ?? '',
    })),
  };
  return { progress, isLeft: isLeft(found) };
}

/** Of the preview: the first row as it stands, and the first rows with something that goes into the memo. */
async function readExamples(
  { tx }: Pick<Scope, 'tx'>,
  { id, state, kept }: CustomerImport,
  reading: Reading | null,
): Promise<Pick<ImportProgress, 'firstCells' | 'keptExamples'>> {
  if (state !== 'preview' || !reading) return { firstCells: [], keptExamples: [] };
  const rows = await tx.importRow.findMany({
    where: { importId: id },
    select: { rowNumber: true, cells: true },
    orderBy: { rowNumber: 'asc' },
    take: kept > 0 ? LOOKED_AT : 1,
  });
  const header = describe(reading.titles, reading.mapping);
  const lookups = await readLookups(tx, header, 'rota');
  const keptExamples = rows.flatMap(({ rowNumber, cells }) => {
    const read = readRow(cells as string[], header, lookups);
    return read.input && read.kept.length > 0 ? [{ row: rowNumber, name: read.input.name, cells: read.kept }] : [];
  });
  return { firstCells: (rows[0]?.cells ?? []) as string[], keptExamples: keptExamples.slice(0, SHOWN) };
}
