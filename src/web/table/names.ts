import { may } from '../../access/access.ts';
import type { Actor } from '../../kernel/actor.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Field, Table } from '../define-table.ts';

export type TableVerb = 'list' | 'show' | 'add' | 'edit' | 'delete' | 'export';

/** A table's address: /follow-ups. */
export function pathOf(table: Table): string {
  return table.path ?? `/${table.id}`;
}

/** The named action a table's verb asks for. */
export function permissionFor(table: Table, verb: TableVerb): string {
  return `${table.permissions ?? table.id}.${verb}`;
}

/** Which permission lets somebody open single records: that of showing, or of listing; null where neither. */
export function showPermission(table: Table, actor: Actor): string | null {
  const either = [permissionFor(table, 'show'), permissionFor(table, 'list')];
  return either.find((permission) => may(actor, permission)) ?? null;
}

/** @throws Refusal `forbidden` */
export function demandShow(table: Table, actor: Actor): string {
  const permission = showPermission(table, actor);
  if (!permission) throw refuse.forbidden({ what: `看${table.title}` });
  return permission;
}

/** How a field is called in bodies and filters: a relation is `nameId` or `nameIds`. */
export function inputName(field: Field): string {
  if (field.kind === 'relation') return `${field.name}Id`;
  if (field.kind === 'relations') return `${singular(field.name)}Ids`;
  return field.name;
}

/** courses → course, people → people. */
function singular(name: string): string {
  return name.endsWith('s') ? name.slice(0, -1) : name;
}

/** All names a filter of this field may go by. */
export function filterNames(field: Field): string[] {
  if (field.kind !== 'relation' && field.kind !== 'relations') return [field.name];
  const one = field.kind === 'relations' ? singular(field.name) : field.name;
  return [...new Set([field.name, `${one}Id`, `${one}Ids`, inputName(field)])];
}
