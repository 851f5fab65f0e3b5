import type { z } from 'zod';
import { rowScope } from '../../access/access.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { phonePart } from '../../kernel/normal/phone.ts';
import { addDays, type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { defineTable, type Row, type Table } from '../../web/define-table.ts';
import { ASSIGNMENT_STATES, ORIGINS, SOURCES } from '../choices.ts';
import { sayLastContact } from '../phrases.ts';
import { WriteFollowUp } from '../schema.ts';
import { namedLike, within } from '../visibility.ts';
import { writeFollowUp } from '../write-follow-up.ts';
import { customerFields as f, holderOptions, ofCustomer } from './fields.ts';

const named = { select: { id: true, name: true } } as const;

const customer = { name: 'customer', title: '客户', kind: 'relation', filter: true } as const;
const consultant = {
  name: 'consultant',
  title: '课程顾问',
  kind: 'relation',
  options: holderOptions,
  filter: true,
} as const;
const state = {
  name: 'state',
  title: '状态',
  kind: 'choice',
  choices: ASSIGNMENT_STATES,
  sort: true,
  filter: true,
} as const;
const date = { name: 'date', title: '日期', kind: 'day', sort: true, filter: true } as const;
const memo = { name: 'memo', title: '说明', kind: 'text' } as const;
const endedOn = { name: 'endedOn', title: '结束', kind: 'day', sort: true, filter: true } as const;

const mineInclude = {
  customer: {
    select: {
      id: true,
      name: true,
      qq: true,
      phone: true,
      wechat: true,
      source: true,
      status: true,
      consultantId: true,
      lastContactedOn: true,
      nextContactOn: true,
      courses: { select: { course: named }, orderBy: { id: 'asc' } },
    },
  },
} as const satisfies Prisma.AssignmentInclude;

type MyRow = Prisma.AssignmentGetPayload<{ include: typeof mineInclude }>;

/** 我的客户: all my assignment rows: following, then lost, then won; undone ones hidden (rule 5). */
export const myCustomersTable: Table = defineTable({
  id: 'my-customers',
  title: '我的客户',
  unit: '位',
  permissions: 'customers',
  model: 'assignment',
  include: mineInclude,
  fields: [
    { ...customer, filter: true },
    state,
    { ...date, title: '接单' },
    { ...memo, title: '原因' },
    ofCustomer(f.courses),
    ofCustomer(f.source),
    { ...ofCustomer(f.status), inList: false },
    ofCustomer(f.qq),
    ofCustomer(f.phone),
    { ...ofCustomer(f.wechat), inList: false },
    { name: 'lastContactedOn', title: '最后跟进', kind: 'day' },
    { name: 'nextContactOn', title: '下次联系', kind: 'day' },
    { ...endedOn, inList: false },
    { name: 'origin', title: '来由', kind: 'choice', choices: ORIGINS, filter: true, inList: false },
    ofCustomer(f.overMonth),
  ].map((field) => ({ ...field, inForm: false })) as Table['fields'],
  visible: ({ actor }) => ({ consultantId: actor.id ?? -1, state: { not: 'undone' } }),
  // Numbers only of those still in hand: what was lost is somebody else's now.
  search: (q, { actor }) => ({
    OR: [
      { customer: { name: namedLike(q) } },
      {
        customer: {
          consultantId: actor.id ?? -1,
          OR: [
            { qq: { contains: q } },
            { phone: { contains: phonePart(q) ?? q } },
            { wechat: { contains: q.toLowerCase() } },
          ],
        },
      },
    ],
  }),
  defaultSort: 'state,-date,-id',
  present: (row, { actor }) => presentMine(row as unknown as MyRow, actor.id),
  nameOf: (row) => (row.customer as { name: string }).name,
  card: (row, { today }) => myCard(row as unknown as ReturnType<typeof presentMine>, today),
  // One tap to the whole file of who is still in hand; the way back from there leads to one's own among 客户.
  rowHref: (row, { actor }) =>
    row.isHeld ? `/customers/${(row.customer as { id: number }).id}?back=consultantId%3D${actor.id}` : null,
  recordLinks: (row) => [
    { title: '打开资料', href: `/customers/${(row.customer as { id: number }).id}`, primary: true },
    { title: '为什么', href: `/assignments/${row.id}/why` },
  ],
  presets: [
    { title: '正在跟进', query: () => 'state=following' },
    { title: '三天内', query: ({ today }) => `date=${addDays(today, -3)}..${today}` },
    { title: '超过一个月未跟进', query: () => 'overMonth=true' },
    { title: '已成单', query: () => 'state=won' },
  ],
  empty: '你还没有客户，去公海抢一位',
});

/** What is asked about and where from, then how it stands: 正在跟进 · 昨天跟进 · 下次 11-27. */
function myCard(row: ReturnType<typeof presentMine>, today: SchoolDay): string[] {
  const day = (date: unknown) => String(date).slice(0, 10);
  return [
    [row.courses.map(({ name }) => name).join('、'), SOURCES[row.source]].filter(Boolean).join(' · '),
    [
      ASSIGNMENT_STATES[row.state],
      row.lastContactedOn &&
        row.state === 'following' &&
        sayLastContact({ receivedOn: day(row.date), lastContactedOn: day(row.lastContactedOn) }, today),
      row.nextContactOn && `下次 ${sayDay(day(row.nextContactOn), today)}`,
      row.memo,
    ]
      .filter(Boolean)
      .join(' · '),
  ];
}

/** Contacts and dates only while the customer is in hand. */
function presentMine(row: MyRow, readerId: number | null) {
  const { customer } = row;
  const isHeld = customer.consultantId === readerId;
  return {
    id: row.id,
    customer: { id: customer.id, name: customer.name },
    isHeld,
    state: row.state,
    date: row.date,
    memo: row.memo,
    endedOn: row.endedOn,
    origin: row.origin,
    courses: customer.courses.map(({ course }) => course),
    source: customer.source,
    status: customer.status,
    qq: isHeld ? customer.qq : null,
    phone: isHeld ? customer.phone : null,
    wechat: isHeld ? customer.wechat : null,
    lastContactedOn: isHeld ? customer.lastContactedOn : null,
    nextContactOn: isHeld ? customer.nextContactOn : null,
  };
}

/** 客户分配记录: how customers came and went; what performance review reads. Nothing here is changed by hand. */
export const assignmentsTable: Table = defineTable({
  id: 'assignments',
  title: '客户分配记录',
  model: 'assignment',
  include: { customer: named, consultant: named },
  fields: [
    customer,
    consultant,
    state,
    { name: 'origin', title: '来由', kind: 'choice', choices: ORIGINS, filter: true },
    date,
    endedOn,
    memo,
  ],
  visible: ({ actor }) => within(actor, 'assignments.list'),
  search: (q) => ({ customer: { name: namedLike(q) } }),
  defaultSort: '-date,-id',
  present: (row) => pick(row, ['customer', 'consultant', 'state', 'origin', 'date', 'endedOn', 'memo', 'turnId']),
  nameOf: (row) => `${(row.customer as { name: string }).name}的分配`,
  recordLinks: (row) => [{ title: '为什么', href: `/assignments/${row.id}/why` }],
  empty: '还没有客户分配过',
});

/** 跟进记录: the notes one may read: one's own, those of one's customers, or those of a wider scope. */
export const followUpsTable: Table = defineTable({
  id: 'follow-ups',
  title: '跟进记录',
  model: 'followUp',
  include: { customer: named, consultant: named },
  fields: [
    { ...customer, inForm: true, options: myCustomerOptions },
    consultant,
    { ...date, inForm: false },
    { name: 'note', title: '内容', kind: 'longText', inForm: true },
    {
      name: 'nextContactOn',
      title: '下次联系',
      kind: 'day',
      sort: true,
      filter: true,
      inForm: true,
      hint: '到那天早上提醒',
    },
  ],
  visible: ({ actor }) => {
    if (rowScope(actor, 'follow-ups.list') === 'all') return {};
    return { OR: [within(actor, 'follow-ups.list'), { customer: within(actor, 'follow-ups.list') }] };
  },
  search: (q) => ({ OR: [{ note: { contains: q } }, { customer: { name: namedLike(q) } }] }),
  defaultSort: '-date,-id',
  present: (row) => pick(row, ['customer', 'consultant', 'date', 'note', 'nextContactOn']),
  nameOf: (row) => `${(row.customer as { name: string }).name}的跟进`,
  card: (row) => [String(row.note).slice(0, 40), (row.consultant as { name: string }).name],
  add: {
    title: '写跟进',
    button: '记下',
    input: WriteFollowUp,
    run: async (scope: Scope, input: z.output<typeof WriteFollowUp>) => {
      const { followUpId, name } = await writeFollowUp(scope, input);
      return { id: followUpId, message: `已记下：${name}` };
    },
  },
  empty: '还没有跟进记录',
});

async function myCustomerOptions(...[tx, { actor }, q]: Parameters<typeof holderOptions>) {
  return tx.customer.findMany({
    where: { consultantId: actor.id ?? -1, ...(q && { name: { contains: q } }) },
    select: { id: true, name: true },
    orderBy: { lastContactedOn: 'asc' },
    take: 200,
  });
}

function pick(row: Row, names: readonly string[]): Record<string, unknown> & { id: number } {
  return { id: row.id, ...Object.fromEntries(names.map((name) => [name, row[name]])) };
}
