import type { z } from 'zod';
import { explainProblems } from '../../kernel/explain-problems.ts';
import { halfWidth } from '../../kernel/normal/text.ts';
import type { Tx } from '../../kernel/scope.ts';
import { EnterCustomer, TITLES } from '../schema.ts';
import type { ColumnField, Header } from './columns.ts';
import { say } from './phrases.ts';

/** What cells name that has a number here: courses and students, by their names. */
export type Lookups = {
  courses: ReadonlyMap<string, number>;
  students: ReadonlyMap<string, readonly number[]>;
  studentIds: ReadonlySet<number>;
};

/** A row as the form would have it, or why the form would not take it. */
export type RowRead = { input: z.output<typeof EnterCustomer> } | { reason: string };

/** Reads the names that rows may hold; students only where a column asks for them. */
export async function readLookups(tx: Pick<Tx, 'course' | 'student'>, { fields }: Header): Promise<Lookups> {
  const courses = fields.includes('courseIds') ? await tx.course.findMany({ select: { id: true, name: true } }) : [];
  const students = fields.includes('referralId')
    ? await tx.student.findMany({ select: { id: true, person: { select: { name: true } } }, orderBy: { id: 'asc' } })
    : [];
  const byName = new Map<string, number[]>();
  for (const { id, person } of students)
    byName.set(plain(person.name), [...(byName.get(plain(person.name)) ?? []), id]);
  return {
    courses: new Map(courses.map(({ id, name }) => [plain(name), id])),
    students: byName,
    studentIds: new Set(students.map(({ id }) => id)),
  };
}

/**
 * Puts a row's cells through the form's own schema.
 * @param unsolved columns whose formula has no result
 */
export function readRow(
  cells: readonly string[],
  { fields }: Header,
  lookups: Lookups,
  unsolved: readonly number[] = [],
): RowRead {
  const given: Given = { name: '' };
  const problems: Partial<Record<string, string>> = {};
  for (const [at, field] of fields.entries()) {
    if (!field) continue;
    const text = (cells[at] ?? '').trim();
    const problem = unsolved.includes(at) ? say.unsolved(TITLES[field]) : readCell(given, field, text, lookups);
    if (problem) problems[field] = problem;
  }
  const parsed = EnterCustomer.safeParse(given);
  // What is wrong with a cell itself says more than what the schema makes of it.
  if (!parsed.success) Object.assign(problems, { ...explainProblems(parsed.error, TITLES), ...problems });
  if (!parsed.success || Object.keys(problems).length > 0) return { reason: inOrder(problems) };
  return { input: parsed.data };
}

type Given = Partial<Record<ColumnField, unknown>>;

/** The problems in the form's order. */
function inOrder(problems: Partial<Record<string, string>>): string {
  return [...Object.keys(TITLES), 'form'].flatMap((field) => problems[field] ?? []).join('；');
}

/** Puts a cell into its field; answers what is wrong with it, if anything. */
function readCell(given: Given, field: ColumnField, text: string, lookups: Lookups): string | null {
  if (text === '') return null;
  if (isFormulaError(text)) return say.formulaError(TITLES[field], text);
  if (field === 'courseIds') return readCourses(given, text, lookups);
  if (field === 'referralId') return readStudent(given, text, lookups);
  given[field] = field === 'qq' || field === 'phone' ? inFull(text) : text;
  return isScientific(String(given[field])) ? say.lostDigits(TITLES[field], text) : null;
}

const SCIENTIFIC = /^(\d)(?:\.(\d+))?E\+?(\d{1,2})$/i;

function isScientific(text: string): boolean {
  return SCIENTIFIC.test(text);
}

/** 1.3800138E+10 typed as text is a number in full; 1.38E+10 has lost digits that nobody can give back. */
function inFull(text: string): string {
  const [, whole, rest = '', power] = SCIENTIFIC.exec(halfWidth(text)) ?? [];
  const exponent = Number(power);
  return whole !== undefined && rest.length >= 6 && rest.length <= exponent
    ? `${whole}${rest.padEnd(exponent, '0')}`
    : text;
}

function readCourses(given: Given, text: string, { courses }: Lookups): string | null {
  const whole = courses.get(plain(text));
  const names = whole === undefined ? text.split(/[、，,；;\n]/).filter((name) => name.trim() !== '') : [text];
  given.courseIds = names.flatMap((name) => courses.get(plain(name)) ?? []);
  const unknown = names.find((name) => !courses.has(plain(name)));
  return unknown === undefined ? null : say.unknownCourse(unknown.trim());
}

function readStudent(given: Given, text: string, { students, studentIds }: Lookups): string | null {
  if (/^\d+$/.test(text)) {
    given.referralId = text;
    return studentIds.has(Number(text)) ? null : say.unknownStudent(text);
  }
  const ids = students.get(plain(text)) ?? [];
  given.referralId = ids[0];
  if (ids.length === 0) return say.unknownStudent(text);
  return ids.length > 1 ? say.manyStudents(text, ids) : null;
}

function isFormulaError(text: string): boolean {
  return /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/.test(text);
}

function plain(text: string): string {
  return halfWidth(text).replace(/\s+/g, '').toLowerCase();
}
