import { defineRefusals } from '../../kernel/refusal.ts';

/** What answers to numbers are refused with. */
export const refuse = defineRefusals({
  no_rescue_list: {
    status: 404,
    say: ({ number, note }: { number: number; note: string }) =>
      `现在没有「快掉了」的编号（只到当晚筛选前有效）。回复「快掉了」看名单；给别的客户记跟进写成「跟进 ${number} ${note || '内容'}」这样`,
  },
  nothing_said: {
    status: 422,
    say: ({ number }: { number: number }) => `${number} 号聊了什么？写成「${number} 已约周五试听」这样就记下`,
  },
});
