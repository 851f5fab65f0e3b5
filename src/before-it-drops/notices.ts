import { z } from 'zod';
import { dropped, myCustomersSubject, poolSubject } from '../customers/index.ts';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject } from '../notices/define-subject.ts';
import { several } from '../notices/wording.ts';

/** The list of those the coming sweep takes. */
const rescueSubject = defineSubject({ entity: 'rescue', number: 8, path: () => '/my-customers/about-to-drop' });

/** The evening before: whom the sweep will take; for a head, from whom. */
export const aboutToDrop = defineNotice({
  kind: 'aboutToDrop',
  title: '快掉的客户',
  long: true,
  about: rescueSubject,
  data: z.object({ count: z.number(), lines: z.array(z.string()), until: z.string() }),
  line: (d) => `${d.count} 位客户快掉了，${d.until}回公海`,
  more: (d) => d.lines,
  link: '看名单',
  template: {
    title: '客户待跟进提醒',
    id: 'Xa2dropSoonHf6uJe3bGx9oQm7Yk2RvT0cLpZ8sWn4d',
    fields: [
      ['number', '客户数', 'count'],
      ['thing', '截止', 'until'],
      ['thing', '说明', 'note'],
    ],
    values: (d) => ({ count: String(d.count), until: d.until, note: '回复「快掉了」看名单' }),
  },
  sample: { count: 3, lines: ['1 王小雨', '2 李明', '3 赵敏'], until: '明早 2 点' },
});

/** The morning's message; `pooled`: how many came into the pool since the morning before. */
export const nextContact = defineNotice({
  kind: 'nextContact',
  title: '今天要联系',
  long: true,
  about: myCustomersSubject,
  data: z.object({ count: z.number(), lines: z.array(z.string()), pooled: z.number().optional() }),
  line: (d) => `今天要联系 ${d.count} 位`,
  more: (d) => [...d.lines, !!d.pooled && `公海新进 ${d.pooled} 位，回复「公海」看看`],
  link: '看我的客户',
  template: {
    of: aboutToDrop,
    values: (d) => ({ count: String(d.count), until: '今天 23:59', note: '约好今天联系的客户' }),
  },
  sample: { count: 2, lines: ['1 王小雨', '2 李明'], pooled: 3 },
});

/** The morning's message for who has nobody to contact; `customer` names the newest in the pool. */
export const pooled = defineNotice({
  kind: 'pooled',
  title: '公海新进',
  about: poolSubject,
  data: z.object({ count: z.number(), customer: z.string().optional() }),
  line: (d) => `公海新进 ${d.count} 位`,
  more: () => ['回复「公海」看看，先到先得'],
  link: '看公海',
  template: {
    of: dropped,
    values: (d) => ({
      customer: d.customer ? several(d.customer, d.count) : `${d.count} 位客户`,
      reason: '新进公海',
      count: String(d.count),
      note: '回复「公海」看看，先到先得',
    }),
  },
  sample: { count: 5, customer: '王小雨' },
});

/** What the evening and the morning say. */
export const dropNotices: Declared = { notices: [aboutToDrop, nextContact, pooled], subjects: [rescueSubject] };
