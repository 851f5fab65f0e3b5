import { defineRefusals } from '../kernel/refusal.ts';

/** What the assignment refuses. */
export const refuse = defineRefusals({
  no_such_word: {
    status: 422,
    say: (p: { said: string; near: readonly string[]; sources: readonly string[] }) =>
      p.near.length > 0
        ? `没看懂「${p.said}」，是不是${p.near.join('、')}？没有录入`
        : `「${p.said}」不是课程也不是来源，没有录入。来源可以写：${p.sources.join('、')}`,
  },
  no_such_number: {
    status: 422,
    say: (p: { said: string }) => `「${p.said}」不像 QQ 也不像手机，没有录入。QQ 是 5 到 12 位数字`,
  },
  two_contacts: {
    status: 422,
    say: (p: { first: string; second: string }) =>
      `写了两个同一种联系方式：${p.first} 和 ${p.second}，没有录入。留一个，另一个录入后记在跟进里`,
  },
  already_ranked: { status: 409, say: (p: { name: string }) => `${p.name}已经有销售权重了，直接改那一条` },
  not_a_consultant: { status: 422, say: () => '只有在职的课程顾问能排进轮转，换一位，或先给这位开通课程顾问角色' },
  no_such_rank: { status: 404, say: () => '没有找到这条销售权重，可能已被删除' },
  not_understood: {
    status: 422,
    say: (p: { said: string; near: readonly string[] }) =>
      `没看懂「${p.said}」${p.near.length > 0 ? `，是不是${p.near.join('、')}` : '，它不是 QQ、手机、来源，也不是在开的课程'}`,
  },
  no_reason_yet: { status: 404, say: (p: { name: string }) => `${p.name}现在在公海里，没有分给谁` },
});
