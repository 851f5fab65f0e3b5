import { may } from '../../access/access.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { refuse } from '../../kernel/refusal.ts';
import { writeSheet, XLSX } from '../../spreadsheet/write-sheet.ts';
import { definePage, type Page, type PageContext } from '../define-page.ts';
import type { Table } from '../define-table.ts';
import { actionPages } from './action-pages.ts';
import { changePages } from './change-pages.ts';
import { listModel } from './list-page.ts';
import { readListQuery, wrong } from './list-query.ts';
import { demandShow, pathOf, permissionFor } from './names.ts';
import type { TableParts } from './parts.ts';
import { isNumeric, presentRow, sheetValue } from './present.ts';
import { readAll, readIds, readList } from './read.ts';
import { showRecord } from './record-page.ts';
import { versionOf } from './row-version.ts';

const MOST_EXPORTED = 100_000;
const MOST_OPTIONS = 200;

/** All the addresses of one declared table, for people and for programs. */
export function tablePages(table: Table, parts: TableParts): Page[] {
  const path = pathOf(table);
  const listing = permissionFor(table, 'list');
  return [
    definePage({ method: 'GET', path, permission: listing, handler: (c) => showList(table, parts, c) }),
    definePage({
      method: 'GET',
      path: `${path}.xlsx`,
      permission: permissionFor(table, 'export'),
      handler: (c) => exportList(table, parts, c),
    }),
    definePage({
      method: 'GET',
      path: `${path}/options/:field`,
      permission: listing,
      handler: (c) => listOptions(table, parts, c),
    }),
    ...actionPages(table, parts),
    ...changePages(table, parts),
    definePage({
      method: 'GET',
      path: `${path}/:id`,
      permission: 'signedIn',
      handler: (c) => showRecord(table, parts, c, demandShow(table, c.actor)),
    }),
  ];
}

async function showList(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const query = readListQuery(table, c.ctx.querystring);
  const asked = { reader: c.reader, time: parts.time, permission: permissionFor(table, 'list') };
  const page = await readList(table, parts.prisma, query, asked);
  if (c.wantsJson) {
    const rows = page.rows.map((row) => ({
      ...presentRow(table, row, c.reader, parts.time),
      version: versionOf(row, parts),
    }));
    const { total, totalCapped } = page;
    return c.json({ rows, total, page: query.page, size: query.size, ...(totalCapped && { totalCapped }) });
  }
  const model = await listModel(table, parts, c, query, page);
  const crumbs = [{ title: '首页', path: '/' }, { title: table.title }];
  c.render('table/list', model, { title: table.title, crumbs, wide: true });
}

/** The list as it is filtered and sorted, as a workbook. */
async function exportList(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const query = readListQuery(table, c.ctx.querystring);
  const { reader } = c;
  // What a role fixes for listing holds for the export too: a file is a list that leaves the house.
  const permission = may(c.actor, permissionFor(table, 'list'))
    ? permissionFor(table, 'list')
    : permissionFor(table, 'export');
  const ids = await readIds(table, parts.prisma, query, {
    reader,
    time: parts.time,
    permission,
    most: MOST_EXPORTED + 1,
  });
  if (ids.length > MOST_EXPORTED) throw wrong('size', '超过 10 万行，先筛选再导出');
  const fields = table.fields.filter((field) => field.inExport ?? field.inRecord ?? true);
  async function* rows() {
    for await (const chunk of readAll(table, parts.prisma, ids))
      for (const row of chunk) {
        const presented = presentRow(table, row, reader, parts.time);
        yield fields.map((field) => sheetValue(field, presented, reader, parts.time));
      }
  }
  const columns = fields.map((field) => ({
    title: field.title,
    kind:
      isNumeric(field) || field.kind === 'day' || field.kind === 'instant'
        ? (field.kind as 'number')
        : ('text' as const),
  }));
  const name = `${table.title} ${c.today}.xlsx`;
  if (c.ctx.method === 'HEAD') return c.download(name, XLSX, Buffer.alloc(0));
  c.download(name, XLSX, writeSheet({ name: table.title, columns, rows: rows() }));
}

/** What a relation's filter offers, fetched when its drawer opens. */
async function listOptions(table: Table, parts: TableParts, c: PageContext): Promise<void> {
  const field = table.fields.find((candidate) => candidate.name === c.params.field);
  if (!field?.options) throw refuse.not_found({});
  const q = typeof c.ctx.query.q === 'string' ? c.ctx.query.q : undefined;
  const options = await field.options(parts.prisma, c.reader, q && normalName(q));
  c.json({ rows: options.slice(0, MOST_OPTIONS).map(({ id, name }) => ({ id, name })) });
}
