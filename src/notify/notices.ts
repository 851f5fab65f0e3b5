import { z } from 'zod';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject, recordIn } from '../notices/define-subject.ts';

// Nobody tells this one yet: accounts map its template already. It moves to the feature that answers questions.
const questionSubject = defineSubject({ entity: 'question', number: 10, path: recordIn('/questions') });
const questionAnswered = defineNotice({
  kind: 'questionAnswered',
  title: '问题有回答',
  data: z.object({ question: z.string() }),
  line: (d) => `有回答了：${d.question}`,
  link: '看回答',
  template: {
    title: '问题回复通知',
    id: 'Xe1answeredYk2RvT0cLpZ8sWn4dHf6uJe3bGx9oQm7',
    fields: [
      ['thing', '问题', 'question'],
      ['thing', '说明', 'note'],
    ],
    values: ({ question }) => ({ question, note: '点开看老师的回答' }),
  },
  sample: { question: '列表和元组有什么区别' },
});

/** What was held for quiet hours, one line each. */
export const digest = defineNotice({
  kind: 'digest',
  title: '夜里的消息',
  long: true,
  data: z.object({ count: z.number(), lines: z.array(z.string()) }),
  line: (d) => `夜里有 ${d.count} 条消息`,
  more: (d) => d.lines,
  link: '看看',
  sample: { count: 2, lines: ['公海新进 3 位', '李明 已由李娜接手'] },
});

/** What the outbox itself says. */
export const outboxNotices: Declared = { notices: [questionAnswered, digest], subjects: [questionSubject] };
