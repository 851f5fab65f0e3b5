import { fixedParams } from '../../access/access.ts';
import { literally } from '../../kernel/literally.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { addDays, dayToDb, isSchoolDay, type SchoolDay, type SchoolTime } from '../../kernel/school-time.ts';
import type { Field, Reader, Table, Where } from '../define-table.ts';
import { type ListQuery, wrong } from './list-query.ts';
import { filterNames, inputName } from './names.ts';

const MOST_INT = 2_147_483_647;
const YES = ['true', '1', '是', 'on'];
const NO = ['false', '0', '否', 'off'];
const NOTHING: Where = { id: { in: [] } };

/** Everything that narrows a list: what the reader may see, what their role fixes, what was searched and filtered. */
export function listWhere(
  table: Table,
  query: Pick<ListQuery, 'q' | 'filters'>,
  reader: Reader,
  time: SchoolTime,
  permission: string,
): Where {
  const search =
    query.q && table.search ? [anyOf(spellings(query.q).map((q) => literally(table.search!(q, reader))))] : [];
  const filters = query.filters.map(({ field, values }) => filterWhere(field, values, reader, time));
  return { AND: [...readableWhere(table, reader, time, permission), ...search, ...filters] };
}

/** The rows this reader may touch with one permission: the table's own rule and the role's fixed parameters. */
export function readableWhere(table: Table, reader: Reader, time: SchoolTime, permission: string): Where[] {
  const fixed = Object.entries(fixedParams(reader.actor, permission) ?? {});
  const narrowed = fixed.map(([name, values]) => {
    const field = table.fields.find((candidate) => candidate.filter && filterNames(candidate).includes(name));
    // A role fixing something this table does not know lets nothing through rather than everything.
    return field ? filterWhere(field, values, reader, time) : NOTHING;
  });
  return [table.visible(reader), ...narrowed];
}

/**
 * One filter as a condition; several values are any of them.
 * @throws Refusal 400 naming the field where a value does not fit
 */
export function filterWhere(field: Field, values: readonly string[], reader: Reader, time: SchoolTime): Where {
  const known = values.map((value) => readValue(field, value));
  if (typeof field.filter === 'function') return field.filter(known, reader);
  const { name, kind } = field;
  if (kind === 'relation') return { [inputName(field)]: { in: known.map(Number) } };
  if (kind === 'relations') return { [name]: { some: { id: { in: known.map(Number) } } } };
  if (kind === 'flag') return anyOf(known.map((value) => ({ [name]: value === 'true' })));
  if (kind === 'number' || kind === 'money') return anyOf(known.map((value) => ({ [name]: numberRange(value) })));
  if (kind === 'day') return anyOf(known.map((value) => ({ [name]: dayRange(value) })));
  if (kind === 'instant') return anyOf(known.map((value) => ({ [name]: instantRange(value, time) })));
  return { [name]: { in: kind === 'text' ? known.flatMap(spellings) : known } };
}

/** A text as it was written, which is how notes keep it, and as a name is kept. */
function spellings(text: string): string[] {
  return [...new Set([text, normalName(text)])].filter((one) => one !== '');
}

function anyOf(conditions: Where[]): Where {
  return conditions.length === 1 ? (conditions[0] as Where) : { OR: conditions };
}

/** A value as written, checked and in its one spelling: a choice's id for its label, `true` for 是. */
function readValue(field: Field, value: string): string {
  const { kind, title } = field;
  const name = inputName(field);
  if (kind === 'choice') return readChoice(field, value);
  if (kind === 'relation' || kind === 'relations') {
    if (/^\d{1,10}$/.test(value) && Number(value) <= MOST_INT) return value;
    throw wrong(name, `「${title}」要用编号筛选`);
  }
  if (kind === 'flag') {
    if (YES.includes(value.toLowerCase())) return 'true';
    if (NO.includes(value.toLowerCase())) return 'false';
    throw wrong(name, `「${title}」只能是 是 或 否`);
  }
  if (kind === 'day' || kind === 'instant') {
    if (parts(value).every((day) => day === '' || isSchoolDay(day)) && value !== '..') return value;
    throw wrong(name, `「${title}」要写成 2026-11-01..2026-11-30 这样`);
  }
  if (kind === 'number' || kind === 'money') {
    const fits = (text: string) => text === '' || (/^-?\d+(\.\d+)?$/.test(text) && Math.abs(Number(text)) <= MOST_INT);
    if (parts(value).every(fits) && value !== '..') return value;
    throw wrong(name, `「${title}」要写成 5 或 1..10 这样`);
  }
  return value;
}

/** @throws Refusal 400 where it is neither an id nor a label of the list */
function readChoice(field: Field, value: string): string {
  const id = choiceId(field, value);
  if (id !== null) return id;
  throw wrong(field.name, `「${field.title}」没有「${value}」这一项`);
}

/** A choice's id by its id or its Chinese label; null where the list has neither. */
export function choiceId(field: Field, value: string): string | null {
  const choices = field.choices ?? {};
  if (Object.hasOwn(choices, value)) return value;
  return Object.entries(choices).find(([, label]) => label.toLowerCase() === value.toLowerCase())?.[0] ?? null;
}

function parts(value: string): string[] {
  const [from = '', to] = value.split('..');
  return to === undefined ? [from] : [from, to];
}

function dayRange(value: string): Where {
  const [from, to] = bounds(value);
  return { ...(from && { gte: dayToDb(from) }), ...(to && { lte: dayToDb(to) }) };
}

function instantRange(value: string, time: SchoolTime): Where {
  const [from, to] = bounds(value);
  return { ...(from && { gte: time.instantOf(from) }), ...(to && { lt: time.instantOf(addDays(to, 1)) }) };
}

function numberRange(value: string): Where {
  const [from, to] = bounds(value);
  return { ...(from && { gte: Number(from) }), ...(to && { lte: Number(to) }) };
}

function bounds(value: string): [SchoolDay | '', SchoolDay | ''] {
  const [from = '', to] = parts(value);
  return [from, to ?? from];
}
