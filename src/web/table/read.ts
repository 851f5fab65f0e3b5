import { refuse } from '../../kernel/refusal.ts';
import type { SchoolTime } from '../../kernel/school-time.ts';
import type { Tx } from '../../kernel/scope.ts';
import type { Reader, Row, Table, Where } from '../define-table.ts';
import { listWhere, readableWhere } from './conditions.ts';
import type { ListQuery } from './list-query.ts';

/** A count stops here; from here on it reads 10000+. */
export const COUNT_CAP = 10_001;
const CHUNK = 1_000;

type Find = { where?: Where; include?: unknown; select?: unknown; orderBy?: unknown; skip?: number; take?: number };
type Delegate = {
  findMany(find: Find): Promise<Row[]>;
  findFirst(find: Find): Promise<Row | null>;
  count(find: Find): Promise<number>;
};

/** Prisma's calls for a table's model, on a transaction or on the client. */
export function delegateOf(table: Table, tx: Tx): Delegate {
  const delegate = (tx as unknown as Record<string, Delegate | undefined>)[table.model];
  if (!delegate) throw new Error(`table ${table.id}: Prisma knows no model ${table.model}`);
  return delegate;
}

/** How a list is ordered: as asked, else the table's own way; equal rows by id, so that pages neither repeat nor skip. */
export function orderOf(table: Table, sort: ListQuery['sort']): Record<string, unknown>[] {
  const own = table.defaultSort.split(',').map((key) => key.trim());
  const asked = sort ? [`${sort.direction === 'desc' ? '-' : ''}${sort.field}`] : own;
  const keys = asked.map(
    (key) => ({ name: key.replace(/^-/, ''), direction: key.startsWith('-') ? 'desc' : 'asc' }) as const,
  );
  const order = keys.map((key) => orderBy(table, key.name, key.direction));
  if (keys.some((key) => key.name === 'id')) return order;
  return [...order, { id: keys.at(-1)?.direction ?? 'desc' }];
}

function orderBy(table: Table, name: string, direction: 'asc' | 'desc'): Record<string, unknown> {
  const field = table.fields.find((candidate) => candidate.name === name);
  if (typeof field?.sort === 'function') return field.sort(direction);
  return field?.kind === 'relation' ? { [name]: { name: direction } } : { [name]: direction };
}

export type ListPage = { rows: Row[]; total: number; totalCapped: boolean };

/**
 * One page of a list and how many there are. The ids come first, which an index mostly gives by itself however deep the
 * page lies; then their rows and the count at the same time.
 */
export async function readList(
  table: Table,
  tx: Tx,
  query: ListQuery,
  { reader, time, permission }: { reader: Reader; time: SchoolTime; permission: string },
): Promise<ListPage> {
  const model = delegateOf(table, tx);
  const where = listWhere(table, query, reader, time, permission);
  const orderBy = orderOf(table, query.sort);
  const skip = (query.page - 1) * query.size;
  const found = await model.findMany({ where, orderBy, skip, take: query.size, select: { id: true } });
  // A page that is not full is the last one and knows the total by itself.
  const isLast = found.length < query.size && (found.length > 0 || query.page === 1);
  const [rows, total] = await Promise.all([
    readByIds(
      table,
      tx,
      found.map(({ id }) => id),
    ),
    isLast ? skip + found.length : model.count({ where, take: COUNT_CAP }),
  ]);
  return { rows, total, totalCapped: !isLast && total >= COUNT_CAP };
}

/** Rows with these ids, in their order. */
async function readByIds(table: Table, tx: Tx, ids: readonly number[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  const found = await delegateOf(table, tx).findMany({ where: { id: { in: [...ids] } }, include: table.include });
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** All rows of a query, a thousand at a time, for exports; `most` ends it. */
export async function* readAll(table: Table, tx: Tx, ids: readonly number[]): AsyncGenerator<Row[]> {
  for (let at = 0; at < ids.length; at += CHUNK) yield await readByIds(table, tx, ids.slice(at, at + CHUNK));
}

/** The ids of a query in its order, at most so many. */
export async function readIds(
  table: Table,
  tx: Tx,
  query: ListQuery,
  asked: { reader: Reader; time: SchoolTime; permission: string; most: number },
): Promise<number[]> {
  const where = listWhere(table, query, asked.reader, asked.time, asked.permission);
  const find = { where, orderBy: orderOf(table, query.sort), select: { id: true }, take: asked.most };
  return (await delegateOf(table, tx).findMany(find)).map((row) => row.id);
}

/**
 * One record this reader may touch with the permission.
 * @throws Refusal `not_found`, also where it is somebody else's
 */
export async function readRow(
  table: Table,
  tx: Tx,
  id: number,
  { reader, time, permission }: { reader: Reader; time: SchoolTime; permission: string },
): Promise<Row> {
  const where = { AND: [{ id }, ...readableWhere(table, reader, time, permission)] };
  const row = await delegateOf(table, tx).findFirst({ where, include: table.include });
  if (!row) throw refuse.not_found({});
  return row;
}
