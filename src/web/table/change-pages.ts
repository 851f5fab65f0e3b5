import { z } from 'zod';
import { demand } from '../../access/access.ts';
import { Refusal, refuse } from '../../kernel/refusal.ts';
import type { Scope } from '../../kernel/scope.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../define-page.ts';
import type { Reader, Table } from '../define-table.ts';
import { demandFixed, formFields, parseInput, shapeForm, shapeJson, valuesOf } from './form.ts';
import { pathOf, permissionFor, showPermission } from './names.ts';
import { crumbsTo, formFieldsOf, listPath, readBack, type TableParts, withBack } from './parts.ts';
import { type Presented, presentRow } from './present.ts';
import { readRow } from './read.ts';
import { demandVersion, holdRow, versionOf } from './row-version.ts';

/** What an edit may say of itself. */
const Said = z.object({ message: z.string(), more: z.record(z.string(), z.unknown()).optional() });

/** Adding, editing and deleting, as far as the table declares them; what it does not is answered 405. */
export function changePages(table: Table, parts: TableParts): Page[] {
  const path = pathOf(table);
  const [adding, editing, deleting] = [
    permissionFor(table, 'add'),
    permissionFor(table, 'edit'),
    permissionFor(table, 'delete'),
  ];
  const pages: Page[] = [];
  if (table.add)
    pages.push(
      definePage({
        method: 'GET',
        path: `${path}/new`,
        permission: adding,
        handler: (c) => showAddForm(table, parts, c),
      }),
      definePage({
        method: 'POST',
        path,
        permission: adding,
        handler: (c) => addRow(table, parts, c),
        invalid: (c, problems) => showAddForm(table, parts, c, problems),
      }),
    );
  if (table.edit)
    pages.push(
      definePage({
        method: 'GET',
        path: `${path}/:id/edit`,
        permission: editing,
        handler: (c) => showEditForm(table, parts, c),
      }),
      definePage({
        method: 'PATCH',
        path: `${path}/:id`,
        permission: editing,
        handler: (c) => editRow(table, parts, c),
      }),
    );
  if (table.remove)
    pages.push(
      definePage({
        method: 'DELETE',
        path: `${path}/:id`,
        permission: deleting,
        handler: (c) => removeRow(table, parts, c),
      }),
    );
  if (table.edit || table.remove)
    pages.push(
      definePage({
        method: 'POST',
        path: `${path}/:id`,
        permission: 'signedIn',
        handler: (c) => changeByForm(table, parts, c),
        invalid: (c, problems) => showRefusedChange(table, parts, c, problems),
      }),
    );
  return pages;
}

/** Browsers' forms know no PATCH and DELETE: `_method` says it, editing is meant without. */
async function changeByForm(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const removes = String(c.body._method ?? '').toLowerCase() === 'delete';
  if (removes ? !table.remove : !table.edit) throw refuse.not_found({});
  demand(c.actor, permissionFor(table, removes ? 'delete' : 'edit'));
  return removes ? removeRow(table, parts, c) : editRow(table, parts, c);
}

async function addRow(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const { add } = table;
  if (!add) throw refuse.not_found({});
  const input = parseInput(add.input, table.fields, shapeBody(table, c, { clears: false }));
  demandFixed(table, c.reader, permissionFor(table, 'add'), input);
  const { added, row } = await c.inTransaction(async (scope) => {
    const added = await add.run(scope, input as never);
    return { added, row: await rowAfter(table, parts, scope, c.reader, added.id) };
  });
  if (c.wantsJson) {
    c.ctx.set('Location', `${pathOf(table)}/${added.id}`);
    return c.json({ row, ...(added.message && { message: added.message }) }, 201);
  }
  const back = readBack(c.body.back);
  const shown = showPermission(table, c.actor) !== null && Object.keys(row).length > 1;
  c.redirect(shown ? withBack(`${pathOf(table)}/${added.id}`, back) : listPath(table, back), added.message ?? '已添加');
}

async function editRow(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const { edit } = table;
  if (!edit) throw refuse.not_found({});
  const id = c.id();
  const permission = permissionFor(table, 'edit');
  const { version } = c.body;
  const { row, said } = await c.inTransaction(async (scope) => {
    if (version !== undefined) await holdRow(table, scope.tx, id);
    // Whether the record is theirs comes before what is wrong with the input: the answer must not tell about others' records.
    const before = await readRow(table, scope.tx, id, { reader: c.reader, time: parts.time, permission });
    if (version !== undefined) demandVersion(before, version, parts);
    const input = parseInput(edit.input, table.fields, shapeBody(table, c, { clears: true }));
    demandFixed(table, c.reader, permission, input);
    const said = Said.safeParse(await edit.run(scope, id, input as never)).data;
    return { row: await rowAfter(table, parts, scope, c.reader, id), said };
  });
  const { message, more } = said ?? {};
  if (c.wantsJson) return c.json({ row, ...more, ...(message && !more && { message }) });
  const back = readBack(c.body.back);
  const shown = showPermission(table, c.actor) !== null && Object.keys(row).length > 1;
  c.redirect(shown ? withBack(`${pathOf(table)}/${id}`, back) : listPath(table, back), message ?? '已保存');
}

