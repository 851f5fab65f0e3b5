import { holders } from '../customers/index.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { type ColumnChoice, chooseColumns, exactly, isSameMapping } from './columns.ts';
import { type Lease, readingUntil } from './leases.ts';
import { refuse, say } from './phrases.ts';
import { type Plan, type PlanInput, planOf, type Reading, type ReadingChoice, readingOf } from './plan.ts';
import { findImport } from './queries.ts';

/** What is to be done after something was chosen: the file read again, the run begun, or nothing more. */
export type Next =
  | { next: 'read'; lease: Lease; choice: ReadingChoice; plan: Plan }
  | { next: 'run' }
  | { next: 'nothing' };

/**
 * Takes what somebody chose in the preview: sheet, header row and columns have the file read again, `runs` begins the run
 * with the preview's rows or right after that. An import that runs or has ended stays as it is, so asking twice does no harm.
 * @throws Refusal `not_found`, `still_reading`, `not_readable`, `file_is_gone`, `missing_column`, `invalid_fields`
 */
export async function chooseForImport(
  scope: Scope,
  id: number,
  input: PlanInput,
  { runs }: { runs: boolean },
): Promise<Next> {
  const { tx } = scope;
  const found = await findImport(scope, id);
  if (found.state === 'reading') throw refuse.still_reading();
  if (found.state === 'failed') throw refuse.not_readable({ why: found.problem ?? '' });
  if (found.state !== 'preview') return { next: runs ? 'run' : 'nothing' };

  const reading = readingOf(found.header);
  if (!reading) throw refuse.file_is_gone();
  const choice = readChoice(reading, input);
  const kept = planOf(found);
  const plan: Plan = { target: input.target ?? kept.target, known: input.known ?? kept.known };
  await refuseNobody(scope, plan, choice?.mapping ?? reading.mapping);
  // Whom a column names is read with the rows, so that the preview counts the names nobody has.
  const namesNeeded = plan.target === 'column' && kept.target !== 'column' && !runs;
  // Nothing stands of a choice that could not be read.
  const again = choice ?? (namesNeeded || found.total === 0 ? {} : null);
  if (!again) {
    if (runs && reading.missing) throw refuse.missing_column({ text: say.missing(reading.missing, reading.headerRow) });
    if (runs) await begin(scope, id, plan);
    else await tx.customerImport.updateMany({ where: { id, state: 'preview' }, data: { plan } });
    return { next: runs ? 'run' : 'nothing' };
  }
  if ((await tx.importFile.count({ where: { importId: id } })) === 0) throw refuse.file_is_gone();
  const until = readingUntil();
  const next = { ...plan, again: true, runs };
  const { count } = await tx.customerImport.updateMany({
    where: { id, state: 'preview' },
    data: { state: 'reading', plan: next, problem: null, leaseUntil: until },
  });
  return count === 1
    ? { next: 'read', lease: { importId: id, until }, choice: { ...defaults(reading), ...again }, plan: next }
    : { next: 'nothing' };
}

/** What is read again stays as it was read, but for what was chosen anew. */
function defaults({ sheet, sheets, headerRow, mapping }: Reading): ReadingChoice {
  return { ...(sheets.length > 0 && { sheet }), headerRow, mapping: exactly(mapping) };
}

/** What was chosen to be read instead of what was; null where that is the same. */
function readChoice(reading: Reading, { sheet, headerRow, mapping }: PlanInput): ReadingChoice | null {
  if (sheet !== undefined && !reading.sheets.includes(sheet)) {
    const named = reading.sheets.filter((name) => name !== '');
    const there = named.length > 0 ? `有${named.map((name) => `「${name}」`).join('')}` : '这个文件只有一张表，不用选';
    throw invalidFields({ sheet: `没有叫「${sheet}」的工作表，${there}` });
  }
  const isOtherSheet = sheet !== undefined && sheet !== reading.sheet;
  const isOtherRow = headerRow !== undefined && headerRow !== reading.headerRow;
  // Another sheet has a header of its own, and other titles have columns of their own.
  if (isOtherSheet || isOtherRow) return { sheet: sheet ?? reading.sheet, headerRow, mapping };
  if (!mapping) return null;
  const columns = chooseColumns(reading.titles, mapping, reading.mapping);
  if (!columns) throw invalidFields({ mapping: '有的列不在表里，写成标题，或者从 0 数起的第几列' });
  return isSameMapping(columns, reading.mapping) ? null : { mapping: exactly(columns) };
}

async function refuseNobody({ tx }: Scope, { target }: Plan, mapping: ColumnChoice): Promise<void> {
  if (target === 'column' && (mapping.consultant ?? null) === null)
    throw invalidFields({ target: '表里没有选「课程顾问」这一列，先选好列，或者换一种分法' });
  if (typeof target !== 'number') return;
  if ((await tx.person.count({ where: { id: target, ...holders } })) === 0)
    throw invalidFields({ target: '这个人不能跟客户，换一位课程顾问' });
}

/** Known customers wait like the others where their empty fields are to be filled. */
async function begin({ tx }: Scope, id: number, plan: Plan): Promise<void> {
  const { count } = await tx.customerImport.updateMany({
    where: { id, state: 'preview' },
    data: { state: 'running', plan, leaseUntil: null },
  });
  if (count === 1 && plan.known === 'fill') await letKnownWait(tx, id);
}

/** Known customers wait again, to be filled; those that are only twice in the file stay refused. */
export async function letKnownWait(tx: Pick<Scope['tx'], '$executeRaw'>, id: number): Promise<void> {
  await tx.$executeRaw`
    WITH waiting AS (
      UPDATE "ImportRow" SET state = 'pending', reason = NULL
      WHERE "importId" = ${id} AND state = 'duplicate' AND "customerId" IS NOT NULL RETURNING 1
    )
    UPDATE "CustomerImport" SET duplicates = duplicates - (SELECT count(*) FROM waiting)::int WHERE id = ${id}`;
}
