import { TITLES } from '../customers/index.ts';
import { halfWidth, visible } from '../kernel/normal/text.ts';
import { ALIASES, COLUMN_FIELDS, COLUMN_TITLES, type ColumnField, REASON_TITLE } from './titles.ts';

/** Which column (its place, from 0) holds which field. */
export type Mapping = Partial<Record<ColumnField, number>>;

/** A header row as read: its titles, which column holds which field, and the titles of columns that are not imported. */
export type Header = {
  titles: string[];
  mapping: Mapping;
  unused: string[];
  /** What is missing of the columns every customer needs, in words; null where all are there. */
  missing: string | null;
};

const CONTACTS = ['qq', 'phone', 'phone2', 'wechat'] as const satisfies readonly ColumnField[];

/** What a title means, and how likely it is beside another title of the same field: the form's own title first. */
const MEANINGS = new Map(
  Object.entries(ALIASES).flatMap(([field, aliases]) =>
    [COLUMN_TITLES[field as ColumnField], field, ...aliases]
      .map((title, rank) => [plain(title), { field: field as keyof typeof ALIASES, rank }] as const)
      .reverse(),
  ),
);

/**
 * Reads a header row by its titles. Order, blanks, capitals and marks like ＊ or （必填） do not matter; of two columns for
 * one field the likelier title counts, then the first; a phone's other column is its second one.
 */
export function readHeader(titles: readonly string[]): Header {
  const found = titles
    .flatMap((title, at) => ({ at, ...meaningOf(title) }))
    .filter((one): one is { at: number; field: keyof typeof ALIASES; rank: number } => one.field !== undefined)
    .sort((a, b) => a.rank - b.rank || a.at - b.at);
  const mapping: Mapping = {};
  for (const { field, at } of found) {
    if (mapping[field] === undefined) mapping[field] = at;
    else if (field === 'phone') mapping.phone2 ??= at;
  }
  return describe(titles, mapping);
}

/** A header row whose columns somebody chose. */
export function describe(titles: readonly string[], mapping: Mapping): Header {
  const trimmed = titles.map((title) => visible(title).trim());
  const used = new Set(Object.values(mapping));
  return {
    titles: trimmed,
    mapping,
    unused: trimmed.filter((title, at) => !used.has(at) && title !== '' && title !== REASON_TITLE),
    missing: findMissing(mapping),
  };
}

/** Columns as somebody chooses them: by their place (from 0), title or letter, null for none. What is left out stays. */
export type ColumnChoice = Readonly<Partial<Record<ColumnField, number | string | null>>>;

/**
 * What somebody chose of columns, over what was found. A column chosen for one field is no other's. Null where a column
 * is not there.
 * @param found what the titles say, where nothing was chosen before
 */
export function chooseColumns(
  titles: readonly string[],
  chosen: ColumnChoice,
  found: Mapping = readHeader(titles).mapping,
): Mapping | null {
  const places = new Map<ColumnField, number | null>();
  for (const field of COLUMN_FIELDS) {
    const given = chosen[field];
    if (given === undefined) continue;
    const place = given === null || given === '' ? null : placeOf(titles, given);
    if (place === undefined) return null;
    places.set(field, place);
  }
  const taken = new Set(places.values());
  const kept = Object.entries(found).filter(([field, at]) => !places.has(field as ColumnField) && !taken.has(at));
  const mine = [...places].flatMap(([field, at]) => (at === null ? [] : [[field, at] as const]));
  return Object.fromEntries([...kept, ...mine]);
}

function placeOf(titles: readonly string[], given: number | string): number | undefined {
  const byTitle = typeof given === 'string' ? titles.findIndex((title) => plain(title) === plain(given)) : -1;
  if (byTitle >= 0) return byTitle;
  const place = typeof given === 'string' && /^[a-z]{1,2}$/i.test(given) ? placeOfLetters(given) : Number(given);
  return Number.isInteger(place) && place >= 0 && place < titles.length ? place : undefined;
}

/** B is 1, AA is 26. */
function placeOfLetters(letters: string): number {
  return [...letters.toUpperCase()].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Every field named, so that titles decide nothing any more. */
export function exactly(mapping: Mapping): ColumnChoice {
  return { ...Object.fromEntries(COLUMN_FIELDS.map((field) => [field, null])), ...mapping };
}

/** Whether two say the same of every field. */
export function isSameMapping(a: Mapping, b: Mapping): boolean {
  return COLUMN_FIELDS.every((field) => a[field] === b[field]);
}

function meaningOf(title: string): { field: keyof typeof ALIASES; rank: number } | { field?: undefined } {
  const bare = halfWidth(visible(title)).replace(/[([【{<].*?[)\]】}>]/g, '');
  return MEANINGS.get(plain(bare)) ?? MEANINGS.get(plain(bare.split(/[/、|\n]/)[0] ?? '')) ?? {};
}

function findMissing(mapping: Mapping): string | null {
  if (mapping.name === undefined) return `「${TITLES.name}」`;
  return CONTACTS.some((field) => mapping[field] !== undefined) ? null : '「QQ」「手机」「微信号」中的一列';
}

/** Without blanks, capitals, marks, and the number before it. */
function plain(title: string): string {
  return halfWidth(visible(title))
    .toLowerCase()
    .replace(/^\s*\d{1,2}[.、:)]\s*/, '')
    .replace(/[\s*:;_.!?#'"-]/g, '');
}
