import {
  type ChoiceField,
  coursesNamed,
  EnterCustomer,
  joinMemo,
  NEEDS_CONTACT,
  readChoice,
} from '../customers/index.ts';
import { explainProblems } from '../kernel/explain-problems.ts';
import { WechatId } from '../kernel/normal/fields.ts';
import { nameKey } from '../kernel/normal/name.ts';
import { readPhone } from '../kernel/normal/phone.ts';
import { halfWidth, visible } from '../kernel/normal/text.ts';
import type { Header } from './columns.ts';
import type { Lookups } from './lookups.ts';
import { say } from './phrases.ts';
import { COLUMN_FIELDS, COLUMN_TITLES, type ColumnField } from './titles.ts';

/** A cell that did not fit and is kept in the memo, word for word, under its column's title. */
export type KeptCell = { title: string; text: string };

/** A row as the form would have it, with what was kept in the memo and whom its column names; or why it cannot be saved. */
export type RowRead =
  | { input: EnterCustomer; kept: KeptCell[]; consultantId: number | null }
  | { reason: string; input?: undefined };

type Given = Partial<Record<ColumnField, unknown>>;

/** One row on its way through: what is given to the form, what did not fit, and what is wrong with name and contacts. */
type Draft = { given: Given; kept: ColumnField[]; problems: Partial<Record<ColumnField, string>> };

/** What a row cannot be saved without; of the contacts one is enough. */
const CONTACTS = ['qq', 'phone', 'wechat'] as const satisfies readonly ColumnField[];
const CHOICES: readonly ColumnField[] = [
  'gender',
  'education',
  'experience',
  'workStatus',
  'source',
] satisfies ChoiceField[];

/**
 * Puts a row's cells through the form's own schema. A row is refused only for its name and for having no way to reach
 * anybody: every other cell that does not fit stays empty and is kept in the memo.
 * @param unsolved columns whose formula has no result
 */
export function readRow(
  cells: readonly string[],
  { mapping, titles }: Header,
  lookups: Lookups,
  unsolved: readonly number[] = [],
): RowRead {
  const draft: Draft = { given: { name: '' }, kept: [], problems: {} };
  const textOf = (field: ColumnField) => visible(cells[mapping[field] ?? -1] ?? '').trim();
  for (const field of COLUMN_FIELDS) {
    const at = mapping[field];
    if (at === undefined) continue;
    if (unsolved.includes(at)) draft.problems[field] = say.unsolved(COLUMN_TITLES[field]);
    else readCell(draft, field, textOf(field), lookups);
  }
  choosePhone(draft);
  const fitted = putThroughForm(draft);
  if (!fitted) return { reason: whyRefused(draft) };
  const fields = COLUMN_FIELDS.filter((field) => draft.kept.includes(field));
  const cellOf = (field: ColumnField) => ({
    title: titles[mapping[field] ?? -1] || COLUMN_TITLES[field],
    text: textOf(field),
  });
  // A memo too long for the form is no cell that did not fit: it stays where it is.
  const kept = fields.filter((field) => field !== 'memo').map(cellOf);
  const long = fields.includes('memo') ? [textOf('memo')] : [];
  const memo = joinMemo(fitted.memo, [...long, ...kept.map(({ title, text }) => `${title}：${text}`)]);
  return { input: { ...fitted, memo }, kept, consultantId: (draft.given.consultant as number | undefined) ?? null };
}

/** Through the schema, taking out what does not fit until the rest does; null where name or contacts are what is wrong. */
function putThroughForm(draft: Draft): EnterCustomer | null {
  for (;;) {
    const { phone2: _, consultant: __, ...form } = draft.given;
    const parsed = EnterCustomer.safeParse(form);
    const wrong = parsed.success ? {} : explainProblems(parsed.error, COLUMN_TITLES);
    // Without any contact the schema's own sentence stands under QQ although there is none: no cell of ours is unfit.
    const unfit = COLUMN_FIELDS.filter((field) => wrong[field] && field !== 'name' && draft.given[field] !== undefined);
    if (unfit.length === 0) {
      if (wrong.name) draft.problems.name ??= wrong.name;
      return parsed.success && draft.problems.name === undefined ? parsed.data : null;
    }
    for (const field of unfit) {
      draft.problems[field] ??= wrong[field];
      drop(draft, field);
    }
  }
}

function drop({ given, kept }: Draft, field: ColumnField): void {
  delete given[field];
  kept.push(field);
}

