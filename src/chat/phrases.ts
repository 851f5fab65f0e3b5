import type { ZodError } from 'zod';
import { defineRefusals } from '../kernel/refusal.ts';
import { type Reply, reply } from './reply.ts';

/** What the chat itself refuses. */
export const refuse = defineRefusals({
  no_such_number: { status: 404, say: (p: { why: string }) => p.why },
  no_next_page: { status: 404, say: () => '没有可以接着看的列表，先列出来再翻，回复「帮助」看能列什么' },
  one_number: {
    status: 422,
    say: (p: { word: string; first: number }) => `「${p.word}」一次说一个编号，回复「${p.word} ${p.first}」这样`,
  },
  not_yours: {
    status: 403,
    say: (p: { word: string; instead: readonly string[] }) =>
      `你用不了「${p.word}」${p.instead.length > 0 ? `，可以说${p.instead.map((word) => `「${word}」`).join('')}` : ''}`,
  },
  left_over: {
    status: 422,
    say: (p: { left: string; usage: string }) => `没看懂「${p.left}」，先什么都没动。写成「${p.usage}」这样`,
  },
  is_it_meant: {
    status: 422,
    say: (p: { said: string }) => `不确定是在问还是要做，先什么都没动。要做就不带问号再说一遍：「${p.said}」`,
  },
  nothing_to_confirm: { status: 404, say: () => '没有等着确认的事' },
  confirmation_expired: { status: 409, say: () => '过了十分钟，要做就重新说一遍' },
  cannot_undo: { status: 409, say: (p: { word: string }) => `「${p.word}」撤不回来，确认前说过。要改请找管理员` },
  first_page: { status: 404, say: () => '已经是第一页了' },
  last_page: { status: 404, say: () => '已经到底了，后面没有了' },
  ambiguous_name: {
    status: 409,
    say: (p: { said: string; names: readonly string[]; count: number }) =>
      `「${p.said}」有 ${p.count} 个：${p.names.join('、')}${p.count > p.names.length ? '…' : ''}，写全一点`,
  },
  no_such_name: {
    status: 404,
    say: (p: { said: string; what: string; near: readonly string[]; otherwise?: string | undefined }) => {
      const then = p.near.length > 0 ? `是不是${p.near.join('、')}` : p.otherwise;
      return `没有找到${p.what}「${p.said}」${then ? `，${then}` : ''}`;
    },
  },
  nothing_to_undo: { status: 404, say: () => '最近十分钟里没有可以撤销的改动' },
  no_such_undo: { status: 404, say: (p: { code: string }) => `没有找到撤销码 ${p.code}，看看回执最后一行写的是什么` },
  undo_used: { status: 409, say: (p: { code: string }) => `${p.code} 那次已经撤销过了` },
  undo_expired: { status: 409, say: (p: { code: string }) => `${p.code} 过了十分钟，撤不回来了` },
  changed_since: {
    status: 409,
    say: (p: { what?: string }) => `${p.what ?? '这条记录'}后来又有改动，撤不回来了，需要的话直接改回去`,
  },
});

/** To somebody no person is bound to. */
export function sayStranger(): Reply {
  return reply('还不认识你。请在电脑上登录校信，打开「绑定微信」，用这个微信扫码');
}

/** Where something of ours failed; the reference leads to the log. */
export function sayFailed(ref: string): Reply {
  return reply(`这次没办成，什么都没有改动。过一会儿再发一次，还不行就把编号 ${ref} 告诉管理员`);
}

/** To something without words: a picture, a voice message. */
export function sayWordless(): Reply {
  return reply('这里只看得懂文字。回复「帮助」看看能做什么');
}

/** What does not fit in what was said: the first problem, then how to say it. Zod's own English is not passed on. */
export function sayProblem({ issues: [first] }: ZodError, usage: string): Reply {
  const problem = first && /\p{Script=Han}/u.test(first.message) ? first.message : '有个地方没看懂';
  return reply(`${problem.replace(/[。；，]$/, '')}。写成「${usage}」这样`);
}
