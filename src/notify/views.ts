import { type NoticeData, type NoticeKind, TEMPLATE_KINDS } from '../kernel/notice.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import { firstContact, several, wordNotice } from './phrases.ts';

/** The kinds a template message can be mapped to. */
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** What a notice offers to the fields of a template, by name. */
export type Values = Readonly<Record<string, string>>;

/** How the values are called on the page where fields are mapped, and which labels of a template mean them. */
export const VALUE_TITLES: Readonly<Record<string, string>> = {
  customer: '客户',
  course: '课程',
  source: '来源',
  at: '时间',
  count: '客户数',
  until: '截止',
  reason: '原因',
  by: '谁做的',
  room: '会议室',
  day: '日期',
  time: '时段',
  cohort: '班级',
  lesson: '课节',
  score: '成绩',
  question: '问题',
  note: '说明',
  title: '一句话',
  moment: '通知时间',
};

type Views = { [K in TemplateKind]: (data: NoticeData[K]) => Values };

const VIEWS: Views = {
  assigned: (d) => ({
    customer: d.customer,
    course: d.course,
    source: d.source,
    at: d.at,
    note: firstContact(d.noContactDays),
  }),
  aboutToDrop: (d) => ({ count: String(d.count), until: d.until, note: '回复「快掉了」看名单' }),
  dropped: (d) => ({ customer: d.customer, reason: d.reason, count: String(d.count), note: '别的同事可以抢了' }),
  claimed: (d) => ({ customer: d.customer, by: d.by, note: '已由同事接手' }),
  duplicate: (d) => ({
    customer: several(d.customer, d.count),
    by: d.by,
    count: String(d.count ?? 1),
    note: '客户又来咨询，尽快联系',
  }),
  bookingMade: (d) => ({ room: d.room, day: d.day, time: d.time, note: '候补到了，归你了' }),
  bookingCancelled: (d) => ({
    room: d.room,
    day: d.day,
    time: d.time,
    by: d.by,
    note: d.closed ? '会议室停用了，换一间再订' : '需要的话再订一间',
  }),
  bookingSoon: (d) => ({ room: d.room, day: d.day, time: d.time, note: '用不上就回复「取消」' }),
  lessonToday: (d) => ({ cohort: d.cohort, lesson: d.lesson, day: d.day, note: '点开就能点名' }),
  homeworkGraded: (d) => ({ cohort: d.cohort, lesson: d.lesson, score: d.score, note: '点开看批改' }),
  enrolmentSubmitted: (d) => ({ customer: d.customer, cohort: d.cohort, note: '等你审核' }),
  enrolmentApproved: (d) => ({ customer: d.customer, cohort: d.cohort, note: '报名通过' }),
  enrolmentRejected: (d) => ({ customer: d.customer, cohort: d.cohort, reason: d.reason, note: '改好再交一次' }),
  questionAnswered: (d) => ({ question: d.question, note: '点开看老师的回答' }),
};

type StandIns = { [K in NoticeKind]?: (data: NoticeData[K]) => { kind: TemplateKind; values: Values } };

/** Kinds without a template of their own borrow the nearest one, so that they reach people whose window is closed. */
const STAND_INS: StandIns = {
  pooled: (d) => ({
    kind: 'dropped',
    values: {
      customer: d.customer ? several(d.customer, d.count) : `${d.count} 位客户`,
      reason: '新进公海',
      count: String(d.count),
      note: '回复「公海」看看，先到先得',
    },
  }),
  transferred: (d) => ({
    kind: 'assigned',
    values: {
      customer: several(d.customer, d.count),
      course: d.course || '还没问课程',
      source: d.source ?? '同事转来',
      at: '',
      note: `${d.from}转来，${firstContact(d.noContactDays)}`,
    },
  }),
  nextContact: (d) => ({
    kind: 'aboutToDrop',
    values: { count: String(d.count), until: '今天 23:59', note: '约好今天联系的客户' },
  }),
  importDone: (d) => ({
    kind: 'assigned',
    values: {
      customer: `${d.saved} 位新客户`,
      course: '见导入结果',
      source: '批量导入',
      at: '',
      note: `重复 ${d.duplicates} · 没通过 ${d.failed}`,
    },
  }),
  checkInDiffers: (d) => ({
    kind: 'lessonToday',
    values: { cohort: d.cohort, lesson: d.lesson, day: d.day, note: `${d.names.length} 人签到和点名不一致` },
  }),
  checkInShared: (d) => ({
    kind: 'lessonToday',
    values: { cohort: d.cohort, lesson: d.lesson, day: d.day, note: `${d.count} 人用同一部手机签到` },
  }),
  rollCallMissing: (d) => ({
    kind: 'lessonToday',
    values: { cohort: d.cohort, lesson: d.lesson, day: d.day, note: '还没点名，点开补上' },
  }),
  handedInLate: (d) => ({
    kind: 'lessonToday',
    values: { cohort: d.cohort, lesson: d.lesson, day: d.day, note: `${d.student}批改后补交了作业` },
  }),
};

/** Which template's mapping a notice goes by, and its values; null where only words will do. */
export function viewOf<K extends NoticeKind>(
  kind: K,
  data: NoticeData[K],
  { createdAt, time }: { createdAt: Date; time: Pick<SchoolTime, 'dayOf' | 'format'> },
): { kind: TemplateKind; values: Values } | null {
  const own = isTemplateKind(kind) ? { kind, values: VIEWS[kind](data as never) } : (STAND_INS[kind]?.(data) ?? null);
  if (!own) return null;
  const moment = `${time.dayOf(createdAt)} ${time.format(createdAt).slice(-5)}`;
  const common = { title: wordNotice(kind, data).first, moment };
  return { kind: own.kind, values: { ...common, ...own.values, ...(own.values.at === '' && { at: moment }) } };
}

export function isTemplateKind(kind: string): kind is TemplateKind {
  return (TEMPLATE_KINDS as readonly string[]).includes(kind);
}

/** A notice of each kind, for checking a mapping's fields and for its picture on the page. */
export const SAMPLES: { readonly [K in TemplateKind]: NoticeData[K] } = {
  assigned: { customer: '王小雨', course: 'Python全栈', source: '百度推广', at: '11-21 14:30', noContactDays: 3 },
  aboutToDrop: { count: 3, lines: ['1 王小雨', '2 李明', '3 赵敏'], until: '明早 2 点' },
  dropped: { customer: '王小雨', reason: '三天未跟进', count: 1 },
  claimed: { customer: '王小雨', by: '李娜' },
  duplicate: { customer: '王小雨', by: '李娜' },
  bookingMade: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–12:00' },
  bookingCancelled: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–12:00', by: '管理员' },
  bookingSoon: { room: '夏威夷', day: '今天', time: '10:00–12:00' },
  lessonToday: { cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天' },
  homeworkGraded: { cohort: 'Python全栈(9期)', lesson: '第 3 节', score: 'B+' },
  enrolmentSubmitted: { customer: '王小雨', cohort: 'Python全栈(9期)' },
  enrolmentApproved: { customer: '王小雨', cohort: 'Python全栈(9期)' },
  enrolmentRejected: { customer: '王小雨', cohort: 'Python全栈(9期)', reason: '证件照不清楚' },
  questionAnswered: { question: '列表和元组有什么区别' },
};
