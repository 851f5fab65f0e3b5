import { z } from 'zod';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject, recordIn } from '../notices/define-subject.ts';

/** One enrolment. */
const enrolmentSubject = defineSubject({ entity: 'enrolment', number: 9, path: recordIn('/enrolments') });

// Nobody tells these three yet: accounts map their templates already, and the enrolment form will.

const enrolmentSubmitted = defineNotice({
  kind: 'enrolmentSubmitted',
  title: '报名待审核',
  data: z.object({ customer: z.string(), cohort: z.string() }),
  line: (d) => `${d.customer} 交了报名表，等你审核`,
  more: (d) => [d.cohort],
  link: '去审核',
  template: {
    title: '报名待审核提醒',
    id: 'Xd1enrolInHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dH',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '班级', 'cohort'],
    ],
    values: ({ customer, cohort }) => ({ customer, cohort, note: '等你审核' }),
  },
  sample: { customer: '王小雨', cohort: 'Python全栈(9期)' },
});

const enrolmentApproved = defineNotice({
  kind: 'enrolmentApproved',
  title: '报名通过',
  data: z.object({ customer: z.string(), cohort: z.string() }),
  line: (d) => `${d.customer} 报名通过`,
  more: (d) => [d.cohort],
  link: '看报名',
  template: {
    title: '报名审核通过通知',
    id: 'Xd2enrolOkVt0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RI',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '班级', 'cohort'],
    ],
    values: ({ customer, cohort }) => ({ customer, cohort, note: '报名通过' }),
  },
  sample: { customer: '王小雨', cohort: 'Python全栈(9期)' },
});

const enrolmentRejected = defineNotice({
  kind: 'enrolmentRejected',
  title: '报名退回',
  data: z.object({ customer: z.string(), cohort: z.string(), reason: z.string() }),
  line: (d) => `${d.customer} 的报名退回了：${d.reason}`,
  more: (d) => [d.cohort],
  link: '看报名',
  template: {
    title: '报名退回通知',
    id: 'Xd3enrolBackUJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf',
    fields: [
      ['thing', '客户', 'customer'],
      ['thing', '班级', 'cohort'],
      ['thing', '原因', 'reason'],
    ],
    values: ({ customer, cohort, reason }) => ({ customer, cohort, reason, note: '改好再交一次' }),
  },
  sample: { customer: '王小雨', cohort: 'Python全栈(9期)', reason: '证件照不清楚' },
});

/** What becomes of an enrolment form. */
export const enrolmentNotices: Declared = {
  notices: [enrolmentSubmitted, enrolmentApproved, enrolmentRejected],
  subjects: [enrolmentSubject],
};
