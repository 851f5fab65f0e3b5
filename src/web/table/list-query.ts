import { visible } from '../../kernel/normal/text.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { refuseUnstorable } from '../../kernel/refuse-unstorable.ts';
import type { Field, Table } from '../define-table.ts';
import { filterNames, inputName } from './names.ts';

export const MOST_ROWS = 200;
const ROWS = 50;
const MOST_OFFSET = 100_000;
const MOST_SEARCH = 100;
// WeChat adds these to links that are passed on.
const IGNORED = ['from', 'isappinstalled', 'nsukey', 'scene', 'clicktime', 'enterid'];

/** What a list's address asks for, checked. */
export type ListQuery = {
  q: string;
  sort: { field: string; direction: 'asc' | 'desc' } | null;
  page: number;
  size: number;
  filters: { field: Field; values: readonly string[] }[];
};

/**
 * Reads a list's query. Empty values count as not given.
 * @throws Refusal 400 naming the parameter: unknown filters and sort keys, pages that are no numbers
 */
export function readListQuery(table: Table, search: string): ListQuery {
  const given = new URLSearchParams(search);
  const query: ListQuery = { q: '', sort: null, page: 1, size: ROWS, filters: [] };
  for (const name of new Set(given.keys())) {
    refuseUnstorable(given.getAll(name));
    const values = given.getAll(name).map((value) => visible(value).trim());
    const filled = values.filter((value) => value !== '');
    const [value] = filled;
    if (name === 'q' && !table.fields.some((field) => field.name === 'q'))
      query.q = (value ?? '').slice(0, MOST_SEARCH);
    else if (name === 'sort') query.sort = value ? readSort(table, value) : null;
    else if (name === 'page') query.page = value ? readCount(name, value) : 1;
    else if (name === 'size') query.size = value ? Math.min(readCount(name, value), MOST_ROWS) : ROWS;
    else addFilter(table, query, name, filled);
  }
  if (query.page * query.size > MOST_OFFSET + query.size) throw wrong('page', '翻得太深了，用筛选或排序缩小范围');
  return query;
}

function addFilter(table: Table, query: ListQuery, name: string, values: readonly string[]): void {
  const field =
    table.fields.find((candidate) => candidate.filter && filterNames(candidate).includes(name)) ??
    table.fields.find((candidate) => candidate.name === name && isExact(candidate));
  if (!field && IGNORED.includes(name)) return;
  if (!field) throw wrong(name, `没有「${name}」这个筛选`);
  if (values.length === 0) return;
  const same = query.filters.find((filter) => filter.field === field);
  if (same) same.values = [...same.values, ...values];
  else query.filters.push({ field, values });
}

/** A column of text that sorts needs no drawer to be asked for whole: /staff?username=admin. */
function isExact({ kind, sort, filter }: Field): boolean {
  return kind === 'text' && sort === true && filter === undefined;
}

function readSort(table: Table, text: string): ListQuery['sort'] {
  const direction = text.startsWith('-') ? 'desc' : 'asc';
  const name = text.replace(/^[-+]/, '');
  const field = table.fields.find(
    (candidate) => candidate.sort && (candidate.name === name || inputName(candidate) === name),
  );
  if (!field && name !== 'id') throw wrong('sort', `不能按「${name}」排序`);
  return { field: field?.name ?? 'id', direction };
}

function readCount(name: string, text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw wrong(name, `${name} 要是 1 以上的整数`);
  return count;
}

/** A parameter of the address that does not fit: 400, naming it. */
export function wrong(name: string, why: string): Refusal {
  return new Refusal('bad_request', 400, why, { [name]: why });
}
