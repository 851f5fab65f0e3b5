import { z } from 'zod';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { readNumeral } from './numerals.ts';
import { refuse } from './phrases.ts';
import { reply } from './reply.ts';
import { halfWidth } from './said.ts';

const PageQuery = z.object({ command: z.string(), args: z.record(z.string(), z.unknown()), page: z.number().int() });

/** 第2页, 第三页, 上一页 */
const PAGE = /^(?:看|翻到)?第\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*页$/;
const BACK = /^(?:上一页|前一页|上页)$/;

/** 下一页, 第2页, 上一页: the command that made the list shown last again, on another page. */
export function createNextPage(): AnyCommand {
  return defineCommand({
    id: 'chat.next',
    words: ['下一页', '更多', '下页', 'next', 'more'],
    usage: '下一页',
    does: '接着看刚才的列表，「第2页」直接翻到',
    permission: null,
    match: (text) => (PAGE.test(halfWidth(text)) || BACK.test(text) ? { word: '', rest: text, args: [] } : null),
    input: z.object({ to: z.number().int().nullable(), back: z.boolean() }),
    read: ({ rest }) => ({
      to: readNumeral(PAGE.exec(halfWidth(rest))?.[1] ?? ''),
      back: BACK.test(rest),
    }),
    repeats: (talk, { to, back }) => {
      const { data } = PageQuery.safeParse(talk.list()?.query);
      if (!data) throw refuse.no_next_page();
      const page = to ?? data.page + (back ? -1 : 1);
      if (page < 1) throw refuse.first_page();
      // Behind whom the next page begins is known of the next one only; another page is counted off.
      const args = page === data.page + 1 ? data.args : { ...data.args, after: null };
      return { command: data.command, input: { ...args, page } };
    },
    run: async () => undefined,
    reply: () => reply(),
  });
}
