import { createHmac } from 'node:crypto';
import { defineRefusals } from '../../kernel/refusal.ts';
import type { Tx } from '../../kernel/scope.ts';
import type { Row, Table } from '../define-table.ts';
import type { TableParts } from './parts.ts';

const refuse = defineRefusals({
  changed_meanwhile: { status: 409, say: () => '你打开以后，这条记录已经被别人改过，看看现在的内容再改' },
});

/**
 * A number that is another one as soon as a row, or what belongs to it one to one, is changed in anything: what a program
 * sends back as `version` says which state it means to change. Made of the row itself, so that every table has it, and
 * under a secret, so that nobody finds out a masked phone by trying.
 */
export function versionOf(row: Row, { sessionSecret }: Pick<TableParts, 'sessionSecret'>): number {
  const digest = createHmac('sha256', `row versions ${sessionSecret}`)
    .update(JSON.stringify(ownValues(row)))
    .digest();
  return digest.readUIntBE(0, 6);
}

/** The row's own columns and those of single rows joined to it; lists and counts are other rows' business. */
function ownValues(row: object): unknown[] {
  return Object.entries(row)
    .filter(([name, value]) => !Array.isArray(value) && !ArrayBuffer.isView(value) && !name.startsWith('_'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, isPlain(value) ? ownValues(value) : typeof value === 'bigint' ? `${value}` : value]);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Holds a row until the transaction ends, so that of several who mean the same state of it one changes it. */
export async function holdRow(table: Table, tx: Tx, id: number): Promise<void> {
  const name = `"${table.model.charAt(0).toUpperCase()}${table.model.slice(1)}"`;
  await tx.$queryRawUnsafe(`SELECT id FROM ${name} WHERE id = $1 FOR NO KEY UPDATE`, id);
}

/** @throws Refusal `changed_meanwhile` where the row is no longer as whoever sends this version saw it */
export function demandVersion(row: Row, version: unknown, parts: Pick<TableParts, 'sessionSecret'>): void {
  if (String(version) !== String(versionOf(row, parts))) throw refuse.changed_meanwhile();
}
