import type { NoticeData, TEMPLATE_KINDS } from '../kernel/notice.ts';

type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/**
 * One line of a template message. `name` is the platform's field (its type and a number), `label` what stands before
 * it; the value comes `from` the notice's data, or is always `say`.
 */
export type TemplateField<K extends TemplateKind> = { name: string; label: string } & (
  | { from: keyof NoticeData[K] & string }
  | { say: string }
);

/** A template the sandbox's account has from the start. */
export type SandboxTemplate<K extends TemplateKind = TemplateKind> = {
  templateId: string;
  title: string;
  fields: readonly TemplateField<K>[];
  /** A value for each field, as the platform's `example` shows them. */
  example: readonly string[];
};

/**
 * The templates of the sandbox's account, one for each kind. The ids look like the platform's (43 characters) and
 * never change, so that a database made by an older version still sends.
 */
export const SANDBOX_TEMPLATES: { readonly [K in TemplateKind]: SandboxTemplate<K> } = {
  assigned: {
    templateId: 'Xa1assignedQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bGx9o',
    title: '客户分配提醒',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '课程', from: 'course' },
      { name: 'thing3', label: '来源', from: 'source' },
      { name: 'time4', label: '时间', from: 'at' },
      { name: 'thing5', label: '说明', say: '三天内首次联系' },
    ],
    example: ['王小雨', 'Python全栈', '百度推广', '2026-11-21 14:30', '三天内首次联系'],
  },
  aboutToDrop: {
    templateId: 'Xa2dropSoonHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4d',
    title: '客户待跟进提醒',
    fields: [
      { name: 'number1', label: '客户数', from: 'count' },
      { name: 'thing2', label: '截止', from: 'until' },
      { name: 'thing3', label: '说明', say: '回复「快掉了」看名单' },
    ],
    example: ['3', '明早 2 点', '回复「快掉了」看名单'],
  },
  dropped: {
    templateId: 'Xa3droppedLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cA',
    title: '客户回到公海通知',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '原因', from: 'reason' },
      { name: 'number3', label: '客户数', from: 'count' },
    ],
    example: ['王小雨', '三天未跟进', '1'],
  },
  claimed: {
    templateId: 'Xa4claimedRvT0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2B',
    title: '客户领取通知',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '领取人', from: 'by' },
    ],
    example: ['王小雨', '李娜'],
  },
  duplicate: {
    templateId: 'Xa5askedAgainYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oC',
    title: '客户再次咨询提醒',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '录入人', from: 'by' },
      { name: 'thing3', label: '说明', say: '客户又来咨询，尽快联系' },
    ],
    example: ['王小雨', '李娜', '客户又来咨询，尽快联系'],
  },
  bookingMade: {
    templateId: 'Xb1bookedJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uDe',
    title: '会议室预定成功通知',
    fields: [
      { name: 'thing1', label: '会议室', from: 'room' },
      { name: 'thing2', label: '日期', from: 'day' },
      { name: 'thing3', label: '时间', from: 'time' },
      { name: 'thing4', label: '备注', say: '候补到了，归你了' },
    ],
    example: ['夏威夷', '明天 11-22 周日', '10:00–12:00', '候补到了，归你了'],
  },
  bookingCancelled: {
    templateId: 'Xb2bookingGoneWn4dHf6uJe3bGx9oQm7Yk2RvT0cLE',
    title: '会议室预定取消通知',
    fields: [
      { name: 'thing1', label: '会议室', from: 'room' },
      { name: 'thing2', label: '日期', from: 'day' },
      { name: 'thing3', label: '时间', from: 'time' },
      { name: 'thing4', label: '取消人', from: 'by' },
    ],
    example: ['夏威夷', '明天 11-22 周日', '10:00–12:00', '管理员'],
  },
  bookingSoon: {
    templateId: 'Xb3bookingSoonGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uF',
    title: '会议即将开始提醒',
    fields: [
      { name: 'thing1', label: '会议室', from: 'room' },
      { name: 'thing2', label: '日期', from: 'day' },
      { name: 'thing3', label: '时间', from: 'time' },
      { name: 'thing4', label: '备注', say: '用不上就回复「取消」' },
    ],
    example: ['夏威夷', '今天', '10:00–12:00', '用不上就回复「取消」'],
  },
  lessonToday: {
    templateId: 'Xc1lessonTodayQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bG',
    title: '上课提醒',
    fields: [
      { name: 'thing1', label: '班级', from: 'cohort' },
      { name: 'thing2', label: '课节', from: 'lesson' },
      { name: 'thing3', label: '日期', from: 'day' },
      { name: 'thing4', label: '说明', say: '点开就能点名' },
    ],
    example: ['Python全栈(9期)', '第 3 节', '今天', '点开就能点名'],
  },
  homeworkGraded: {
    templateId: 'Xc2homeworkZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cLp',
    title: '作业批改通知',
    fields: [
      { name: 'thing1', label: '班级', from: 'cohort' },
      { name: 'thing2', label: '课节', from: 'lesson' },
      { name: 'thing3', label: '成绩', from: 'score' },
    ],
    example: ['Python全栈(9期)', '第 3 节', 'B+'],
  },
  enrolmentSubmitted: {
    templateId: 'Xd1enrolInHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dH',
    title: '报名待审核提醒',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '班级', from: 'cohort' },
    ],
    example: ['王小雨', 'Python全栈(9期)'],
  },
  enrolmentApproved: {
    templateId: 'Xd2enrolOkVt0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RI',
    title: '报名审核通过通知',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '班级', from: 'cohort' },
    ],
    example: ['王小雨', 'Python全栈(9期)'],
  },
  enrolmentRejected: {
    templateId: 'Xd3enrolBackUJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf',
    title: '报名退回通知',
    fields: [
      { name: 'thing1', label: '客户', from: 'customer' },
      { name: 'thing2', label: '班级', from: 'cohort' },
      { name: 'thing3', label: '原因', from: 'reason' },
    ],
    example: ['王小雨', 'Python全栈(9期)', '证件照不清楚'],
  },
  questionAnswered: {
    templateId: 'Xe1answeredYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oQm7',
    title: '问题回复通知',
    fields: [
      { name: 'thing1', label: '问题', from: 'question' },
      { name: 'thing2', label: '说明', say: '点开看老师的回答' },
    ],
    example: ['列表和元组有什么区别', '点开看老师的回答'],
  },
};

/** A template as the platform lists it: one line a field, `课程:{{thing1.DATA}}`. */
export function contentOf(fields: readonly { name: string; label: string }[]): string {
  return fields.map(({ name, label }) => `${label}:{{${name}.DATA}}\n`).join('');
}

/**
 * Which template and which of a notice's values each kind starts with in the sandbox, as `seedNoticeTemplates` of notify
 * takes them; a fixed text is the notice's own note.
 */
export function sandboxNoticeTemplates(): { kind: TemplateKind; templateId: string; fields: Record<string, string> }[] {
  return Object.entries(SANDBOX_TEMPLATES).map(([kind, { templateId, fields }]) => ({
    kind: kind as TemplateKind,
    templateId,
    fields: Object.fromEntries(fields.map((field) => [field.name, 'from' in field ? field.from : 'note'])),
  }));
}
