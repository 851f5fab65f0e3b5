import { z } from 'zod';
import { fixedParams } from '../../access/access.ts';
import { explainProblems } from '../../kernel/explain-problems.ts';
import { invalidFields, refuse } from '../../kernel/refusal.ts';
import type { Tx } from '../../kernel/scope.ts';
import type { Field, Reader, Table } from '../define-table.ts';
import { choiceId } from './conditions.ts';
import { filterNames, inputName } from './names.ts';
import type { Presented } from './present.ts';

type Fields = readonly Field[];
type Body = Readonly<Record<string, unknown>>;

const MOST_OPTIONS = 200;

/**
 * A JSON body as a schema takes it: a choice written as its Chinese label becomes its id.
 */
export function shapeJson(fields: Fields, body: Body): Record<string, unknown> {
  const shaped: Record<string, unknown> = { ...body };
  for (const field of fields) {
    const value = shaped[field.name];
    if (field.kind === 'choice' && typeof value === 'string')
      shaped[field.name] = choiceId(field, value.trim()) ?? value;
  }
  return shaped;
}

/**
 * A form's texts as a schema takes them: numbers, flags, relation ids and lists by the field's kind. What was left
 * empty is null for an edit (it clears the field) and left out for an addition.
 */
export function shapeForm(fields: Fields, body: Body, { clears }: { clears: boolean }): Record<string, unknown> {
  const shaped: Record<string, unknown> = { ...body };
  for (const field of fields) {
    const name = inputName(field);
    if (!(name in body)) continue;
    const value = shapeValue(field, body[name]);
    if (value === null && !clears) delete shaped[name];
    else shaped[name] = value;
  }
  return shaped;
}

function shapeValue(field: Field, given: unknown): unknown {
  const values = (Array.isArray(given) ? given : [given]).map((value) =>
    typeof value === 'string' ? value.trim() : value,
  );
  if (field.kind === 'relations') return values.filter((value) => value !== '').map(asNumber);
  // A checkbox comes after a hidden empty field of its name, which says it was there.
  const value = values.at(-1);
  if (field.kind === 'flag') return ['true', 'on', '1', '是'].includes(String(value));
  if (value === '' || value === undefined) return null;
  if (field.kind === 'number' || field.kind === 'money' || field.kind === 'relation') return asNumber(value);
  if (field.kind === 'choice') return choiceId(field, String(value)) ?? value;
  return value;
}

/** A text that is no number stays one, for the schema to word. */
function asNumber(value: unknown): unknown {
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/**
 * Checks an input with a table's schema.
 * @throws Refusal 422 with a sentence for each field
 */
export function parseInput(schema: z.ZodType, fields: Fields, input: unknown): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidFields(explainProblems(parsed.error, titlesOf(fields)));
}

function titlesOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(fields.flatMap((field) => filterNames(field).map((name) => [name, field.title])));
}

/**
 * A role that fixes parameters may write these values only.
 * @throws Refusal `forbidden`
 */
export function demandFixed(table: Table, reader: Reader, permission: string, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  for (const [name, values] of Object.entries(fixedParams(reader.actor, permission) ?? {})) {
    const field = table.fields.find((candidate) => filterNames(candidate).includes(name));
    const given = (input as Record<string, unknown>)[field ? inputName(field) : name];
    if (given === undefined) continue;
    const all = Array.isArray(given) ? given : [given];
    if (!all.every((value) => values.includes(String(value))))
      throw refuse.forbidden({ what: `填这样的${field?.title ?? name}` });
  }
}

export type FormOption = { value: string; title: string; chosen: boolean };

/** One field of a form as the template draws it. */
export type FormField = {
  name: string;
  title: string;
  control: 'text' | 'textarea' | 'number' | 'date' | 'select' | 'checkbox' | 'checks';
  inputmode?: string;
  value: string;
  checked: boolean;
  options: FormOption[];
  /** Where a long list of options is searched. */
  optionsHref?: string;
  required: boolean;
  hint?: string;
  problem?: string;
};

const CONTROLS = {
  text: 'text',
  longText: 'textarea',
  number: 'number',
  money: 'number',
  day: 'date',
  instant: 'text',
  choice: 'select',
  flag: 'checkbox',
  relation: 'select',
  relations: 'checks',
} as const;

/** The fields of a form, filled with what was typed before or what the record holds, problems in place of hints. */
export async function formFields(
  fields: Fields,
  tx: Tx,
  reader: Reader,
  filled: { schema?: z.ZodType; values: Body; problems?: Readonly<Record<string, string>>; path?: string },
): Promise<FormField[]> {
  const made: FormField[] = [];
  for (const field of fields) {
    const name = inputName(field);
    const value = filled.values[name] ?? filled.values[field.name];
    const chosen = (Array.isArray(value) ? value : [value]).map(asText);
    made.push({
      name,
      title: field.title,
      control: CONTROLS[field.kind],
      ...(keyboardOf(field) && { inputmode: keyboardOf(field) }),
      value: chosen[0] ?? '',
      checked: chosen.at(-1) === 'true' || chosen.at(-1) === 'on',
      options: await optionsOf(field, tx, reader, chosen),
      ...(filled.path && field.kind === 'relation' && { optionsHref: `${filled.path}/options/${field.name}` }),
      required: filled.schema ? isRequired(filled.schema, name) : false,
      hint: field.hint,
      problem: filled.problems?.[name] ?? filled.problems?.[field.name],
    });
  }
  return made;
}

/** What the record holds, by the names its form uses. */
export function valuesOf(fields: Fields, row: Presented): Body {
  return Object.fromEntries(fields.map((field) => [inputName(field), row[field.name] ?? row[inputName(field)]]));
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return String((value as { id?: unknown }).id ?? '');
  return String(value);
}

async function optionsOf(field: Field, tx: Tx, reader: Reader, chosen: readonly string[]): Promise<FormOption[]> {
  if (field.choices)
    return Object.entries(field.choices).map(([value, title]) => ({ value, title, chosen: chosen.includes(value) }));
  if (!field.options) return [];
  const options = await field.options(tx, reader);
  return options
    .map(({ id, name }) => ({ value: String(id), title: name, chosen: chosen.includes(String(id)) }))
    .filter((option, place) => option.chosen || place < MOST_OPTIONS);
}

function keyboardOf(field: Field): string | undefined {
  if (field.kind === 'money') return 'decimal';
  if (field.kind === 'number') return 'numeric';
  if (/^(phone|mobile|tel)$/i.test(field.name)) return 'tel';
  if (/^(qq|code)$/i.test(field.name)) return 'numeric';
  return /email/i.test(field.name) ? 'email' : undefined;
}

/** Whether a form may mark the field as needed: its schema takes no missing value. */
function isRequired(schema: z.ZodType, name: string): boolean {
  // What a schema makes of its fields afterwards does not change which are needed.
  const fields = schema instanceof z.ZodPipe ? schema.in : schema;
  const { shape } = fields as { shape?: Record<string, z.ZodType> };
  return shape?.[name] ? !shape[name].safeParse(undefined).success : false;
}
