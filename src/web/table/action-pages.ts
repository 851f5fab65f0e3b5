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

const MOST_IDS = 1_000;

const Ids = z
  .preprocess(
    (given) => (Array.isArray(given) ? given : given === undefined ? [] : [given]),
    z
      .array(z.coerce.number().int().min(1).max(2_147_483_647))
      .min(1, '先选中要处理的')
      .max(MOST_IDS, `一次最多 ${MOST_IDS} 条`),
  )
  .transform((ids) => [...new Set(ids)]);

/** `POST path/actions/NAME` for each declared action: programs get what it did, browsers are asked first where needed. */
export function actionPages(table: Table, parts: TableParts): Page[] {
  return (table.actions ?? []).map((action) =>
    definePage({
      method: 'POST',
      path: `${pathOf(table)}/actions/${action.name}`,
      permission: action.permission,
      handler: (c) => runAction(table, action, parts, c),
      invalid: (c, problems) => showRefused(table, action, parts, c, problems),
    }),
  );
}

async function runAction(table: Table, action: TableAction, parts: TableParts, c: PageContext): Promise<void> {
  const isForm = !c.ctx.is('application/json', '+json');
  const { ids: given, back, _go, ...rest } = c.body;
  const { ids } = parseInput(z.object({ ids: Ids }), [], { ids: given }) as { ids: number[] };
  if (isForm && !_go && !c.wantsJson && (action.fields?.length || action.danger))
    return askFirst(table, action, parts, c, ids);

  const shaped = isForm
    ? shapeForm(action.fields ?? [], rest, { clears: false })
    : shapeJson(action.fields ?? [], rest);
  const input = action.input ? parseInput(action.input, action.fields ?? [], shaped) : shaped;
  const done = await c.inTransaction(async (scope) => {
    if (!action.anyRow) await demandVisible(table, action, scope.tx, parts, c, ids);
    return action.run(scope, ids, input);
  });
  if (c.wantsJson) return c.json(done);
  c.redirect(listPath(table, readBack(back)), done.message);
}

/** @throws Refusal `not_found` where one of the rows is not this reader's to see */
async function demandVisible(
  table: Table,
  action: TableAction,
  tx: Tx,
  parts: TableParts,
  c: PageContext,
  ids: number[],
): Promise<void> {
  const where = { AND: [{ id: { in: ids } }, ...readableWhere(table, c.reader, parts.time, action.permission)] };
  const seen = await delegateOf(table, tx).count({ where });
  if (seen < ids.length) throw refuse.not_found({});
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
  const fields = await formFields(action.fields ?? [], parts.prisma, c.reader, {
    schema: action.input,
    values: problems?.values ?? {},
    problems: problems?.fields,
  });
  const message = problems && !fields.some((field) => field.problem) ? problems.message : null;
  const model = {
    title: action.title,
    question: `${action.title}：${await whichOf(table, action, parts, c, ids)}`,
    action: `${pathOf(table)}/actions/${action.name}`,
    ids,
    danger: action.danger ?? false,
    back,
    cancel: listPath(table, back),
    fields,
    message,
  };
  c.render('table/action', model, {
    title: action.title,
    status: problems?.status,
    crumbs: crumbsTo(table, back, { title: action.title }),
  });
}

/** One row by its name, several by how many. */
async function whichOf(table: Table, action: TableAction, parts: TableParts, c: PageContext, ids: readonly number[]) {
  const [id] = ids;
  const { reader } = c;
  const { time } = parts;
  if (ids.length === 1 && id !== undefined) {
    const where = { AND: [{ id }, ...readableWhere(table, reader, time, action.permission)] };
    const row = await delegateOf(table, parts.prisma).findFirst({ where, include: table.include });
    if (row) return table.nameOf(presentRow(table, row, reader, time));
  }
  return `${ids.length} ${table.unit ?? '条'}${table.title}`;
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
