import { z } from 'zod';
import type { Prisma } from '../generated/prisma/client.ts';
import { Id } from '../kernel/normal/fields.ts';
import { type ColumnChoice, type Mapping, readHeader } from './columns.ts';
import { COLUMN_FIELDS, type ColumnField } from './titles.ts';

/** Where an import's customers go: to whose turn it is, to the pool, to whom a column names, or to one consultant. */
export type Target = 'rota' | 'pool' | 'column' | number;

/** What becomes of somebody known: refused, or their empty fields filled. */
export const KNOWN = ['refuse', 'fill'] as const;

/** What was decided of an import so far, kept with it. */
export type Plan = {
  target: Target;
  known: (typeof KNOWN)[number];
  /** Whether the file is read once more, by another sheet, header row or columns. */
  again?: boolean;
  /** Whether it runs as soon as it is read. */
  runs?: boolean;
};

export const FIRST_PLAN: Plan = { target: 'rota', known: 'refuse' };

/** What was read of a file: kept with the import as its `header`. */
export type Reading = {
  /** The visible sheets by name. */
  sheets: string[];
  sheet: string;
  /** As the program counts, from 1. */
  headerRow: number;
  titles: string[];
  mapping: Mapping;
  unused: string[];
  missing: string | null;
  /** Rows that the program hides, among those read. */
  hiddenRows: number;
  /** Cells beyond the last column that is read. */
  cellsBeyond: number;
};

/** What an import keeps of its reading; null before it was opened and where its rows were cleared. */
export function readingOf(header: Prisma.JsonValue): Reading | null {
  if (header === null) return null;
  const kept = header as Partial<Reading>;
  // Version 0.1 kept the titles of the first sheet's first row only.
  const first = { sheets: [], sheet: '', headerRow: 1, hiddenRows: 0, cellsBeyond: 0 };
  return { ...first, ...readHeader(kept.titles ?? []), ...kept };
}

/** What was decided of an import so far. */
export function planOf({ plan }: { plan: Prisma.JsonValue }): Plan {
  return (plan as Plan | null) ?? FIRST_PLAN;
}

/** What somebody wants read instead of what was found. */
export type ReadingChoice = {
  sheet?: string | undefined;
  headerRow?: number | undefined;
  mapping?: ColumnChoice | undefined;
};

const Column = z.union([z.number().int().min(0), z.string(), z.null()], '列写成标题，或者从 0 数起的第几列');

/** A relation is called by its row's name or its body's, here as elsewhere. */
const OTHER_NAMES: Readonly<Record<string, ColumnField>> = { courses: 'courseIds', consultantId: 'consultant' };

function byOurNames(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([field, column]) => [OTHER_NAMES[field] ?? field, column]));
}

const MAPPING = 'mapping.';
const Shown = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'no JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string()));

/** What is asked of an import in its preview, by JSON or by the page's form. What is left out stays. */
export const PlanInput = z.preprocess(
  foldForm,
  z.object({
    sheet: z.string('工作表要写名字').optional(),
    headerRow: z.coerce
      .number('标题行要填数字')
      .int('标题行要填整数')
      .min(1, '标题行从 1 数起')
      .max(1_048_576)
      .optional(),
    mapping: z
      .preprocess(byOurNames, z.partialRecord(z.enum(COLUMN_FIELDS as [ColumnField, ...ColumnField[]]), Column))
      .optional(),
    target: z
      .union([z.enum(['rota', 'pool', 'column']), Id], '分给谁：rota、pool、column，或者一位顾问的编号')
      .optional(),
    known: z.enum(KNOWN, '已有的客户：refuse 或 fill').optional(),
  }),
);
export type PlanInput = z.output<typeof PlanInput>;

/**
 * A form sends all its fields, changed or not: what is as it was shown was not chosen. `mapping.phone=2` is a column,
 * and none where it is empty.
 */
function foldForm(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('shown' in body)) return body;
  const { shown, ...fields } = body as Record<string, unknown>;
  const before = Shown.safeParse(shown).data ?? {};
  const chosen = Object.entries(fields).filter(([field, value]) => before[field] !== value);
  const columns = chosen.filter(([field]) => field.startsWith(MAPPING));
  return {
    ...Object.fromEntries(chosen.filter(([field]) => !field.startsWith(MAPPING))),
    ...(columns.length > 0 && {
      mapping: Object.fromEntries(columns.map(([field, at]) => [field.slice(MAPPING.length), at])),
    }),
  };
}
