import { defineRefusals } from '../kernel/refusal.ts';

export const refuse = defineRefusals({
  wrong_credentials: { status: 401, say: () => '用户名或密码不对' },
  wrong_password: { status: 422, say: () => '原来的密码不对' },
  username_taken: { status: 409, say: (p: { username: string }) => `用户名 ${p.username} 已经有人用了，换一个` },
  is_oneself: { status: 409, say: () => '不能停用自己，请另一位管理员来做' },
  last_administrator: { status: 409, say: () => '这是最后一位管理员，先让另一位成为管理员' },
  not_bound: { status: 409, say: () => '还没有绑定微信，不用解绑' },
  code_unavailable: { status: 409, say: () => '微信暂时没有给出二维码，过一会儿再试' },
  no_such_role: { status: 422, say: () => '有一个角色不存在，重新选一下' },
  department_in_use: { status: 409, say: (p: { count: number }) => `这个部门还有 ${p.count} 位员工，先把他们调走` },
  department_known: { status: 409, say: (p: { code: number }) => `编号 ${p.code} 已经有部门了` },
});

/** Why a scan did not bind, for the page of who asked for the code. */
export const refusedBinding = {
  somebodyElses: '扫码的微信已经绑定了另一个人。请用你自己的微信扫，或者先在那个账号里解绑',
  inactive: '你的账号已经停用，请找管理员',
} as const;

/** What the scanning phone is told. */
export const said = {
  bound: (name: string) => [`绑好了，${name}。`, '以后在这里回复就能办事，回复「帮助」看看能做什么'],
  boundAlready: (name: string) => [`${name}，你已经绑定过这个微信，不用再扫。`, '回复「帮助」看看能做什么'],
  somebodyElses: () => ['这个微信已经绑定了另一个账号，没有改动。', '要换绑的话，先在原来的账号里解绑，再重新扫码'],
  expired: () => ['这个二维码过期了。请在电脑上的「绑定微信」里换一个新的再扫'],
  used: () => ['这个二维码已经用过了。要再绑定，请在电脑上的「绑定微信」里换一个新的'],
  unknown: () => ['这不是校信的绑定二维码。请在电脑上登录校信，打开「绑定微信」再扫'],
  inactive: () => ['这个账号已经停用，没有绑定。请找管理员'],
  welcome: () => ['你好，这里是校信。', '请在电脑上登录校信，打开「绑定微信」，用这个微信扫码，就能在这里办事'],
  welcomeBack: (name: string) => [`欢迎回来，${name}。回复「帮助」看看能做什么`],
} as const;
