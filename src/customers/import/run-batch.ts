import type { EnterMany, RowOutcome } from '../../assignment/index.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type Header, readHeader } from './columns.ts';
import { type Lease, renew } from './leases.ts';
import { say } from './phrases.ts';
import { readLookups, readRow } from './read-row.ts';

/** So many customers enter in one transaction; a claim beside it waits for no more than this. */
const BATCH = 500;

type Waiting = { rowNumber: number; cells: string[] };
type Ended = {
  rowNumber: number;
  state: 'saved' | 'duplicate' | 'failed';
  reason: string | null;
  customerId: number | null;
};

/**
 * Enters the next customers of an import: customers, turns, assignments and what became of each row in one transaction,
 * so that a row is never entered twice and none is lost, wherever the process dies. Rows are read and checked again, as
 * time has passed since the preview. Answers the lease and how many rows it ended; null where the lease is lost.
 */
export async function runBatch(
  scope: Scope,
  { lease, personId, enterMany }: { lease: Lease; personId: number; enterMany: EnterMany },
): Promise<{ lease: Lease; ended: number } | null> {
  const { tx } = scope;
  const { importId } = lease;
  const renewed = await renew(tx, lease, 'running');
  if (!renewed) return null;
  const rows = await tx.$queryRaw<Waiting[]>`
    SELECT "rowNumber", cells FROM "ImportRow" WHERE "importId" = ${importId} AND state = 'pending'
    ORDER BY "rowNumber" LIMIT ${BATCH}`;
  if (rows.length === 0) return { lease: renewed, ended: 0 };

  const header = await readKeptHeader(scope, importId);
  const lookups = await readLookups(tx, header);
  const read = rows.map(({ rowNumber, cells }) => ({ rowNumber, read: readRow(cells, header, lookups) }));
  const good = read.flatMap(({ rowNumber, read }) => ('input' in read ? [{ rowNumber, input: read.input }] : []));
  const outcomes = await enterMany(
    scope,
    good.map(({ input }) => input),
    { alert: false },
  );
  const ended = [
    ...read.flatMap(({ rowNumber, read }): Ended[] =>
      'reason' in read ? [{ rowNumber, state: 'failed', reason: read.reason, customerId: null }] : [],
    ),
    ...outcomes.map((outcome, at) => endRow(outcome, good, at, personId)),
  ];
  await keep(scope, importId, ended);
  return { lease: renewed, ended: ended.length };
}

/** The header row of an import as it was read. */
export async function readKeptHeader({ tx }: Pick<Scope, 'tx'>, id: number): Promise<Header> {
  const { header } = await tx.customerImport.findUniqueOrThrow({ where: { id }, select: { header: true } });
  return readHeader((header as { titles: string[] } | null)?.titles ?? []);
}

function endRow(outcome: RowOutcome, good: readonly { rowNumber: number }[], at: number, personId: number): Ended {
  const rowNumber = good[at]!.rowNumber;
  if (outcome.outcome === 'saved') return { rowNumber, state: 'saved', reason: null, customerId: outcome.customerId };
  const { known, ofRow } = outcome;
  const reason = known.length > 0 ? say.known(known, personId) : say.sameAs([good[ofRow ?? at]!.rowNumber]);
  return { rowNumber, state: 'duplicate', reason, customerId: known[0]?.id ?? null };
}

/** Of a saved row only its place is kept: the customer is where its data belongs. */
async function keep({ tx }: Scope, importId: number, ended: readonly Ended[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "ImportRow" i SET state = r.state, reason = r.reason, "customerId" = r."customerId",
      cells = CASE WHEN r.state = 'saved' THEN '[]'::jsonb ELSE i.cells END
    FROM jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) AS r(
      "rowNumber" int, state "ImportRowState", reason text, "customerId" int)
    WHERE i."importId" = ${importId} AND i."rowNumber" = r."rowNumber"`;
  const count = (state: Ended['state']) => ended.filter((row) => row.state === state).length;
  await tx.$executeRaw`
    UPDATE "CustomerImport" SET saved = saved + ${count('saved')}, duplicates = duplicates + ${count('duplicate')},
      failed = failed + ${count('failed')}
    WHERE id = ${importId}`;
}
