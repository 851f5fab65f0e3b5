import { z } from 'zod';
import type {
  AssignmentOrigin,
  AssignmentState,
  CustomerStatus,
  Education,
  Experience,
  Gender,
  PoolReason,
  Source,
  WorkStatus,
} from '../generated/prisma/client.ts';

/** Choice lists: ids as stored and in JSON, with the labels people read and write, in the order they are offered. */
export const GENDERS = { male: '男', female: '女' } as const satisfies Record<Gender, string>;

export const EDUCATIONS = {
  keyUniversity: '重点大学',
  regularUniversity: '普通本科',
  independentCollege: '独立院校',
  privateUniversity: '民办本科',
  juniorCollege: '大专',
  privateCollege: '民办专科',
  highSchool: '高中',
  other: '其他',
} as const satisfies Record<Education, string>;

export const EXPERIENCES = {
  inSchool: '在校生',
  freshGraduate: '应届毕业',
  underHalfYear: '半年以内',
  halfToOneYear: '半年至一年',
  oneToThreeYears: '一年至三年',
  threeToFiveYears: '三年至五年',
  overFiveYears: '五年以上',
} as const satisfies Record<Experience, string>;

export const WORK_STATUSES = { employed: '在职', unemployed: '无业' } as const satisfies Record<WorkStatus, string>;

export const SOURCES = {
  qqGroup: 'qq群',
  internalReferral: '内部转介绍',
  website: '官方网站',
  baidu: '百度推广',
  so360: '360推广',
  sogou: '搜狗推广',
  tencentClass: '腾讯课堂',
  guangdiantong: '广点通',
  campusTalk: '高校宣讲',
  channelAgent: '渠道代理',
  cto51: '51cto',
  zhihuitui: '智汇推',
  adNetwork: '网盟',
  dsp: 'DSP',
  seo: 'SEO',
  douyin: '抖音',
  xiaohongshu: '小红书',
  shipinhao: '视频号',
  ditui: '地推',
  officialAccount: '公众号咨询',
  other: '其它',
} as const satisfies Record<Source, string>;

export const STATUSES = { notEnrolled: '未报名', enrolled: '已报名' } as const satisfies Record<CustomerStatus, string>;

export const POOL_REASONS = {
  noContact: '三天未跟进',
  noDeal: '十五天未成单',
  released: '已释放',
  unassigned: '未分配',
} as const satisfies Record<PoolReason, string>;

export const ASSIGNMENT_STATES = {
  following: '正在跟进',
  lostNoContact: '三天未跟进',
  lostNoDeal: '十五天未成单',
  released: '已释放',
  transferred: '已转出',
  won: '已成单',
  undone: '已撤销',
} as const satisfies Record<AssignmentState, string>;

export const ORIGINS = {
  entered: '自己录入',
  assigned: '自动分配',
  claimed: '抢单',
  transferred: '转入',
} as const satisfies Record<AssignmentOrigin, string>;

/**
 * One of a choice list, given by its id or its Chinese label; capitals and blanks do not matter (seo, QQ群).
 * @param what how the list is called in the sentence for anything else
 */
export function choice<const C extends Readonly<Record<string, string>>>(choices: C, what: string) {
  const ids = new Map(
    Object.entries(choices).flatMap(([id, label]) => [
      [plain(id), id],
      [plain(label), id],
    ]),
  );
  const labels = Object.values(choices);
  const offered = labels.length > 6 ? `${labels.slice(0, 5).join('、')}…` : labels.join('、');
  const sentence = `${what}没有这一项，可以选${offered}`;
  return z.string({ error: sentence }).transform((text, context): keyof C & string => {
    const id = ids.get(plain(text));
    if (id !== undefined) return id;
    context.addIssue({ code: 'custom', message: sentence });
    return z.NEVER;
  });
}

/** The id behind a word that may be a label, its id or the only label it begins; null for anything else. */
export function findChoice<C extends Readonly<Record<string, string>>>(
  choices: C,
  said: string,
): (keyof C & string) | null {
  const wanted = plain(said);
  const entries = Object.entries(choices);
  const exact = entries.find(([id, label]) => plain(label) === wanted || plain(id) === wanted);
  if (exact) return exact[0];
  const begins = wanted.length > 1 ? entries.filter(([, label]) => plain(label).startsWith(wanted)) : [];
  return begins.length === 1 ? (begins[0]?.[0] ?? null) : null;
}

function plain(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