async function removeRow(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const id = c.id();
  const permission = permissionFor(table, 'delete');
  await c.inTransaction(async (scope) => {
    await readRow(table, scope.tx, id, { reader: c.reader, time: parts.time, permission });
    await table.remove?.run(scope, id);
  });
  if (c.wantsJson) return c.json({ row: { id } });
  c.redirect(listPath(table, readBack(c.body.back)), '已删除');
}

function shapeBody(table: Table, c: PageContext, { clears }: { clears: boolean }): Record<string, unknown> {
  const { version, ...given } = c.body;
  if (c.ctx.is('application/json', '+json')) return shapeJson(table.fields, given);
  const { _method, back, ...fields } = given;
  return shapeForm(table.fields, fields, { clears });
}

/** The row as it now is for this reader; only its id where it has passed out of their sight. */
async function rowAfter(table: Table, parts: TableParts, scope: Scope, reader: Reader, id: number): Promise<Presented> {
  const permission = showPermission(table, reader.actor) ?? permissionFor(table, 'list');
  try {
    const row = await readRow(table, scope.tx, id, { reader, time: parts.time, permission });
    return { ...presentRow(table, row, reader, parts.time), version: versionOf(row, parts) };
  } catch (error) {
    if (error instanceof Refusal) return { id };
    throw error;
  }
}

async function showAddForm(table: Table, parts: TableParts, c: PageContext, problems?: FormProblems): Promise<void> {
  const back = readBack(problems ? c.body.back : c.ctx.query.back);
  const title = table.add?.title ?? `新建${table.title}`;
  // Values in the address fill the form: a link can carry what is known already.
  const initial = table.fields.flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial]]));
  const values = problems?.values ?? { ...Object.fromEntries(initial), ...c.ctx.query };
  const fields = await formFields(formFieldsOf(table, 'add'), parts.prisma, c.reader, {
    schema: table.add?.input,
    values,
    problems: problems?.fields,
    path: pathOf(table),
  });
  const model = {
    title,
    action: pathOf(table),
    back,
    cancel: listPath(table, back),
    button: table.add?.button ?? title,
    fields,
    message: messageOf(problems, fields),
  };
  c.render('table/form', model, { title, status: problems?.status, crumbs: crumbsTo(table, back, { title }) });
}

async function showEditForm(table: Table, parts: TableParts, c: PageContext, problems?: FormProblems): Promise<void> {
  const id = c.id();
  const row = await readRow(table, parts.prisma, id, {
    reader: c.reader,
    time: parts.time,
    permission: permissionFor(table, 'edit'),
  });
  const presented = presentRow(table, row, c.reader, parts.time);
  const back = readBack(problems ? c.body.back : c.ctx.query.back);
  const own = formFieldsOf(table, 'edit');
  // What is asked about the change itself stands in no record.
  const asked = Object.fromEntries(own.filter(({ inForm }) => inForm === 'edit').map((f) => [f.name, f.initial]));
  const values = problems?.values ?? { ...valuesOf(own, presented), ...asked };
  const fields = await formFields(own, parts.prisma, c.reader, {
    schema: table.add?.input,
    values,
    problems: problems?.fields,
    path: pathOf(table),
  });
  const [name, path] = [table.nameOf(presented), withBack(`${pathOf(table)}/${id}`, back)];
  const model = {
    title: `修改${name}`,
    action: `${pathOf(table)}/${id}`,
    back,
    cancel: path,
    button: '保存',
    fields,
    message: messageOf(problems, fields),
    notes: (await table.edit?.notes?.(parts.prisma, [id], c.reader)) ?? [],
  };
  c.render('table/form', model, {
    title: `修改${name}`,
    status: problems?.status,
    crumbs: crumbsTo(table, back, { title: name, path }, { title: '修改' }),
  });
}

/** A refused deletion has no form to show again: the record says why. */
async function showRefusedChange(
  table: Table,
  parts: TableParts,
  c: PageContext,
  problems: FormProblems,
): Promise<void> {
  if (problems.status === 403 || problems.status === 404 || !table.edit) {
    c.render('error', { ...problems }, { title: '没有成功', status: problems.status, crumbs: crumbsTo(table, '') });
    return;
  }
  if (String(c.body._method ?? '').toLowerCase() !== 'delete') return showEditForm(table, parts, c, problems);
  c.redirect(withBack(`${pathOf(table)}/${c.id()}`, readBack(c.body.back)), problems.message, 'bad');
}

/** What no field can say stands over the form. */
function messageOf(problems: FormProblems | undefined, fields: readonly { problem?: string }[]): string | null {
  if (!problems) return null;
  return fields.some((field) => field.problem) ? '有几处要改一下' : problems.message;
}
