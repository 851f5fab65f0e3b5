import type { NoticeData, NoticeKind } from '../kernel/notice.ts';
import { defineRefusals } from '../kernel/refusal.ts';
import { sayDays } from '../kernel/school-time.ts';

export const refuse = defineRefusals({
  nothing_to_resend: { status: 409, say: () => '这些通知都不用再发：没发出去的才可以' },
  unknown_template: { status: 422, say: () => '这个模板不在公众号里了，先点「从公众号同步」' },
  sync_failed: { status: 409, say: (p: { why: string }) => `公众号没有给出模板：${p.why}` },
});

/** How a kind is called in lists, and as a mail's subject where its own sentence is longer. */
export const KIND_TITLES: Readonly<Record<NoticeKind, string>> = {
  assigned: '新客户',
  aboutToDrop: '快掉的客户',
  dropped: '客户回到公海',
  pooled: '公海新进',
  claimed: '客户被领走',
  duplicate: '客户又来咨询',
  transferred: '转来客户',
  touched: '客户有改动',
  nextContact: '今天要联系',
  importDone: '导入完成',
  bindReleased: '微信解绑',
  bookingMade: '会议室订好',
  bookingCancelled: '预定取消',
  bookingSoon: '会议室快开始',
  lessonToday: '今天有课',
  checkInDiffers: '签到不一致',
  checkInShared: '一部手机签到多人',
  rollCallMissing: '还没点名',
  handedInLate: '批改后补交',
  homeworkGraded: '作业批好',
  enrolmentSubmitted: '报名待审核',
  enrolmentApproved: '报名通过',
  enrolmentRejected: '报名退回',
  questionAnswered: '问题有回答',
  digest: '夜里的消息',
};

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

/** A notice in words: first what happened, then lines for those who want more, and what its link is called. */
export type Words = { first: string; more: readonly string[]; link: string };

type Wording = { [K in NoticeKind]: (data: NoticeData[K]) => Words };

const words = (first: string, more: readonly (string | false)[], link = '点开看看'): Words => ({
  first,
  more: more.filter((line): line is string => typeof line === 'string' && line !== ''),
  link,
});

/** 王小雨, 王小雨等 3 位; names that are several already stay as they are. */
export const several = (customer: string, count = 1) =>
  count > 1 && !/、|等 \d+ 位/.test(customer) ? `${customer}等 ${count} 位` : customer;
/** The day count is a setting; a notice from before it carried one says no number. */
export const firstContact = (days?: number) => (days ? `${sayDays(days)}内首次联系` : '尽快首次联系');
const dotted = (...parts: string[]) => parts.filter(Boolean).join(' · ');

/** What each kind says in a customer-service message, a mail or a text message. */
const WORDING: Wording = {
  assigned: (d) =>
    words(`新客户：${d.customer}`, [dotted(d.course, d.source, d.at), firstContact(d.noContactDays)], '看客户'),
  aboutToDrop: (d) => words(`${d.count} 位客户快掉了，${d.until}回公海`, d.lines, '看名单'),
  dropped: (d) => words(`${several(d.customer, d.count)}回到公海：${d.reason}`, [], '看我的客户'),
  pooled: (d) => words(`公海新进 ${d.count} 位`, ['回复「公海」看看，先到先得'], '看公海'),
  claimed: (d) => words(`${d.customer} 已由${d.by}接手`, [], '看我的客户'),
  duplicate: (d) =>
    words(`${several(d.customer, d.count)}又来咨询`, [d.by && `${d.by}录入时发现的，尽快联系`], '看客户'),
  transferred: (d) =>
    words(`${d.from}把${several(d.customer, d.count)}转给了你`, [firstContact(d.noContactDays)], '看客户'),
  touched: (d) => words(`${d.by}${d.what}`, [], '看客户'),
  nextContact: (d) =>
    words(
      `今天要联系 ${d.count} 位`,
      [...d.lines, !!d.pooled && `公海新进 ${d.pooled} 位，回复「公海」看看`],
      '看我的客户',
    ),
  importDone: (d) =>
    words(
      `导入完成：${d.fileName}`,
      [dotted(`入库 ${d.saved}`, d.filled ? `补全 ${d.filled}` : '', `重复 ${d.duplicates}`, `没通过 ${d.failed}`)],
      '看结果',
    ),
  bindReleased: (d) => words(`这个微信已和校信解绑`, [`${d.by}操作的，之后的通知不再发到这里`], '看绑定'),
  bookingMade: (d) => words(`订好了：${dotted(d.room, d.day, d.time)}`, ['你候补的空出来了，归你了'], '看会议室'),
  bookingCancelled: (d) =>
    d.closed
      ? words(`${d.room}停用了：你订的 ${dotted(d.day, d.time)} 用不上`, [`${d.by}停用的，换一间再订`], '看会议室')
      : words(`预定取消了：${dotted(d.room, d.day, d.time)}`, [`${d.by}取消的`], '看会议室'),
  bookingSoon: (d) =>
    words(`快开始了：${dotted(d.room, d.day, d.time)}`, ['用不上就回复「取消」，让给别人'], '看会议室'),
  lessonToday: (d) => words(`${d.day}有课：${d.cohort} ${d.lesson}`, [], '去点名'),
  checkInDiffers: (d) => words(`${d.cohort} ${d.lesson}：签到和点名不一致`, [d.names.join('、')], '去核对'),
  checkInShared: (d) =>
    words(
      `${d.cohort} ${d.lesson}：有 ${d.count} 人用同一部手机扫码签到`,
      [...d.groups, '是帮忙扫的还是没来，核对一下'],
      '去核对',
    ),
  rollCallMissing: (d) => words(`${d.cohort} ${d.lesson}还没点名`, [`${d.day}的课，都到了就回复「全到」`], '去点名'),
  handedInLate: (d) =>
    words(`${d.student}批改后补交了作业`, [`${d.cohort} ${d.lesson} · 已给成绩 ${d.score}，看了可以改`], '看作业'),
  homeworkGraded: (d) => words(`作业批好了：${d.cohort} ${d.lesson}`, [`成绩 ${d.score}`], '看批改'),
  enrolmentSubmitted: (d) => words(`${d.customer} 交了报名表，等你审核`, [d.cohort], '去审核'),
  enrolmentApproved: (d) => words(`${d.customer} 报名通过`, [d.cohort], '看报名'),
  enrolmentRejected: (d) => words(`${d.customer} 的报名退回了：${d.reason}`, [d.cohort], '看报名'),
  questionAnswered: (d) => words(`有回答了：${d.question}`, [], '看回答'),
  digest: (d) => words(`夜里有 ${d.count} 条消息`, d.lines, '看看'),
};

/** A notice in words. */
export function wordNotice<K extends NoticeKind>(kind: K, data: NoticeData[K]): Words {
  return WORDING[kind](data);
}

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
