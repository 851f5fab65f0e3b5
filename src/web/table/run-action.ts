import { eachInItsOwnRight } from '../../kernel/own-right.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { ActionDone, Table, TableAction } from '../define-table.ts';

/** What became of one row, in words. */
export type RowResult = { id: number; ok: boolean; message: string };

/** What became of all of them: each row's result, and one sentence for all with what programs read beside it. */
export type ActionAnswer = ActionDone & { results: RowResult[] };

/**
 * Runs an action on rows, each (or each lot that belongs together) in its own right: what cannot be done for one says
 * why, and the others are done.
 * @param seen which of the rows this reader may touch; the others are not there
 * @throws Refusal of the one row there is: a single one is refused as everywhere
 */
export async function runAction(
  scope: Scope,
  { table, action, seen }: { table: Pick<Table, 'unit'>; action: TableAction; seen: ReadonlySet<number> },
  ids: readonly number[],
  input: unknown,
): Promise<ActionAnswer> {
  const there = ids.filter((id) => seen.has(id));
  const lots = 'together' in action ? await action.together(scope.tx, there) : there.map((id) => [id]);
  const became = await eachInItsOwnRight(scope, lots, (inner, lot) => runLot(inner, action, lot, input));

  const results = new Map<number, RowResult>();
  for (const { of: lot, done, refusal } of became)
    for (const id of lot) results.set(id, { id, ok: !refusal, message: (refusal ?? done).message });
  const refusals = [
    ...became.flatMap(({ refusal }) => refusal ?? []),
    ...(there.length < ids.length ? [refuse.not_found({})] : []),
  ];
  const [first] = refusals;
  if (first && ids.length === 1) throw first;

  const missing = refuse.not_found({}).message;
  const rows = ids.map((id) => results.get(id) ?? { id, ok: false, message: missing });
  const done = became.flatMap(({ done }) => done ?? []);
  const count = rows.filter(({ ok }) => ok).length;
  const sum = count === 0 ? { message: '' } : (action.sum?.(done, count) ?? sayHowMany(table, action, count));
  return { ...sum, message: inWords(sum.message, refusals), results: rows };
}

function runLot(scope: Scope, action: TableAction, lot: readonly number[], input: unknown): Promise<ActionDone> {
  if ('together' in action) return action.runTogether(scope, lot, input);
  const [id] = lot;
  if (id === undefined) throw new Error(`action ${action.name}: a lot of no row`);
  return action.run(scope, id, input);
}

function sayHowMany({ unit = '条' }: Pick<Table, 'unit'>, { title }: TableAction, count: number): ActionDone {
  return { message: `${title}：${count} ${unit}办好了` };
}

/** What was done, then each reason why something was not, once. */
function inWords(done: string, refusals: readonly Refusal[]): string {
  return [...new Set([done, ...refusals.map(({ message }) => message)])].filter(Boolean).join('；');
}
