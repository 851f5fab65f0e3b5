import type { EnterMany, Placement, RowOutcome } from '../assignment/index.ts';
import { fillEmpty, holders } from '../customers/index.ts';
import type { Scope } from '../kernel/scope.ts';
import { describe, type Header } from './columns.ts';
import { type Lease, renew } from './leases.ts';
import { readLookups } from './lookups.ts';
import { say } from './phrases.ts';
import { type Plan, planOf, readingOf } from './plan.ts';
import { type RowRead, readRow } from './read-row.ts';

/** So many customers enter in one transaction; a claim beside it waits for no more than this. */
const BATCH = 500;

type Waiting = { rowNumber: number; cells: string[] };
type Good = { rowNumber: number; read: Extract<RowRead, { input: object }> };
type Ended = {
  rowNumber: number;
  state: 'saved' | 'filled' | 'duplicate' | 'failed';
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

  const { header, plan } = await readKept(scope, importId);
  const lookups = await readLookups(tx, header, plan.target);
  const read = rows.map(({ rowNumber, cells }) => ({ rowNumber, read: readRow(cells, header, lookups) }));
  const good = read.filter((row): row is Good => row.read.input !== undefined);
  const outcomes = await enterMany(
    scope,
    good.map(({ read }) => read.input),
    { alert: false, placements: await place(scope, plan, good) },
  );
  const filled = plan.known === 'fill' ? await fillKnown(scope, good, outcomes) : null;
  const ended = [
    ...read.flatMap(({ rowNumber, read }): Ended[] =>
      read.input ? [] : [{ rowNumber, state: 'failed', reason: read.reason, customerId: null }],
    ),
    ...outcomes.map((outcome, at) => endRow(outcome, good, at, { personId, filled })),
  ];
  await keep(scope, importId, ended);
  return { lease: renewed, ended: ended.length };
}

/** The header of an import as it was read, and what is to become of its rows. */
export async function readKept({ tx }: Pick<Scope, 'tx'>, id: number): Promise<{ header: Header; plan: Plan }> {
  const found = await tx.customerImport.findUniqueOrThrow({ where: { id }, select: { header: true, plan: true } });
  const reading = readingOf(found.header);
  return { header: describe(reading?.titles ?? [], reading?.mapping ?? {}), plan: planOf(found) };
}

/** Where each row goes; who cannot hold customers any more by now gets none, the rota decides instead. */
async function place({ tx }: Scope, { target }: Plan, good: readonly Good[]): Promise<Placement[]> {
  if (target === 'column') return good.map(({ read }) => read.consultantId ?? 'rota');
  const gone = typeof target === 'number' && (await tx.person.count({ where: { id: target, ...holders } })) === 0;
  return good.map(() => (gone ? 'rota' : target));
}

/** Fills the empty fields of those known already; answers the rows, by their place, in which there was something to fill. */
async function fillKnown(scope: Scope, good: readonly Good[], outcomes: readonly RowOutcome[]): Promise<Set<number>> {
  const known = outcomes.flatMap((outcome, at) => {
    const customer = outcome.outcome === 'duplicate' && outcome.known.length === 1 ? outcome.known[0] : undefined;
    const input = good[at]?.read.input;
    return customer && input ? [{ at, customerId: customer.id, input }] : [];
  });
  return fillEmpty(scope, known);
}

function endRow(
  outcome: RowOutcome,
  good: readonly Good[],
  at: number,
  { personId, filled }: { personId: number; filled: ReadonlySet<number> | null },
): Ended {
  const rowNumber = good[at]!.rowNumber;
  if (outcome.outcome === 'saved') return { rowNumber, state: 'saved', reason: null, customerId: outcome.customerId };
  const { known, ofRow } = outcome;
  const customerId = known[0]?.id ?? null;
  if (filled?.has(at)) return { rowNumber, state: 'filled', reason: null, customerId };
  const reason = known.length > 0 ? say.known(known, personId) : say.sameAs([good[ofRow ?? at]!.rowNumber]);
  const full = filled && known.length === 1 ? `，${say.nothingToFill}` : '';
  return { rowNumber, state: 'duplicate', reason: `${reason}${full}`, customerId };
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
      failed = failed + ${count('failed')}, filled = filled + ${count('filled')}
    WHERE id = ${importId}`;
}
