import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Actor } from '../../kernel/actor.ts';
import { personOf } from '../../kernel/actor.ts';
import type { InTransaction } from '../../kernel/scope.ts';
import type { SheetRow, Workbook } from '../../spreadsheet/read-workbook.ts';
import { type Header, readHeader } from './columns.ts';
import { createRepeats } from './find-repeats.ts';
import type { Lease } from './leases.ts';
import { refuse } from './phrases.ts';
import { type Lookups, readLookups, readRow } from './read-row.ts';
import { type ReadSheetRow, storeRows } from './store-rows.ts';
import { EXAMPLE_NAME } from './template.ts';

const BATCH_ROWS = 200;
const BATCH_SIGNS = 1024 * 1024;
/** How many rows are checked before others have their turn. */
const SLICE = 100;

type Parts = { prisma: PrismaClient; inTransaction: InTransaction; isStopping(): boolean };

/**
 * Reads an uploaded workbook: once through to see that all of it can be read and how many customers it holds, then
 * again, keeping every row. Ends with the preview. Nothing is kept of a file that cannot be read.
 * @throws Refusal for the file; false where this process stops or has lost the lease
 */
export async function readUpload(parts: Parts, lease: Lease, actor: Actor, workbook: Workbook): Promise<boolean> {
  const { prisma } = parts;
  const { header, total } = await survey(workbook);
  const { importId: id } = lease;
  const stored = { titles: header.titles, unused: header.unused };
  await prisma.customerImport.update({ where: { id }, data: { total, header: stored } });
  const lookups = await readLookups(prisma, header);
  if (!(await storeAll(parts, lease, actor, workbook, { header, total }, lookups))) return false;
  await prisma.$executeRaw`
    UPDATE "CustomerImport" SET state = 'preview', "leaseUntil" = NULL WHERE id = ${id} AND state = 'reading'`;
  return true;
}

/** Goes through the whole sheet without keeping anything: hostile and damaged ones end here. */
async function survey(workbook: Workbook): Promise<{ header: Header; total: number }> {
  let header: Header | null = null;
  let total = 0;
  for await (const row of workbook.rows()) {
    if (header) total += isExample(row, header) ? 0 : 1;
    else {
      header = readHeader(row.cells);
      if (header.missing !== null) throw refuse.missing_column({ what: header.missing });
    }
  }
  if (!header || total === 0) throw refuse.empty_sheet();
  return { header, total };
}

async function storeAll(
  { inTransaction, isStopping }: Parts,
  first: Lease,
  actor: Actor,
  workbook: Workbook,
  { header, total }: { header: Header; total: number },
  lookups: Lookups,
): Promise<boolean> {
  const repeats = createRepeats(total);
  let lease = first;
  let rows: ReadSheetRow[] = [];
  let signs = 0;
  let isHeader = true;
  const store = async (): Promise<boolean> => {
    if (isStopping()) return false;
    const work = rows;
    const stored = await inTransaction(
      actor,
      'import',
      (scope) => storeRows(scope, lease, personOf(actor), work, repeats),
      { timeoutMs: 30_000 },
    );
    if (!stored) return false;
    stored.remember();
    lease = stored.lease;
    rows = [];
    signs = 0;
    return true;
  };
  for await (const { number, cells, unsolved } of workbook.rows()) {
    const isRow = !isHeader && !isExample({ cells }, header);
    isHeader = false;
    if (!isRow) continue;
    rows.push({ number, cells, read: readRow(cells, header, lookups, unsolved) });
    signs += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (rows.length % SLICE === 0) await nextTurn();
    if ((rows.length >= BATCH_ROWS || signs > BATCH_SIGNS) && !(await store())) return false;
  }
  return rows.length === 0 || store();
}

function isExample({ cells }: Pick<SheetRow, 'cells'>, { fields }: Header): boolean {
  return cells[fields.indexOf('name')]?.trim() === EXAMPLE_NAME;
}