/**
 * The second phone column stands in where the first holds no number; else it is one more number for the memo. An id of
 * WeChat under 联系方式 is what it is.
 */
function choosePhone(draft: Draft): void {
  const { given, kept, problems } = draft;
  const read = (['phone', 'phone2'] as const).flatMap((field) =>
    given[field] === undefined ? [] : [{ field, text: String(given[field]), ...readPhone(String(given[field])) }],
  );
  const chosen = read.find((one) => 'phone' in one);
  delete given.phone;
  delete given.phone2;
  if (chosen) given.phone = chosen.text;
  for (const one of read) {
    if (one === chosen || ('phone' in one && chosen && 'phone' in chosen && one.phone === chosen.phone)) continue;
    if (given.wechat === undefined && 'problem' in one && WechatId.safeParse(one.text).success) given.wechat = one.text;
    else {
      if ('problem' in one) problems[one.field] ??= one.problem;
      kept.push(one.field);
    }
  }
}

/** What is wrong with the name, and with the contacts where none is left, in the form's order. */
function whyRefused({ given, problems }: Draft): string {
  const isReachable = CONTACTS.some((field) => given[field] !== undefined);
  const contacts = isReachable ? [] : [...CONTACTS, 'phone2' as const].flatMap((field) => problems[field] ?? []);
  const sentences = [problems.name ?? [], isReachable || contacts.length > 0 ? contacts : NEEDS_CONTACT].flat();
  return [...new Set(sentences)].join('；');
}

/** What people put into a cell to say that there is nothing. */
const NOTHING = /^(?:无|没有|暂无|未知|不详|不知道|未填|未填写|空|null|none|nil|n\/a|na|[-–—/\\.。、*?？]+)$/i;

/** Puts a cell into its field, keeps it aside, or notes what is wrong with a name or contact. */
function readCell(draft: Draft, field: ColumnField, text: string, lookups: Lookups): void {
  const { given, kept, problems } = draft;
  if (text === '' || (field !== 'name' && NOTHING.test(text))) return;
  if (isFormulaError(text)) {
    problems[field] = say.formulaError(COLUMN_TITLES[field], text);
    if (field !== 'name') kept.push(field);
    return;
  }
  if (CHOICES.includes(field)) put(draft, field, readChoice(field as ChoiceField, text));
  else if (field === 'courseIds') readCourses(draft, text, lookups);
  else if (field === 'referralId') put(draft, field, readStudent(text, lookups));
  else if (field === 'consultant') readConsultant(draft, text, lookups);
  else if (field === 'qq' || field === 'phone' || field === 'phone2') readNumber(draft, field, text);
  else given[field] = text;
}

function readNumber(draft: Draft, field: 'qq' | 'phone' | 'phone2', text: string): void {
  const number = inFull(text);
  if (isScientific(number)) {
    draft.problems[field] = say.lostDigits(COLUMN_TITLES[field], text);
    draft.kept.push(field);
  } else draft.given[field] = number;
}

function put({ given, kept }: Draft, field: ColumnField, value: unknown): void {
  if (value === null) kept.push(field);
  else given[field] = value;
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

/** Those that are courses are asked about; where any is not, the cell is kept as it is. */
function readCourses({ given, kept }: Draft, text: string, { courses }: Lookups): void {
  const [whole] = courses.filter(({ name }) => name === text);
  const names = whole ? [text] : text.split(/[、，,；;/|\n]/).filter((name) => name.trim() !== '');
  const meant = names.map((name) => coursesNamed(name, courses));
  given.courseIds = [...new Set(meant.flatMap((found) => (found.length === 1 ? (found[0]?.id ?? []) : [])))];
  if (meant.some((found) => found.length !== 1)) kept.push('courseIds');
}

/** A student by number, or by a name that only one has. */
function readStudent(text: string, { students, studentIds }: Lookups): number | null {
  if (/^\d+$/.test(text)) return studentIds.has(Number(text)) ? Number(text) : null;
  const ids = students.get(nameKey(text)) ?? [];
  return ids.length === 1 ? (ids[0] ?? null) : null;
}

/** Whom the column names, where the column decides; nobody known, or one of two: the rota decides, and the name is kept. */
function readConsultant(draft: Draft, text: string, { consultants }: Lookups): void {
  if (!consultants) return;
  const ids = consultants.get(nameKey(text)) ?? [];
  put(draft, 'consultant', ids.length === 1 ? ids[0] : null);
}

function isFormulaError(text: string): boolean {
  return /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/.test(text);
}
