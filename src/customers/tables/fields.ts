import { tellApart } from '../../kernel/tell-apart.ts';
import type { Field, Options, Reader, Where } from '../../web/define-table.ts';
import { escapeHtml } from '../../web/render.ts';
import { EDUCATIONS, EXPERIENCES, GENDERS, POOL_REASONS, SOURCES, STATUSES, WORK_STATUSES } from '../choices.ts';
import { untouchedForAMonth } from '../filters.ts';
import { holders } from '../holders.ts';
import { withContact } from '../visibility.ts';

const nameOrder = { orderBy: { name: 'asc' }, take: 200, select: { id: true, name: true } } as const;

/** People as a list offers them: namesakes with their account behind the name. */
export function calledApart(people: readonly { id: number; name: string; username: string }[]) {
  const called = tellApart(people, ({ username }) => username);
  return people.map(({ id, name }, at) => ({ id, name: called[at] ?? name }));
}

export const holderOptions: Options = async (tx, _reader, q) =>
  calledApart(
    await tx.person.findMany({
      where: { ...holders, ...(q && { name: { contains: q } }) },
      ...nameOrder,
      select: { ...nameOrder.select, username: true },
    }),
  );

export const courseOptions: Options = (tx, _reader, q) =>
  tx.course.findMany({ where: { active: true, ...(q && { name: { contains: q } }) }, ...nameOrder });

export const studentOptions: Options = async (tx, _reader, q) => {
  const students = await tx.student.findMany({
    where: q ? { person: { name: { contains: q } } } : {},
    select: { id: true, person: { select: { name: true, username: true } } },
    orderBy: { id: 'desc' },
    take: 200,
  });
  return calledApart(students.map(({ id, person }) => ({ id, ...person })));
};

/** Opens a QQ chat where the number is shown whole. */
function qqCell({ qq, masked }: Record<string, unknown>): string {
  if (!qq) return '';
  const number = escapeHtml(String(qq));
  return masked ? number : `<a href="tencent://message/?uin=${number}&amp;Menu=yes" title="打开 QQ 会话">${number}</a>`;
}

function phoneCell({ phone, masked }: Record<string, unknown>): string {
  if (!phone) return '';
  const number = escapeHtml(String(phone));
  return masked ? number : `<a href="tel:${number}">${number}</a>`;
}

/** An address may ask for one number; a masked reader learns nothing from that (rule 1). */
function contactFilter(name: 'qq' | 'phone' | 'wechat') {
  return {
    inFilters: false,
    filter: (values: readonly string[], { actor }: Reader): Where => withContact(name, values, actor),
  };
}

/** A customer's own fields; contact fields do not sort, so that a masked reader learns nothing from their order. */
export const customerFields = {
  name: { name: 'name', title: '姓名', kind: 'text', sort: true, inForm: true },
  qq: {
    name: 'qq',
    title: 'QQ',
    kind: 'text',
    inForm: true,
    hint: '5 到 12 位数字；QQ、手机、微信号至少填一个',
    cell: qqCell,
    ...contactFilter('qq'),
  },
  phone: {
    name: 'phone',
    title: '手机',
    kind: 'text',
    inForm: true,
    hint: '手机或带区号的座机',
    cell: phoneCell,
    ...contactFilter('phone'),
  },
  wechat: { name: 'wechat', title: '微信号', kind: 'text', inForm: true, ...contactFilter('wechat') },
  courses: {
    name: 'courses',
    title: '咨询课程',
    kind: 'relations',
    options: courseOptions,
    inForm: true,
    filter: (values: readonly string[]): Where => ({ courses: { some: { courseId: { in: values.map(Number) } } } }),
  },
  source: { name: 'source', title: '来源', kind: 'choice', choices: SOURCES, filter: true, inForm: true },
  status: { name: 'status', title: '报名', kind: 'choice', choices: STATUSES, filter: true },
  consultant: { name: 'consultant', title: '课程顾问', kind: 'relation', options: holderOptions, filter: true },
  gender: {
    name: 'gender',
    title: '性别',
    kind: 'choice',
    choices: GENDERS,
    filter: true,
    inForm: true,
    inList: false,
  },
  education: {
    name: 'education',
    title: '学历',
    kind: 'choice',
    choices: EDUCATIONS,
    filter: true,
    inForm: true,
    inList: false,
  },
  graduationSchool: { name: 'graduationSchool', title: '毕业院校', kind: 'text', inForm: true, inList: false },
  major: { name: 'major', title: '专业', kind: 'text', inForm: true, inList: false },
  experience: {
    name: 'experience',
    title: '工作经验',
    kind: 'choice',
    choices: EXPERIENCES,
    filter: true,
    inForm: true,
    inList: false,
  },
  workStatus: {
    name: 'workStatus',
    title: '工作状态',
    kind: 'choice',
    choices: WORK_STATUSES,
    filter: true,
    inForm: true,
    inList: false,
  },
  company: { name: 'company', title: '公司', kind: 'text', inForm: true, inList: false },
  salary: { name: 'salary', title: '薪资', kind: 'text', inForm: true, inList: false },
  referral: {
    name: 'referral',
    title: '转介绍学员',
    kind: 'relation',
    options: studentOptions,
    inForm: true,
    inList: false,
  },
  memo: { name: 'memo', title: '备注', kind: 'longText', inForm: true, inList: false },
  enteredOn: { name: 'enteredOn', title: '录入', kind: 'day', sort: true, filter: true, inList: false },
  enteredBy: { name: 'enteredBy', title: '录入人', kind: 'relation', inList: false },
  receivedOn: { name: 'receivedOn', title: '接单', kind: 'day', sort: true, filter: true },
  lastContactedOn: { name: 'lastContactedOn', title: '最后跟进', kind: 'day', sort: true, filter: true },
  nextContactOn: { name: 'nextContactOn', title: '下次联系', kind: 'day', sort: true, filter: true },
  pooledAt: { name: 'pooledAt', title: '进公海', kind: 'instant', sort: true, filter: true },
  poolReason: { name: 'poolReason', title: '公海原因', kind: 'choice', choices: POOL_REASONS, filter: true },
  lastConsultant: {
    name: 'lastConsultant',
    title: '上一位顾问',
    kind: 'relation',
    options: holderOptions,
    filter: true,
  },
  held: {
    name: 'held',
    title: '有人在跟',
    kind: 'flag',
    inList: false,
    inRecord: false,
    filter: ([value]): Where => ({ consultantId: value === 'true' ? { not: null } : null }),
  },
  overMonth: {
    name: 'overMonth',
    title: '超过一个月未跟进',
    kind: 'flag',
    inList: false,
    inRecord: false,
    filter: ([value], reader): Where => {
      const untouched = untouchedForAMonth(reader.today);
      return value === 'true' ? untouched : { NOT: untouched };
    },
  },
} as const satisfies Record<string, Field>;

/** A filter of the customer behind a row: the same condition, one relation further. */
export function ofCustomer(field: Field): Field {
  const { filter, name, kind } = field;
  return {
    ...field,
    inForm: false,
    sort: false,
    filter: (values, reader) => ({
      customer:
        typeof filter === 'function'
          ? filter(values, reader)
          : { [kind === 'relation' ? `${name}Id` : name]: { in: [...values] } },
    }),
  };
}
