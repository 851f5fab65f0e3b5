import { defineRefusals } from '../../kernel/refusal.ts';

/** What answers to numbers are refused with. */
export const refuse = defineRefusals({
  no_rescue_list: {
    status: 404,
    say: ({ number, note }: { number: number; note: string }) =>
      `这个编号现在没有列表。回复「快掉了」或「我的客户」列出来，再说「${number} ${note || '内容'}」`,
  },
  name_numbers: {
    status: 422,
    say: ({ note }: { note: string }) => `记给哪几位？写上编号，比如「1、2 ${note}」`,
  },
  nothing_said: {
    status: 422,
    say: ({ number }: { number: number }) => `${number} 号聊了什么？写成「${number} 已约周五试听」这样就记下`,
  },
});
