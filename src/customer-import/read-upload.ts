import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { personOf } from '../kernel/actor.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { Workbook } from '../spreadsheet/read-workbook.ts';
import { letKnownWait } from './choose.ts';
import { isCustomer, type Survey, surveyFile } from './find-header.ts';
import { createRepeats } from './find-repeats.ts';
import type { Lease } from './leases.ts';
import { readLookups } from './lookups.ts';
import { say } from './phrases.ts';
import type { Plan, ReadingChoice, Target } from './plan.ts';
import { readRow } from './read-row.ts';
import { type ReadSheetRow, storeRows } from './store-rows.ts';

const BATCH_ROWS = 200;
const BATCH_SIGNS = 1024 * 1024;
/** How many rows are checked before others have their turn. */
const SLICE = 100;

type Parts = { prisma: PrismaClient; inTransaction: InTransaction; isStopping(): boolean };

/**
 * Reads an uploaded file: once through to see that all of it can be read and how many customers it holds, then again,
 * keeping every row. Ends with the preview, or with the run where that was asked for already and no column is missing;
 * answers which. Nothing is kept of a file that cannot be read.
 * @throws Refusal for the file; false where this process stops or has lost the lease
 */
export async function readUpload(
  parts: Parts,
  lease: Lease,
  actor: Actor,
  workbook: Workbook,
  { choice, plan }: { choice: ReadingChoice; plan: Plan },
): Promise<'preview' | 'running' | false> {
  const { prisma } = parts;
  const { importId: id } = lease;
  const survey = await surveyFile(workbook, choice);
  const { reading, total } = survey;
  await prisma.importRow.deleteMany({ where: { importId: id } });
  await prisma.customerImport.update({
    where: { id },
    data: { total, duplicates: 0, failed: 0, kept: 0, header: reading },
  });
  if (!(await storeAll(parts, lease, actor, workbook, survey, plan.target))) return false;
  const state = plan.runs && reading.missing === null ? 'running' : 'preview';
  const problem = reading.missing === null ? null : say.missing(reading.missing, reading.headerRow);
  const { target, known } = plan;
  if (state === 'running' && known === 'fill') await letKnownWait(prisma, id);
  await prisma.customerImport.updateMany({
    where: { id, state: 'reading' },
    data: { state, problem, plan: { target, known }, leaseUntil: null },
  });
  return state;
}

async function storeAll(
  { prisma, inTransaction, isStopping }: Parts,
  first: Lease,
  actor: Actor,
  workbook: Workbook,
  { header, reading, sheetAt, total }: Survey,
  target: Target,
): Promise<boolean> {
  const lookups = await readLookups(prisma, header, target);
  const repeats = createRepeats(total);
  let lease = first;
  let rows: ReadSheetRow[] = [];
  let signs = 0;
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
  for await (const row of workbook.rows(sheetAt)) {
    if (!isCustomer(row, header, reading.headerRow)) continue;
    const { number, cells, unsolved } = row;
    rows.push({ number, cells, read: readRow(cells, header, lookups, unsolved) });
    signs += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (rows.length % SLICE === 0) await nextTurn();
    if ((rows.length >= BATCH_ROWS || signs > BATCH_SIGNS) && !(await store())) return false;
  }
  return rows.length === 0 || store();
}
