import { halfWidth, visible } from '../kernel/normal/text.ts';

/**
 * The courses somebody means by a word: the one of that name, else those whose name it begins, else the one whose name
 * begins it (Python全栈班). Empty where none is meant.
 */
export function coursesNamed<C extends { name: string }>(said: string, courses: readonly C[]): C[] {
  const wanted = plain(said);
  if (wanted === '') return [];
  const exact = courses.filter(({ name }) => plain(name) === wanted);
  if (exact.length > 0) return exact;
  const begun = courses.filter(({ name }) => plain(name).startsWith(wanted));
  return begun.length > 0 ? begun : courses.filter(({ name }) => wanted.startsWith(plain(name)));
}

function plain(text: string): string {
  return halfWidth(visible(text)).replace(/\s+/g, '').toLowerCase();
}
