import { z } from 'zod';
import { sayDays } from '../kernel/school-time.ts';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject, recordIn } from '../notices/define-subject.ts';
import { dotted, several } from '../notices/wording.ts';

/** One customer's page. */
export const customerSubject = defineSubject({ entity: 'customer', number: 1, path: recordIn('/customers') });
/** The pool, or a customer in it. */
export const poolSubject = defineSubject({ entity: 'pool', number: 2, path: recordIn('/pool') });
/** The list of one's own customers. */
export const myCustomersSubject = defineSubject({ entity: 'myCustomers', number: 3, path: () => '/my-customers' });

/** The day count is a setting; a notice from before it carried one says no number. */
const firstContact = (days?: number) => (days ? `${sayDays(days)}内首次联系` : '尽快首次联系');

/** Somebody got a customer by their turn; `noContactDays`: in how many days they want to be contacted. */
export const assigned = defineNotice({
  kind: 'assigned',
  title: '新客户',
  urgent: true,
  data: z.object({
    customer: z.string(),
    course: z.string(),
    source: z.string(),
    at: z.string(),
    noContactDays: z.number().optional(),
  }),
  line: (d) => `新客户：${d.customer}`,
  more: (d) => [dotted(d.course, d.source, d.at), firstContact(d.noContactDays)],
  link: '看客户',
  template: {
    title: '客户分配提醒',
    id: 'Xa1assignedQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bGx9o',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '课程', 'course'],
      ['thing', '来源', 'source'],
      ['time', '时间', 'at'],
      ['thing', '说明', 'note'],
    ],
    values: ({ customer, course, source, at, noContactDays }) => ({
      customer,
      course,
      source,
      at,
      note: firstContact(noContactDays),
    }),
  },
  sample: { customer: '王小雨', course: 'Python全栈', source: '百度推广', at: '11-21 14:30', noContactDays: 3 },
});

/** Some of somebody's customers went to the pool. */
export const dropped = defineNotice({
  kind: 'dropped',
  title: '客户回到公海',
  about: myCustomersSubject,
  data: z.object({ customer: z.string(), reason: z.string(), count: z.number() }),
  line: (d) => `${several(d.customer, d.count)}回到公海：${d.reason}`,
  link: '看我的客户',
  template: {
    title: '客户回到公海通知',
    id: 'Xa3droppedLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cA',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '原因', 'reason'],
      ['number', '客户数', 'count'],
    ],
    values: (d) => ({ customer: d.customer, reason: d.reason, count: String(d.count), note: '别的同事可以抢了' }),
  },
  sample: { customer: '王小雨', reason: '三天未跟进', count: 1 },
});

/** A colleague has the customer now. */
export const claimed = defineNotice({
  kind: 'claimed',
  title: '客户被领走',
  about: myCustomersSubject,
  data: z.object({ customer: z.string(), by: z.string() }),
  line: (d) => `${d.customer} 已由${d.by}接手`,
  link: '看我的客户',
  template: {
    title: '客户领取通知',
    id: 'Xa4claimedRvT0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2B',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '领取人', 'by'],
    ],
    values: ({ customer, by }) => ({ customer, by, note: '已由同事接手' }),
  },
  sample: { customer: '王小雨', by: '李娜' },
});

/** Somebody's customer was entered again. */
export const askedAgain = defineNotice({
  kind: 'duplicate',
  title: '客户又来咨询',
  urgent: true,
  data: z.object({ customer: z.string(), by: z.string(), count: z.number().optional() }),
  line: (d) => `${several(d.customer, d.count)}又来咨询`,
  more: (d) => [d.by && `${d.by}录入时发现的，尽快联系`],
  link: '看客户',
  template: {
    title: '客户再次咨询提醒',
    id: 'Xa5askedAgainYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oC',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '录入人', 'by'],
      ['thing', '说明', 'note'],
    ],
    values: (d) => ({
      customer: several(d.customer, d.count),
      by: d.by,
      count: String(d.count ?? 1),
      note: '客户又来咨询，尽快联系',
    }),
  },
  sample: { customer: '王小雨', by: '李娜' },
});

/** Customers came from a colleague; `course` and `source` of one customer, of several nothing they share. */
export const transferred = defineNotice({
  kind: 'transferred',
  title: '转来客户',
  data: z.object({
    customer: z.string(),
    from: z.string(),
    count: z.number().optional(),
    course: z.string().optional(),
    source: z.string().optional(),
    noContactDays: z.number().optional(),
  }),
  line: (d) => `${d.from}把${several(d.customer, d.count)}转给了你`,
  more: (d) => [firstContact(d.noContactDays)],
  link: '看客户',
  template: {
    of: assigned,
    values: (d) => ({
      customer: several(d.customer, d.count),
      course: d.course || '还没问课程',
      source: d.source ?? '同事转来',
      at: '',
      note: `${d.from}转来，${firstContact(d.noContactDays)}`,
    }),
  },
  sample: { customer: '王小雨', from: '李娜', course: 'Python全栈', source: '百度推广', noContactDays: 3 },
});

/** What a head or an administrator did to somebody's customer. */
export const touched = defineNotice({
  kind: 'touched',
  title: '客户有改动',
  data: z.object({ customer: z.string(), by: z.string(), what: z.string() }),
  line: (d) => `${d.by}${d.what}`,
  link: '看客户',
  sample: { customer: '王小雨', by: '周主管', what: '给王小雨记了跟进' },
});

/** What happens to somebody's customers, and where it can be seen. */
export const customerNotices: Declared = {
  notices: [assigned, dropped, claimed, askedAgain, transferred, touched],
  subjects: [customerSubject, poolSubject, myCustomersSubject],
};
