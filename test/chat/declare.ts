import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../src/chat/define-command.ts';
import { reply } from '../../src/chat/reply.ts';

/** A command that does nothing, for tests of finding and wording. */
export function aCommand(usage: string, more: Partial<AnyCommand> & { aliases?: readonly string[] } = {}): AnyCommand {
  const { aliases = [], ...rest } = more;
  const [word = ''] = usage.split(' ');
  return {
    ...defineCommand({
      id: `test.${word}`,
      words: [word, ...aliases],
      usage,
      does: `做${word}`,
      permission: null,
      input: z.object({}),
      read: () => ({}),
      run: async () => undefined,
      reply: () => reply(word),
    }),
    ...rest,
  };
}
