import { z } from 'zod';
import { may } from '../access/access.ts';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { readNumbers } from './numbers.ts';
import { refuse } from './phrases.ts';
import type { Registry } from './registry.ts';
import { type Reply, reply } from './reply.ts';

const MOST_OFFERED = 3;

/**
 * A bare number: opens that entry of the list shown last, by the command that opens its kind (`registry.ts` finds that
 * one). Here it arrives where nothing opens the kind, or no list is valid: it says what can be done. It never acts.
 */
export function createOpenNumber(registry: () => Pick<Registry, 'commands'>): AnyCommand {
  return defineCommand({
    id: 'chat.number',
    words: ['编号'],
    usage: '编号 N',
    does: '打开列表里的第 N 个',
    permission: null,
    unlisted: true,
    match: (text) => (isBareNumber(text) ? { word: '', rest: text, args: [text] } : null),
    input: z.object({ kind: z.string(), n: z.number() }),
    read: ({ args: [n] }, talk) => {
      talk.nth(n, { which: '哪一个' });
      return { kind: talk.list()?.kind ?? '', n: readNumbers(n ?? '')?.numbers[0] ?? 1 };
    },
    run: async ({ actor }, { kind, n }): Promise<Reply> => {
      const acts = registry()
        .commands.filter(
          ({ numbers, permission }) => numbers?.of.includes(kind) && (!permission || may(actor, permission)),
        )
        .slice(0, MOST_OFFERED)
        .map(({ words: [word] }) => `「${word} ${n}」`);
      if (acts.length === 0)
        throw refuse.no_such_number({ why: `${n} 号要做什么？说全一点，比如先回复「帮助」看能做的` });
      return reply(`${n} 号要做什么？回复${acts.join('或')}`);
    },
    reply: (said) => said,
  });
}

/** Whether a text is a number of a list, or several, and nothing else. */
export function isBareNumber(text: string): boolean {
  const read = readNumbers(text);
  return read !== null && read.rest === '' && /\d|第/.test(text);
}
