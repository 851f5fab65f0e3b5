import { z } from 'zod';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { refuse } from './phrases.ts';
import { reply } from './reply.ts';

const PageQuery = z.object({ command: z.string(), args: z.record(z.string(), z.unknown()), page: z.number().int() });

/** 下一页: the command that made the person's last list again, one page on. */
export function createNextPage(): AnyCommand {
  return defineCommand({
    id: 'chat.next',
    words: ['下一页', '更多', 'next', 'more'],
    usage: '下一页',
    does: '接着看刚才的列表',
    permission: null,
    input: z.object({}),
    read: () => ({}),
    repeats: (talk) => {
      const { data } = PageQuery.safeParse(talk.list()?.query);
      if (!data) throw refuse.no_next_page();
      return { command: data.command, input: { ...data.args, page: data.page + 1 } };
    },
    run: async () => undefined,
    reply: () => reply(),
  });
}
