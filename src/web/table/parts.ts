import { may } from '../../access/access.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { SchoolTime } from '../../kernel/school-time.ts';
import type { Crumb } from '../define-page.ts';
import type { Field, Table, TableLink } from '../define-table.ts';
import { pathOf, permissionFor, type TableVerb } from './names.ts';

/** What the routes of a table are made with. */
export type TableParts = { prisma: PrismaClient; time: SchoolTime; sessionSecret: string };

/** Whether this person is offered a verb: it is declared and permitted. */
export function offers(table: Table, verb: TableVerb, actor: Actor): boolean {
  if (verb === 'add' && !table.add) return false;
  if (verb === 'edit' && !table.edit) return false;
  if (verb === 'delete' && !table.remove) return false;
  return may(actor, permissionFor(table, verb));
}

/** The links a person may follow. */
export function linksFor(links: readonly TableLink[] | undefined, actor: Actor): TableLink[] {
  return (links ?? []).filter((link) => !link.permission || may(actor, link.permission));
}

/** The way to a table's pages; the list keeps the query it was left with. */
export function crumbsTo(table: Table, back: string, ...rest: Crumb[]): Crumb[] {
  return [{ title: '首页', path: '/' }, { title: table.title, path: listPath(table, back) }, ...rest];
}

/** The list as it was left: `back` is its query, carried along while one looks at or edits a record. */
export function listPath(table: Table, back: string): string {
  return back ? `${pathOf(table)}?${back}` : pathOf(table);
}

/** An address of a record or form that remembers the list's query. */
export function withBack(path: string, back: string): string {
  return back ? `${path}?back=${encodeURIComponent(back)}` : path;
}

/** The list's query as another page carried it; anything that is no query is dropped. */
export function readBack(given: unknown): string {
  const text = Array.isArray(given) ? given[0] : given;
  return typeof text === 'string' && text.length <= 2_000 ? new URLSearchParams(text).toString() : '';
}

/** Fields of the list, the record and the form. */
export function listFields(table: Table): Field[] {
  return table.fields.filter((field) => field.inList !== false && field.inForm !== 'edit');
}

export function recordFields(table: Table): Field[] {
  return table.fields.filter((field) => field.inRecord !== false && field.inForm !== 'edit');
}

export function formFieldsOf(table: Table, verb: 'add' | 'edit'): Field[] {
  return table.fields.filter((field) => field.inForm === true || (field.inForm === 'edit' && verb === 'edit'));
}
