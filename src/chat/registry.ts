import { createConfirm } from './confirm.ts';
import type { AnyCommand, Said } from './define-command.ts';
import { createHelp } from './help.ts';
import { createNextPage } from './next-page.ts';
import { createOpenNumber, isBareNumber } from './open-number.ts';
import { bare, halfWidth, placeholdersOf, readRest, takesNumber } from './said.ts';
import { simplified } from './simplified.ts';
import { createSmallTalk } from './small-talk.ts';
import { createToday, type TodaySource } from './today.ts';
import { createUndo } from './undo.ts';

/** An entry of the account's menu; `key` is the command's id. */
export type MenuEntry = { group: string; name: string; key: string };

/** For whom a text is understood: what they may use, and the kind of the list they were shown last. */
export type Hearer = { may(command: AnyCommand): boolean; shown: string | null };

/** Every command there is, and how to find one by what was said. */
export type Registry = {
  commands: readonly AnyCommand[];
  byId(id: string): AnyCommand | undefined;
  /**
   * The command a text asks for, by its word (also without a blank, or behind what it is about: `1 抢`) or its own
   * pattern; null where none does. Of several with one word the first the hearer may use, else the first.
   */
  find(text: string, hearer?: Hearer): { command: AnyCommand; said: Said } | null;
  menu: readonly MenuEntry[];
  /** First words, in the order of the commands: for hints and the sandbox's buttons. */
  words: readonly string[];
};

const ANYBODY: Hearer = { may: () => true, shown: null };

/**
 * Collects the commands of all features and adds the chat's own: 今天, 下一页, 撤销, 确认, 帮助, a bare number, small talk.
 * Commands that share a word stand in the order in which they are meant.
 * @param today what each feature says of somebody's day
 * @throws Error when two share an id, or a menu entry needs arguments: the service must not start so
 */
export function createRegistry(features: readonly AnyCommand[], today: readonly TodaySource[] = []): Registry {
  const commands = [
    ...features,
    createToday(today),
    createNextPage(),
    createUndo(() => registry),
    createConfirm(() => registry),
    createHelp(() => registry),
    createOpenNumber(() => registry),
    createSmallTalk(today),
  ];
  const byId = new Map<string, AnyCommand>();
  const byWord = new Map<string, AnyCommand[]>();
  for (const command of commands) {
    if (byId.has(command.id)) throw new Error(`two commands have the id ${command.id}`);
    byId.set(command.id, command);
    for (const word of new Set(command.words.map(plainWord))) byWord.set(word, [...(byWord.get(word) ?? []), command]);
    if (command.menu && placeholdersOf(command).some(({ optional }) => !optional))
      throw new Error(`the command ${command.id} is in the menu but needs arguments: ${command.usage}`);
  }
  // The longest first, so that 我的客户 is not taken for 我的.
  const words = [...byWord].sort(([a], [b]) => b.length - a.length);

  function findByWord(text: string, { may }: Hearer) {
    const plain = plainWord(text);
    for (const [word, sharing] of words) {
      if (!plain.startsWith(word)) continue;
      const meant = sharing.filter((command) => mayEndAt(word, plain.charAt(word.length), command));
      const command = meant.find(may) ?? meant[0];
      if (command) return { command, said: readRest(command, text.slice(0, word.length), text.slice(word.length)) };
    }
    return null;
  }

  /** 1 抢, 王小雨 跟进 约了周五: what it is about stands before the act. */
  function findBehind(text: string, { may }: Hearer) {
    const [, about = '', act = '', rest = ''] = BEHIND.exec(halfWidth(text)) ?? [];
    const command = byWord.get(plainWord(act))?.find((one) => takesNumber(one) && may(one));
    if (!command || about === '') return null;
    const written = rest === '' ? '' : text.slice(text.length - rest.length);
    return { command, said: readRest(command, act, `${about} ${written}`) };
  }

  /** A bare number opens that entry of the list shown last. */
  function findByNumber(text: string, { may, shown }: Hearer) {
    if (shown === null || !isBareNumber(text)) return null;
    const opener = commands.find(({ numbers }) => numbers?.opens && numbers.of.includes(shown));
    return opener && may(opener) ? { command: opener, said: readRest(opener, '', text) } : null;
  }

  function findByPattern(text: string, { may, shown }: Hearer) {
    for (const command of commands) {
      if (!may(command)) continue;
      const said = command.match?.(text, shown);
      if (said) return { command, said };
    }
    return null;
  }

  function find(text: string, hearer: Hearer = ANYBODY) {
    const written = bare(text);
    const plain = () => inSimplified(findByWord(simplified(written), hearer), written);
    return (
      findByWord(written, hearer) ??
      plain() ??
      findBehind(written, hearer) ??
      findByNumber(written, hearer) ??
      findByPattern(written, hearer)
    );
  }

  const registry: Registry = {
    commands,
    byId: (id) => byId.get(id),
    find,
    menu: commands.flatMap(({ id, menu }) => (menu ? [{ ...menu, key: id }] : [])),
    words: commands.filter(({ unlisted }) => !unlisted).map(({ words: [first] }) => first),
  };
  return registry;
}

const BEHIND =
  /^((?:第?\d{1,3}[号个位]?(?:\s*[、,，和]\s*\d{1,3}[号个位]?)*)|\p{Script=Han}{2,6})\s+(\p{Script=Han}{1,4})(?:[\s：:]+(.*))?$/su;

/** The word was written in traditional characters: the reading is the same, what is kept of the text is as written. */
function inSimplified(found: { command: AnyCommand; said: Said } | null, written: string) {
  if (!found) return null;
  const { command, said } = found;
  const { rest, args } = readRest(command, said.word, written.slice(said.word.length));
  return { command, said: { ...said, rest, args } };
}

function plainWord(text: string): string {
  return halfWidth(text).toLowerCase();
}

/**
 * Whether a word may end before this sign. 会议室明天 and 抢1 are meant so; an English alias ends only before something
 * that is no letter, and a word of one sign (抢) not inside a longer Chinese word (抢单, 抢课) but before 第: 抢第一个.
 */
function mayEndAt(word: string, next: string, command: AnyCommand): boolean {
  if (!/\p{L}/u.test(next)) return true;
  if (/[a-z]$/.test(word)) return !/[a-z]/.test(next);
  if (/[a-z]/.test(next)) return true;
  if (next === '第' && takesNumber(command)) return true;
  return word.length > 1 && placeholdersOf(command).length > 0;
}
