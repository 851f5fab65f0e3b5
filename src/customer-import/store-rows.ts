import { findKnown } from '../customers/index.ts';
import type { Scope } from '../kernel/scope.ts';
import { createRepeats, indexKnown } from './find-repeats.ts';
import { type Lease, renew } from './leases.ts';
import { say } from './phrases.ts';
import type { RowRead } from './read-row.ts';

/** A row of the sheet and what the form makes of it. */
export type ReadSheetRow = { number: number; cells: readonly string[]; read: RowRead };

type Stored = {
  rowNumber: number;
  cells: readonly string[];
  state: 'pending' | 'duplicate' | 'failed';
  reason: string | null;
  /** The customer we know already; null for one that is only twice in the file. */
  customerId: number | null;
};

/**
 * Keeps some rows of a file with what became of each so far: good ones wait, duplicates of the database and of the file
 * are told apart, the others keep their reason. Renews the lease in the same transaction; null where it is lost.
 * @param repeats the contacts of the rows before
 */
export async function storeRows(
  scope: Scope,
  lease: Lease,
  personId: number,
  rows: readonly ReadSheetRow[],
  repeats: ReturnType<typeof createRepeats>,
): Promise<{ lease: Lease; remember(): void } | null> {
  const { tx } = scope;
  const renewed = await renew(tx, lease, 'reading');
  if (!renewed) return null;
  const inputs = rows.flatMap(({ read }) => read.input ?? []);
  const knownOf = indexKnown(inputs.length > 0 ? await findKnown(tx, inputs) : []);
  // The transaction may be repeated: what it learns of the file counts only when it is through.
  const here = createRepeats(rows.length);
  const good: { input: (typeof inputs)[number]; number: number }[] = [];
  const stored = rows.map(({ number, cells, read }): Stored => {
    const row = { rowNumber: number, cells, customerId: null };
    if (!read.input) return { ...row, state: 'failed', reason: read.reason };
    const known = knownOf(read.input);
    if (known[0]) return { ...row, state: 'duplicate', reason: say.known(known, personId), customerId: known[0].id };
    const same = [...new Set([...repeats.rowsOf(read.input), ...here.rowsOf(read.input)])];
    if (same.length > 0) return { ...row, state: 'duplicate', reason: say.sameAs(same) };
    here.remember(read.input, number);
    good.push({ input: read.input, number });
    return { ...row, state: 'pending', reason: null };
  });
  await insert(scope, lease.importId, stored);
  await countKept(
    scope,
    lease.importId,
    rows.reduce((sum, { read }) => sum + (read.input ? read.kept.length : 0), 0),
  );
  return {
    lease: renewed,
    remember: () => {
      for (const { input, number } of good) repeats.remember(input, number);
    },
  };
}

async function countKept({ tx }: Scope, id: number, kept: number): Promise<void> {
  if (kept > 0)
    await tx.customerImport.update({ where: { id }, data: { kept: { increment: kept } }, select: { id: true } });
}

/** So many rows in one statement: larger texts live until a full collection, and a hundred thousand rows are many. */
const SLICE = 50;

async function insert({ tx }: Scope, importId: number, rows: readonly Stored[]): Promise<void> {
  for (let from = 0; from < rows.length; from += SLICE) {
    const slice = rows.slice(from, from + SLICE);
    const numbers = slice.map(({ rowNumber }) => rowNumber);
    const cells = JSON.stringify(slice.map((row) => row.cells));
    await tx.$executeRaw`
      INSERT INTO "ImportRow" ("importId", "rowNumber", cells)
      SELECT ${importId}, n.number, c.cells
      FROM unnest(${numbers}::int[]) WITH ORDINALITY AS n(number, at)
        JOIN jsonb_array_elements(${cells}::jsonb) WITH ORDINALITY AS c(cells, at) USING (at)`;
  }
  await markRefused(
    { tx },
    importId,
    rows.filter(({ state }) => state !== 'pending'),
  );
}

async function markRefused({ tx }: Pick<Scope, 'tx'>, importId: number, refused: readonly Stored[]): Promise<void> {
  if (refused.length === 0) return;
  const marks = refused.map(({ rowNumber, state, reason, customerId }) => ({ rowNumber, state, reason, customerId }));
  await tx.$executeRaw`
    UPDATE "ImportRow" i SET state = r.state, reason = r.reason, "customerId" = r."customerId"
    FROM jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) AS r(
      "rowNumber" int, state "ImportRowState", reason text, "customerId" int)
    WHERE i."importId" = ${importId} AND i."rowNumber" = r."rowNumber"`;
  const count = (state: Stored['state']) => refused.filter((row) => row.state === state).length;
  await tx.$executeRaw`
    UPDATE "CustomerImport" SET duplicates = duplicates + ${count('duplicate')}, failed = failed + ${count('failed')}
    WHERE id = ${importId}`;
}
