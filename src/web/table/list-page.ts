import { may } from '../../access/access.ts';
import type { PageContext } from '../define-page.ts';
import type { Field, Table } from '../define-table.ts';
import type { ListQuery } from './list-query.ts';
import { filterNames, inputName, pathOf, showPermission } from './names.ts';
import { linksFor, listFields, offers, type TableParts, withBack } from './parts.ts';
import { cellHtml, isNumeric, presentRow, sayValue } from './present.ts';
import { COUNT_CAP, type ListPage } from './read.ts';

/** Everything the list's template shows; it decides nothing itself. */
export async function listModel(table: Table, parts: TableParts, c: PageContext, query: ListQuery, page: ListPage) {
  const { actor, reader } = c;
  const path = pathOf(table);
  const params = new URLSearchParams(c.ctx.querystring);
  const shows = showPermission(table, actor) !== null;
  const columns = listFields(table);
  const chips = await filterChips(table, parts, c, query, params);
  const last = Math.max(1, Math.ceil(Math.min(page.total, COUNT_CAP - 1) / query.size));

  return {
    title: table.title,
    unit: table.unit ?? '条',
    path,
    q: query.q,
    searches: Boolean(table.search),
    total: page.totalCapped ? '10000+' : String(page.total),
    narrowed: query.q !== '' || query.filters.length > 0,
    empty: table.empty ?? `还没有${table.title}`,
    add: offers(table, 'add', actor)
      ? { title: table.add?.title ?? `新建${table.title}`, href: withBack(`${path}/new`, params.toString()) }
      : null,
    exportHref: offers(table, 'export', actor) ? `${path}.xlsx${queryOf(params, { page: null, size: null })}` : null,
    links: linksFor(table.links, actor),
    presets: (table.presets ?? []).map((preset) => {
      const own = preset.query(reader);
      return { title: preset.title, href: `${path}?${own}`, on: sameQuery(own, params) };
    }),
    chips,
    filters: table.fields.filter(isOffered).map((field) => filterControl(path, field, query)),
    sort: params.get('sort') ?? '',
    size: params.get('size') ?? '',
    actions: (table.actions ?? []).filter((action) => may(actor, action.permission)),
    columns: columns.map((field) => ({
      title: field.title,
      numeric: isNumeric(field),
      kind: field.kind,
      ...sortLink(path, field, query, params),
    })),
    rows: page.rows.map((row) => {
      const presented = presentRow(table, row, reader, parts.time);
      return {
        id: row.id,
        name: table.nameOf(presented),
        href: table.rowHref?.(presented, reader) ?? (shows ? withBack(`${path}/${row.id}`, params.toString()) : null),
        cells: columns.map((field) => ({
          html: cellHtml(field, presented, reader, parts.time),
          numeric: isNumeric(field),
        })),
        card: cardOf(table, presented, c, parts),
      };
    }),
    back: params.toString(),
    page: query.page,
    last: page.totalCapped ? null : last,
    previous: query.page > 1 ? `${path}${queryOf(params, { page: String(query.page - 1) })}` : null,
    next: page.totalCapped || query.page < last ? `${path}${queryOf(params, { page: String(query.page + 1) })}` : null,
  };
}

/** On a phone two lines under the name: the table's own words, or the first columns. */
function cardOf(
  table: Table,
  presented: Record<string, unknown> & { id: number },
  c: PageContext,
  parts: TableParts,
): readonly string[] {
  if (table.card) return table.card(presented, c.reader).filter(Boolean);
  const said = listFields(table)
    .slice(1)
    .map((field) => sayValue(field, presented[field.name], c.reader, parts.time))
    .filter(Boolean);
  return [said.slice(0, 3).join(' · '), said.slice(3, 6).join(' · ')].filter(Boolean);
}

function sortLink(path: string, field: Field, query: ListQuery, params: URLSearchParams) {
  if (!field.sort) return { sortHref: null, sorted: null };
  const sorted = query.sort?.field === field.name ? query.sort.direction : null;
  const next = sorted === 'asc' ? `-${field.name}` : field.name;
  return { sortHref: `${path}${queryOf(params, { sort: next, page: null })}`, sorted };
}

function isOffered({ filter, inFilters = true }: Field): boolean {
  return Boolean(filter) && inFilters;
}

/** A filter's drawer: the choices are there at once, a relation's options are fetched when it is opened. */
function filterControl(path: string, field: Field, query: ListQuery) {
  const chosen = query.filters.find((filter) => filter.field === field)?.values ?? [];
  const [first = ''] = chosen;
  const range = first.includes('..') ? first.split('..') : [first, first];
  return {
    name: inputName(field),
    title: field.title,
    kind: field.kind,
    count: chosen.length,
    choices: Object.entries(field.kind === 'flag' ? { true: '是', false: '否' } : (field.choices ?? {})).map(
      ([value, title]) => ({
        value,
        title,
        chosen: chosen.includes(value) || chosen.includes(title),
      }),
    ),
    optionsHref: field.options ? `${path}/options/${field.name}` : null,
    chosen,
    from: range[0] ?? '',
    to: range[1] ?? '',
  };
}

/** What narrows the list now, each with the address that takes it away. */
async function filterChips(table: Table, parts: TableParts, c: PageContext, query: ListQuery, params: URLSearchParams) {
  const path = pathOf(table);
  const chips = query.q
    ? [{ title: `搜索「${query.q}」`, href: `${path}${queryOf(params, { q: null, page: null })}` }]
    : [];
  for (const { field, values } of query.filters) {
    const names =
      field.options && (field.kind === 'relation' || field.kind === 'relations')
        ? await namesOf(field, parts, c, values)
        : values;
    const said = names.map((value) => sayFilter(field, value)).join('、');
    const without = Object.fromEntries(filterNames(field).map((name) => [name, null]));
    chips.push({ title: `${field.title}：${said}`, href: `${path}${queryOf(params, { ...without, page: null })}` });
  }
  return chips;
}

async function namesOf(field: Field, parts: TableParts, c: PageContext, ids: readonly string[]): Promise<string[]> {
  const options = (await field.options?.(parts.prisma, c.reader)) ?? [];
  return ids.map((id) => options.find((option) => String(option.id) === id)?.name ?? id);
}

function sayFilter(field: Field, value: string): string {
  if (field.kind === 'flag') return value === 'true' || value === '是' ? '是' : '否';
  const [from = '', to] = value.split('..');
  if (to !== undefined && from && to) return from === to ? from : `${from} 至 ${to}`;
  if (to !== undefined) return from ? `${from} 起` : `到 ${to}`;
  return field.choices?.[value] ?? value;
}

/** The address's query with some parameters changed; null takes one away. */
export function queryOf(params: URLSearchParams, changes: Record<string, string | null>): string {
  const changed = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  const text = changed.toString();
  return text ? `?${text}` : '';
}

function sameQuery(own: string, params: URLSearchParams): boolean {
  const sorted = (search: URLSearchParams) =>
    [...search]
      .filter(([name]) => name !== 'page')
      .map(String)
      .sort()
      .join('&');
  return sorted(new URLSearchParams(own)) === sorted(params);
}
