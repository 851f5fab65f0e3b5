import { SOURCES } from '../choices.ts';
import { shorten } from '../phrases.ts';
import type { ListedCustomer } from '../queries.ts';

const LONGEST_LINE = 60;

/** One line of a numbered list: 1 王小雨 · Python全栈 · 百度推广 · 三天未跟进. */
export function lineOf(number: number, { name, courses, source }: ListedCustomer, ...more: (string | null)[]): string {
  const facts = [name, sayCourses(courses.map(({ course }) => course.name)), SOURCES[source], ...more].filter(Boolean);
  return shorten(`${number} ${facts.join(' · ')}`, LONGEST_LINE);
}

/** Python全栈, or Python全栈等 3 门. */
export function sayCourses(names: readonly string[]): string {
  const [first] = names;
  if (!first) return '';
  return names.length > 1 ? `${first}等 ${names.length} 门` : first;
}
