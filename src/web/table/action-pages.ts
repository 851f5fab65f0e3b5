import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import type { Tx } from '../../kernel/scope.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../define-page.ts';
import type { Table, TableAction } from '../define-table.ts';
import { readableWhere } from './conditions.ts';
import { formFields, parseInput, shapeForm, shapeJson } from './form.ts';
import { pathOf } from './names.ts';
import { crumbsTo, listPath, readBack, type TableParts } from './parts.ts';
import { presentRow } from './present.ts';
import { delegateOf } from './read.ts';
import { type ActionAnswer, runAction } from './run-action.ts';

const MOST_IDS = 1_000;
/** From here on a batch may take its time. */
const FEW = 20;
const MANY_ROWS_MS = 60_000;

const Ids = z
  .preprocess(
    (given) => (Array.isArray(given) ? given : given === undefined ? [] : [given]),
    z
      .array(z.coerce.number().int().min(1).max(2_147_483_647))
      .min(1, '先选中要处理的')
      .max(MOST_IDS, `一次最多 ${MOST_IDS} 条`),
  )
  .transform((ids) => [...new Set(ids)]);

/** `POST path/actions/NAME` for each declared action: programs get what became of each row, browsers are asked first where needed. */
export function actionPages(table: Table, parts: TableParts): Page[] {
  return (table.actions ?? []).map((action) =>
    definePage({
      method: 'POST',
      path: `${pathOf(table)}/actions/${action.name}`,
      permission: action.permission,
      handler: (c) => doAction(table, action, parts, c),
      invalid: (c, problems) => showRefused(table, action, parts, c, problems),
    }),
  );
}

async function doAction(table: Table, action: TableAction, parts: TableParts, c: PageContext): Promise<void> {
  const isForm = !c.ctx.is('application/json', '+json');
  const { ids: given, back, _go, ...rest } = c.body;
  const { ids } = parseInput(z.object({ ids: Ids }), [], { ids: given }) as { ids: number[] };
  if (action.most !== undefined && ids.length > action.most)
    throw refuse.bad_request({ why: `「${action.title}」一次只能选 ${action.most} ${table.unit ?? '条'}` });
  if (isForm && !_go && !c.wantsJson && (action.fields?.length || action.danger))
    return askFirst(table, action, parts, c, ids);

  const shaped = isForm
    ? shapeForm(action.fields ?? [], rest, { clears: false })
    : shapeJson(action.fields ?? [], rest);
  const input = action.input ? parseInput(action.input, action.fields ?? [], shaped) : shaped;
  const { answer, names } = await c.inTransaction(
    async (scope) => {
      const rows = await rowsSeen(table, action, scope.tx, parts, c, ids);
      const seen = new Set(action.anyRow ? ids : rows.keys());
      return { answer: await runAction(scope, { table, action, seen }, ids, input), names: rows };
    },
    ids.length > FEW ? { timeoutMs: MANY_ROWS_MS } : undefined,
  );
  if (c.wantsJson) return c.json(answer);
  const isAllDone = answer.results.every(({ ok }) => ok);
  if (isAllDone) return c.redirect(listPath(table, readBack(back)), answer.message);
  showResults(table, action, c, answer, names);
}

/** The rows that are this reader's to touch, by their names as they were before anything was done. */
async function rowsSeen(
  table: Table,
  action: TableAction,
  tx: Tx,
  parts: TableParts,
  c: PageContext,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const where = { AND: [{ id: { in: [...ids] } }, ...readableWhere(table, c.reader, parts.time, action.permission)] };
  const rows = await delegateOf(table, tx).findMany({ where, include: table.include });
  return new Map(rows.map((row) => [row.id, table.nameOf(presentRow(table, row, c.reader, parts.time))]));
}

/** Where some were not done, each row says what became of it; those that were not come first. */
function showResults(
  table: Table,
  action: TableAction,
  c: PageContext,
  { results }: ActionAnswer,
  names: ReadonlyMap<number, string>,
): void {
  const back = readBack(c.body.back);
  const lines = results.map(({ id, ok, message }) => ({ name: names.get(id) ?? `编号 ${id}`, ok, message }));
  const model = {
    title: action.title,
    table: table.title,
    unit: table.unit ?? '条',
    refused: lines.filter(({ ok }) => !ok),
    done: lines.filter(({ ok }) => ok),
    back: listPath(table, back),
  };
  c.render('table/results', model, { title: action.title, crumbs: crumbsTo(table, back, { title: action.title }) });
}

/** What the action needs to know, or whether it is really meant, is asked on a page of its own. */
async function askFirst(
  table: Table,
  action: TableAction,
  parts: TableParts,
  c: PageContext,
  ids: readonly number[],
  problems?: FormProblems,
): Promise<void> {
  const back = readBack(c.body.back);
  const seen = await rowsSeen(table, action, parts.prisma, parts, c, ids);
  // One row by its name, several by how many.
  const [name] = seen.values();
  const which = ids.length === 1 && name !== undefined ? name : `${ids.length} ${table.unit ?? '条'}${table.title}`;
  const fields = await formFields(action.fields ?? [], parts.prisma, c.reader, {
    schema: action.input,
    values: problems?.values ?? {},
    problems: problems?.fields,
  });
  const message = problems && !fields.some((field) => field.problem) ? problems.message : null;
  const model = {
    title: action.title,
    question: `${action.title}：${which}`,
    action: `${pathOf(table)}/actions/${action.name}`,
    ids,
    danger: action.danger ?? false,
    back,
    cancel: listPath(table, back),
    fields,
    message,
    notes: (await action.notes?.(parts.prisma, [...seen.keys()], c.reader)) ?? [],
  };
  c.render('table/action', model, {
    title: action.title,
    status: problems?.status,
    crumbs: crumbsTo(table, back, { title: action.title }),
  });
}

async function showRefused(
  table: Table,
  action: TableAction,
  parts: TableParts,
  c: PageContext,
  problems: FormProblems,
): Promise<void> {
  const ids = Ids.safeParse(c.body.ids);
  if (ids.success && action.fields?.length) return askFirst(table, action, parts, c, ids.data, problems);
  c.redirect(listPath(table, readBack(c.body.back)), problems.message, 'bad');
}
