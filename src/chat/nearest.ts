import type { AnyCommand } from './define-command.ts';
import { type Reply, reply, tap } from './reply.ts';
import { bare, halfWidth, placeholdersOf, takesNumber } from './said.ts';

const MOST_ECHOED = 20;

/**
 * How many signs must be put in, left out, changed or swapped with their neighbour to make one text of the other
 * (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const from = [...a];
  const to = [...b];
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = at(rows, i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const least = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, changed);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(swapped ? Math.min(least, at(rows, i - 2, j - 2) + 1) : least);
    }
    rows.push(row);
  }
  return at(rows, from.length, to.length);
}

function at(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}

/** The names most like a text, the likest first, leaving out those with nothing in common. */
export function nearestNames(said: string, names: readonly string[], most = 3): string[] {
  return [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(said, name) }))
    .filter(({ name, distance }) => distance < Math.max([...name].length, [...said].length))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/**
 * To a text no command knows: up to three that are near, ready to tap, with the number that was said; none where none is, for a guess that has nothing to do with it only misleads.
 */
export function sayUnknown(text: string, commands: readonly AnyCommand[]): Reply {
  const said = bare(text);
  const echoed = [...said].length > MOST_ECHOED ? `${[...said].slice(0, MOST_ECHOED).join('')}…` : said;
  const [, word = '', number] = /^([^\d\s]*)\s*(\d{1,3})?/.exec(halfWidth(said).toLowerCase()) ?? [];
  const sorted = commands
    .map((command) => ({ command, distance: distanceOf(word, number !== undefined, command) }))
    .sort((a, b) => a.distance - b.distance);
  // A short word with a number is a slip for a command that takes one: 枪 3.
  const isSlip = number !== undefined && word !== '' && [...word].length <= 2 && sorted[0] !== undefined;
  const near = isSlip
    ? sorted
    : sorted.filter(({ command }) => command.words.some((one) => nearTo(word, one.toLowerCase())));
  const nearest = near.slice(0, 3).map(({ command }) => sayable(command, number ?? '1'));
  const all = ['回复', tap('帮助'), '看全部'];
  if (nearest.length === 0) return reply([`没看懂「${echoed}」。`, ...all]);
  const offered = nearest.flatMap((say, index) => (index === 0 ? [tap(say)] : [' · ', tap(say)]));
  return reply([`没看懂「${echoed}」。是不是要：`, ...offered, '？', ...all]);
}

/** A slip of one sign in two, or the word itself somewhere in what was said. */
function nearTo(said: string, word: string): boolean {
  if (said === '') return false;
  if ([...word].length === 1) return said.startsWith(word);
  if (said.includes(word)) return true;
  const longest = Math.max([...said].length, [...word].length);
  return editDistance(said, word) <= longest / 2 && [...word].some((sign) => said.includes(sign));
}

/** A command that takes a number is nearer where one was said; 抡单 is also compared by its first sign with 抢. */
function distanceOf(said: string, withNumber: boolean, command: AnyCommand): number {
  const beginning = (word: string) => [...said].slice(0, [...word].length).join('');
  const byWord = command.words
    .map((word) => word.toLowerCase())
    .map((word) =>
      word.length > 1 && said.includes(word)
        ? 0.2
        : Math.min(editDistance(said, word), editDistance(beginning(word), word) + 0.4),
    );
  return Math.min(...byWord) + (takesNumber(command) === withNumber ? 0 : 1);
}

function sayable(command: AnyCommand, number: string): string {
  const numbered = takesNumber(command) && !placeholdersOf(command)[0]?.optional;
  return numbered ? `${command.words[0]} ${number}` : command.words[0];
}
