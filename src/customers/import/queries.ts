import { rowScope } from '../../access/access.ts';
import type { CustomerImport, Prisma } from '../../generated/prisma/client.ts';
import type { Actor } from '../../kernel/actor.ts';
import { wallNow } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Scope } from '../../kernel/scope.ts';
import { readHeader } from './columns.ts';

const FIRST_PROBLEMS = 20;
const LATEST = 20;

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
  problem: string | null;
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
  const { fileName, state, total, saved, duplicates, failed, problem } = found;
  const { titles = [], unused = [] } = (found.header ?? {}) as { titles?: string[]; unused?: string[] };
  const nameAt = readHeader(titles).fields.indexOf('name');
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
    ready: state === 'preview' || state === 'running' ? total - saved - duplicates - failed : 0,
    saved,
    duplicates,
    duplicatesInFile,
    failed,
    problem,
    rowsCleared: state === 'done' && found.header === null,
    unusedColumns: unused,
    problems: problems.map(({ rowNumber, cells, state, reason }) => ({
      row: rowNumber,
      name: (cells as string[])[nameAt] ?? '',
      state: state as ProblemRow['state'],
      reason: reason ?? '',
    })),
  };
  return { progress, isLeft: isLeft(found) };
}
