import type { AnyCommand, Said } from './define-command.ts';
import { createHelp } from './help.ts';
import { createNextPage } from './next-page.ts';
import { bare, halfWidth, placeholdersOf, readRest } from './said.ts';
import { createUndo } from './undo.ts';

/** An entry of the account's menu; `key` is the command's id. */
export type MenuEntry = { group: string; name: string; key: string };

/** Every command there is, and how to find one by what was said. */
export type Registry = {
  commands: readonly AnyCommand[];
  byId(id: string): AnyCommand | undefined;
  /** The command a text asks for, by its word (also without a blank) or its own pattern; null where none does. */
  find(text: string): { command: AnyCommand; said: Said } | null;
  menu: readonly MenuEntry[];
  /** First words, in the order of the commands: for hints and the sandbox's buttons. */
  words: readonly string[];
};

/**
 * Collects the commands of all features and adds the chat's own: 下一页, 撤销, 帮助.
 * @throws Error when two share an id or a word, or a menu entry needs arguments: the service must not start so
 */
export function createRegistry(features: readonly AnyCommand[]): Registry {
  const commands = [...features, createNextPage(), createUndo(() => registry), createHelp(() => registry)];
  const byId = new Map<string, AnyCommand>();
  const byWord = new Map<string, AnyCommand>();
  for (const command of commands) {
    if (byId.has(command.id)) throw new Error(`two commands have the id ${command.id}`);
    byId.set(command.id, command);
    for (const word of command.words.map(plainWord)) {
      const other = byWord.get(word);
      if (other) throw new Error(`the commands ${other.id} and ${command.id} share the word ${word}`);
      byWord.set(word, command);
    }
    if (command.menu && placeholdersOf(command).some(({ optional }) => !optional))
      throw new Error(`the command ${command.id} is in the menu but needs arguments: ${command.usage}`);
  }
  // The longest first, so that 我的客户 is not taken for 我的.
  const words = [...byWord].sort(([a], [b]) => b.length - a.length);

  function findByWord(text: string) {
    const plain = plainWord(text);
    const hit = words.find(
      ([word, command]) => plain.startsWith(word) && mayEndAt(word, plain.charAt(word.length), command),
    );
    if (!hit) return null;
    const [word, command] = hit;
    return { command, said: readRest(command, word, text.slice(word.length)) };
  }

  function findByPattern(text: string) {
    for (const command of commands) {
      const said = command.match?.(text);
      if (said) return { command, said };
    }
    return null;
  }

  const registry: Registry = {
    commands,
    byId: (id) => byId.get(id),
    find: (text) => findByWord(bare(text)) ?? findByPattern(bare(text)),
    menu: commands.flatMap(({ id, menu }) => (menu ? [{ ...menu, key: id }] : [])),
    words: commands.map(({ words: [first] }) => first),
  };
  return registry;
}

function plainWord(text: string): string {
  return halfWidth(text).toLowerCase();
}

/**
 * Whether a word may end before this sign. 会议室明天 and 抢1 are meant so; an English alias ends only before something
 * that is no letter, and a word of one sign (抢) not inside a longer Chinese word (抢单, 抢课).
 */
function mayEndAt(word: string, next: string, command: AnyCommand): boolean {
  if (!/\p{L}/u.test(next)) return true;
  if (/[a-z]$/.test(word)) return !/[a-z]/.test(next);
  if (/[a-z]/.test(next)) return true;
  return word.length > 1 && placeholdersOf(command).length > 0;
}
