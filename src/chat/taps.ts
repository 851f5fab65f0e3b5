import type { AnyCommand } from './define-command.ts';
import type { Registry } from './registry.ts';
import { type Line, type LinePart, type Reply, tap } from './reply.ts';
import { placeholdersOf } from './said.ts';

const QUOTED = /「([^「」\n]{1,40})」/;

/**
 * Makes what an answer quotes tappable where saying it would do something: 回复「公海」, 「抢 1」. Left as text: what lacks
 * arguments (「抢」) and what shows a form to fill in (「跟进 1 内容」).
 */
export function withTaps({ lines, ...answer }: Reply, registry: Pick<Registry, 'commands' | 'find'>): Reply {
  const placeholders = new Set(registry.commands.flatMap((command) => placeholdersOf(command).map(({ name }) => name)));

  function isSayable(text: string): boolean {
    const found = registry.find(text);
    if (
      !found ||
      (found.command.unlisted && found.said.word === '') ||
      found.said.args.some((arg) => placeholders.has(arg))
    )
      return false;
    return found.said.args.length >= requiredOf(found.command);
  }

  function tapsIn(text: string): LinePart[] {
    return text.split(new RegExp(QUOTED, 'g')).flatMap((piece, index): LinePart[] => {
      if (index % 2 === 0) return piece === '' ? [] : [piece];
      return isSayable(piece) ? [tap(piece)] : [`「${piece}」`];
    });
  }

  function tapLine(line: Line): Line {
    if (typeof line === 'string') return QUOTED.test(line) ? tapsIn(line) : line;
    return line.flatMap((part): LinePart[] => (typeof part === 'string' ? tapsIn(part) : [part]));
  }

  return { ...answer, lines: lines.map(tapLine) };
}

function requiredOf(command: AnyCommand): number {
  return placeholdersOf(command).filter(({ optional }) => !optional).length;
}
