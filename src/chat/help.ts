import { z } from 'zod';
import { may } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { sayUnknown } from './nearest.ts';
import type { Registry } from './registry.ts';
import { type Line, type Reply, reply, type Tap, tap } from './reply.ts';
import { placeholdersOf, takesNumber } from './said.ts';

/** What the features' commands stand under, by the first part of their ids, in this order. */
const GROUPS: Readonly<Record<string, string>> = {
  customers: '客户',
  assignment: '客户',
  rooms: '会议室',
  teaching: '上课',
  enrolment: '报名',
  knowledge: '答疑',
  people: '我',
  chat: '其他',
};
const MOST_CHARACTERS = 600;
const MOST_LINES = 8;

/** Whether somebody may use a command. */
export function mayUse(actor: Actor, { permission }: Pick<AnyCommand, 'permission'>): boolean {
  return permission === null || may(actor, permission);
}

/** The commands somebody may use and is told of. */
export function commandsFor(actor: Actor, commands: readonly AnyCommand[]): AnyCommand[] {
  return commands.filter((command) => !command.unlisted && mayUse(actor, command));
}

/** 帮助: the commands this person may use, by what they are about; 帮助 抢 tells of one. */
export function createHelp(registry: () => Registry): AnyCommand {
  return defineCommand({
    id: 'chat.help',
    words: ['帮助', '菜单', 'help', '?'],
    usage: '帮助 [词]',
    does: '看能用的说法',
    permission: null,
    input: z.object({ about: z.string() }),
    read: ({ args }) => ({ about: args.join(' ') }),
    run: async ({ actor }, { about }): Promise<Reply> => {
      const mine = commandsFor(actor, registry().commands);
      if (about === '') return sayAll(mine);
      const found = registry().find(about, { may: (command) => mayUse(actor, command), shown: null })?.command;
      return found && mine.includes(found) ? sayOne(found) : sayUnknown(about, mine);
    },
    reply: (help) => help,
  });
}

function sayAll(commands: readonly AnyCommand[]): Reply {
  const titles = [...new Set([...Object.values(GROUPS), ...commands.map(groupOf)])];
  const groups = titles
    .map((title) => ({ title, inGroup: commands.filter((command) => groupOf(command) === title) }))
    .filter(({ inGroup }) => inGroup.length > 0);
  const lines = groups.slice(0, MOST_LINES - 1).map(({ title, inGroup }) => lineOf(title, inGroup));
  const numbers = commands.some(takesNumber) ? 'N 是列表里的编号。' : '';
  const [example = '帮助'] = (commands.find(needsMore) ?? commands[0])?.words ?? [];
  return reply(...withinLimit(lines), [`${numbers}想知道某个词怎么用，回复「帮助 ${example}」这样`]);
}

function groupOf({ id, menu }: AnyCommand): string {
  return GROUPS[id.split('.')[0] ?? ''] ?? menu?.group ?? '其他';
}

function lineOf(title: string, commands: readonly AnyCommand[]): (string | Tap)[] {
  return [`${title}：`, ...commands.flatMap((command, index) => [...(index > 0 ? [' · '] : []), wordOf(command)])];
}

function needsMore(command: AnyCommand): boolean {
  return placeholdersOf(command).some(({ optional }) => !optional);
}

/** What needs nothing more can be tapped; optional arguments are told by 帮助 and the word. */
function wordOf(command: AnyCommand): string | Tap {
  return needsMore(command) ? command.usage.replace(/\s*\[[^\]]*\]/g, '') : tap(command.words[0]);
}

/** Long lines lose their last words first; 帮助 never is longer than a message. */
function withinLimit(lines: readonly (string | Tap)[][]): Line[] {
  const size = (line: readonly (string | Tap)[]) =>
    line.reduce((sum, part) => sum + (typeof part === 'string' ? part : part.label).length, 0);
  const share = Math.floor((MOST_CHARACTERS - 60) / Math.max(lines.length, 1));
  return lines.map((line) => {
    let kept = line;
    while (size(kept) > share && kept.length > 3) kept = kept.slice(0, -2);
    return kept.length < line.length ? [...kept, ' …'] : kept;
  });
}

function sayOne(command: AnyCommand): Reply {
  const [word, ...aliases] = command.words;
  return reply(
    `${command.usage}：${command.does}`,
    aliases.length > 0 && `也可以说 ${aliases.join('、')}`,
    !needsMore(command) && ['现在就用：', tap(word)],
  );
}
