import { dayFromDb, type SchoolTime } from '../../kernel/school-time.ts';
import type { Field, Reader, Row, Table } from '../define-table.ts';
import { escapeHtml } from '../render.ts';

export type Presented = Record<string, unknown> & { id: number };

/** A row as it leaves: what the table presents, with days as YYYY-MM-DD, instants with the school's offset, sums as numbers. */
export function presentRow(table: Table, row: Row, reader: Reader, time: SchoolTime): Presented {
  const presented = table.present(row, reader);
  const days = new Set(table.fields.filter((field) => field.kind === 'day').map((field) => field.name));
  const plain = Object.entries(presented).map(([name, value]) => [name, plainValue(value, days.has(name), time)]);
  return Object.fromEntries(plain) as Presented;
}

function plainValue(value: unknown, isDay: boolean, time: SchoolTime): unknown {
  if (value instanceof Date) return isDay ? dayFromDb(value) : time.iso(value);
  if (isDecimal(value)) return value.toNumber();
  return value ?? null;
}

function isDecimal(value: unknown): value is { toNumber(): number } {
  return typeof value === 'object' && value !== null && 'toNumber' in value && typeof value.toNumber === 'function';
}

/** A presented value in words, as cells, facts and chips show it; empty where there is nothing. */
export function sayValue(field: Field, value: unknown, reader: Reader, time: SchoolTime): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map((one) => sayValue(field, one, reader, time)).join('、');
  if (typeof value === 'object') return String((value as { name?: unknown }).name ?? '');
  if (field.kind === 'choice') return field.choices?.[String(value)] ?? String(value);
  if (field.kind === 'flag') return value === true ? '是' : '否';
  if (field.kind === 'money') return `¥${Number(value).toLocaleString('zh-CN')}`;
  if (field.kind === 'number' && typeof value === 'number') return value.toLocaleString('zh-CN');
  if (field.kind === 'day') return sayDate(String(value), reader);
  if (field.kind === 'instant') return sayInstant(String(value), reader, time);
  return String(value);
}

/** This year's days go without the year. */
function sayDate(day: string, reader: Reader): string {
  return day.slice(0, 4) === reader.today.slice(0, 4) ? day.slice(5, 10) : day.slice(0, 10);
}

function sayInstant(iso: string, reader: Reader, time: SchoolTime): string {
  const instant = new Date(iso);
  const day = time.dayOf(instant);
  return `${sayDate(day, reader)} ${time.format(instant).slice(6)}`;
}

/** A cell's HTML: the field's own, or its value in words. */
export function cellHtml(field: Field, row: Presented, reader: Reader, time: SchoolTime): string {
  if (field.cell) return field.cell(row, reader);
  const said = sayValue(field, row[field.name], reader, time);
  return escapeHtml(said);
}

/** A value as a spreadsheet takes it: numbers as numbers, days and instants as dates in school time, the rest as text. */
export function sheetValue(
  field: Field,
  row: Presented,
  reader: Reader,
  time: SchoolTime,
): string | number | Date | null {
  const value = row[field.name];
  if (value === null || value === undefined || value === '') return null;
  if ((field.kind === 'number' || field.kind === 'money') && typeof value === 'number') return value;
  if (field.kind === 'day' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))
    return new Date(`${value}T00:00:00Z`);
  // Excel knows no zones: an instant is shown as the school's wall clock.
  if (field.kind === 'instant' && typeof value === 'string') return new Date(`${value.slice(0, 19)}Z`);
  return sayValue(field, value, reader, time);
}

/** Which columns line up right, with tabular figures. */
export function isNumeric(field: Field): boolean {
  return field.kind === 'number' || field.kind === 'money';
}
