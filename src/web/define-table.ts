import type { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';

/** A choice list: ids as stored, with their Chinese labels, in the order they are offered. */
export type Choices = Readonly<Record<string, string>>;

/** Who reads a table, and when; what a list may use to narrow, mask and word its rows. */
export type Reader = { actor: Actor; now: Date; today: SchoolDay };

/** A condition as Prisma's `where` takes it. */
export type Where = Record<string, unknown>;

/** A row as Prisma returned it with the table's `include`. */
export type Row = Record<string, unknown> & { id: number };

export type FieldKind =
  | 'text'
  | 'longText'
  | 'number'
  | 'money'
  | 'day'
  | 'instant'
  | 'choice'
  | 'flag'
  | 'relation'
  | 'relations';

/** Where a relation's options come from, for forms and filters; `q` narrows by name. */
export type Options = (tx: Tx, reader: Reader, q?: string) => Promise<{ id: number; name: string }[]>;

/** One field of a table: how it is shown, sorted, filtered and entered. Named as in JSON. */
export type Field = {
  name: string;
  title: string;
  kind: FieldKind;
  choices?: Choices;
  options?: Options;
  /** Where it shows: in the list, on the record, in the form. All by default but the form. */
  inList?: boolean;
  inRecord?: boolean;
  /** `edit`: only where a record is changed, for what is asked about the change itself. */
  inForm?: boolean | 'edit';
  /** In the export; as in the record by default. */
  inExport?: boolean;
  /** Takes part in `sort=`: true for a column of the same name, or Prisma's orderBy for a direction. */
  sort?: boolean | ((direction: 'asc' | 'desc') => Record<string, unknown>);
  /** Takes part in filters: true for equality on the column (several values are any of them; days take `a..b`), or a condition of its own. */
  filter?: boolean | ((values: readonly string[], reader: Reader) => Where);
  /** Whether the list offers the filter as a drawer; by default it does. Addresses take it either way. */
  inFilters?: boolean;
  /** The form's hint below the field. */
  hint?: string;
  /** What an empty form for adding starts with: true for a flag that is usually set. */
  initial?: unknown;
  /** How the cell looks where plain formatting will not do: trusted HTML, everything inside it already escaped. */
  cell?(row: Record<string, unknown>, reader: Reader): string;
};

/** What was done to a row, in words; `more` is what else its use case says, for `sum`. */
export type ActionDone = { message: string; [more: string]: unknown };

type RunEach = {
  /** Does it to one row, in its own right: where it refuses one, the others are done all the same. */
  run(scope: Scope, id: number, input: unknown): Promise<ActionDone>;
};

type RunTogether = {
  /** Which of the rows stand or fall together: the marks of one lesson. */
  together(tx: Tx, ids: readonly number[]): Promise<readonly (readonly number[])[]>;
  runTogether(scope: Scope, ids: readonly number[], input: unknown): Promise<ActionDone>;
};

/** Something to know before one acts, shown first on the form; it may lead to what it speaks of. */
export type FormNote = { text: string; href?: string };

/** A change offered for one row or many; runs as a use case. */
export type TableAction = (RunEach | RunTogether) & {
  name: string;
  title: string;
  permission: string;
  /** What the body must hold besides `ids`; its fields are asked in a small form first. */
  input?: z.ZodType;
  fields?: readonly Field[];
  danger?: boolean;
  /** Runs even for rows this reader does not see now; the use case then says what became of them (a lost race). */
  anyRow?: boolean;
  /** Whether it is offered for this row. */
  offered?(row: Record<string, unknown>, reader: Reader): boolean;
  /** What to know first about these rows. */
  notes?(tx: Tx, ids: readonly number[], reader: Reader): Promise<readonly FormNote[]>;
  /** How many rows at once at most. */
  most?: number;
  /** All that were done in one sentence, and what programs read beside it; by default how many. */
  sum?(done: readonly ActionDone[], rows: number): ActionDone;
};

/** A named filter over the list: 「超过一个月未跟进」; its query is made for the reader's today. */
export type Preset = { title: string; query(reader: Reader): string };

/** One line of a record's timeline, in words, newest first. */
export type TimelineEntry = { day: SchoolDay; text: string; kind?: string };

/** A link or button on a record's page or over the list. */
export type TableLink = { title: string; href: string; permission?: string; primary?: boolean };

/**
 * A table declared once: list, search, filters, sorting, paging, record, form, export and JSON are made from it, each
 * asking the permissions `<id>.list`, `<id>.add`, `<id>.edit`, `<id>.delete`, `<id>.export`.
 */
export type Table = {
  /** Names the permissions and, by default, the path: `follow-ups` is /follow-ups. */
  id: string;
  /** Its address where it is not `/<id>`. */
  path?: string;
  /** 客户 */
  title: string;
  /** The menu group and how many of what: 位, 条. */
  unit?: string;
  /** The permission area where it is not the id: `customers` for /pool. */
  permissions?: string;
  /** Prisma's model in lower camel case: 'followUp'. */
  model: string;
  include?: Record<string, unknown>;
  fields: readonly Field[];
  /** Rows this reader may see (row scope, fixed parameters); added to every read, edit and delete. */
  visible(reader: Reader): Where;
  /** `q=`: the condition for a search text; null where the table has no search. */
  search?(q: string, reader: Reader): Where;
  /** Prisma's orderBy for no `sort=`; the last key must be unique. */
  defaultSort: string;
  /** The row as JSON and templates see it: what leaves, masked for this reader. */
  present(row: Row, reader: Reader): Record<string, unknown> & { id: number };
  /** A row's name in breadcrumbs and cards. */
  nameOf(row: Record<string, unknown>): string;
  /** On a phone: the two lines under the name. */
  card?(row: Record<string, unknown>, reader: Reader): readonly string[];
  add?: {
    title?: string;
    button?: string;
    input: z.ZodType;
    run(scope: Scope, input: never): Promise<{ id: number; message?: string }>;
  };
  /**
   * Where `run` answers a `message`, it says what the person should know besides that it is saved; `more` is what
   * programs read beside the row.
   */
  edit?: {
    input: z.ZodType;
    run(scope: Scope, id: number, input: never): Promise<unknown>;
    /** What to know first about the row. */
    notes?(tx: Tx, ids: readonly number[], reader: Reader): Promise<readonly FormNote[]>;
  };
  remove?: { run(scope: Scope, id: number): Promise<unknown> };
  actions?: readonly TableAction[];
  presets?: readonly Preset[];
  links?: readonly TableLink[];
  /** Where a row of the list leads, if not to its own record. */
  rowHref?(row: Record<string, unknown>, reader: Reader): string | null;
  /** Links on a record's page: 点名, 成绩. */
  recordLinks?(row: Record<string, unknown>, reader: Reader): readonly TableLink[];
  timeline?(scope: Scope, id: number): Promise<readonly TimelineEntry[]>;
  /** What an empty list says next. */
  empty?: string;
};

/** Declares a table. */
export function defineTable(table: Table): Table {
  return table;
}
