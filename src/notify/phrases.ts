import { defineRefusals } from '../kernel/refusal.ts';

export const refuse = defineRefusals({
  nothing_to_resend: { status: 409, say: () => '这些通知都不用再发：没发出去的才可以' },
  unknown_template: { status: 422, say: () => '这个模板不在公众号里了，先点「从公众号同步」' },
  sync_failed: { status: 409, say: (p: { why: string }) => `公众号没有给出模板：${p.why}` },
});

export const CHANNEL_TITLES: Readonly<Record<string, string>> = {
  wechat: '微信',
  email: '邮件',
  sms: '短信',
  digest: '合并发出',
  held: '夜里留着',
  demo: '演示数据',
  resend: '再发一次',
};

export const STATE_TITLES = {
  queued: '等待发送',
  sending: '发送中',
  sent: '已发出',
  dead: '没发出去',
  unreachable: '联系不上',
} as const;

export const TEMPLATE_TEXT = {
  notMapped: '这类通知还没有对应的模板',
  stopped: (until: string) => `模板被平台停用，${until} 后再试`,
  paused: (until: string) => `微信接口暂停到 ${until}`,
  noFields: '模板的字段还没有对应',
  syncing: '正在从公众号取模板',
  misfit: (field: string, why: string) => `字段 ${field}：${why}`,
} as const;

export const UNAVAILABLE = {
  notBound: '没有绑定微信',
  notFollowing: '没有关注公众号',
  optedOut: '关掉了公众号的通知',
  windowClosed: '48 小时内没有来过消息',
  noEmail: '没有邮箱',
  noPhone: '没有手机号',
} as const;
