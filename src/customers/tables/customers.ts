import { rowScope } from '../../access/access.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import { addDays } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { defineTable, type Reader, type Row, type Table } from '../../web/define-table.ts';
import { POOL_REASONS, SOURCES, STATUSES } from '../choices.ts';
import { editCustomer, removeCustomer } from '../edit-customer.ts';
import { enterCustomer } from '../enter-customer.ts';
import { isConsultant } from '../holders.ts';
import { sayAside, sayContacts, sayLastContact } from '../phrases.ts';
import { type CustomerRow, customerInclude, presentCustomer, type StoredCustomer } from '../present.ts';
import { EditCustomer, EnterCustomer } from '../schema.ts';
import { readTimeline } from '../timeline.ts';
import { searchCustomers, visibleCustomers, visiblePool } from '../visibility.ts';
import { claimAction, followUpAction, releaseAction, transferAction } from './actions.ts';
import { customerFields as f } from './fields.ts';

/** Enters a customer and says who holds it now; null: nobody, it is in the pool. */
export type Enter = (
  scope: Scope,
  input: EnterCustomer,
) => Promise<{ customerId: number; name: string; consultant: { id: number; name: string } | null }>;

/** Without a rota: a consultant's own entry stays theirs, anybody else's goes to the pool. */
export const enterWithoutRota: Enter = async (scope, input) => {
  const { actor } = scope;
  const isOwn = isConsultant(actor);
  const { customerId, name } = await enterCustomer(scope, input, { kind: isOwn ? 'self' : 'pool' });
  return { customerId, name, consultant: isOwn ? { id: actor.id ?? 0, name: actor.name } : null };
};

function enterByForm(enter: Enter) {
  return async (scope: Scope, input: EnterCustomer) => {
    const { customerId, name, consultant } = await enter(scope, input);
    const aside = input.aside ? `。${sayAside(input.aside)}` : '';
    if (!consultant) return { id: customerId, message: `已录入：${name}，现在没有人能接，先放在公海${aside}` };
    const whose = consultant.id === scope.actor.id ? '归你跟进' : `分给了${consultant.name}`;
    return { id: customerId, message: `已录入：${name}，${whose}${aside}` };
  };
}

const present = (row: Row, { actor }: Reader) => presentCustomer(row as unknown as StoredCustomer, actor);
const nameOf = (row: Record<string, unknown>) => String(row.name);

/** 客户: what one holds, or one's scope holds, and the pool with contacts masked (rule 1). */
export function customersTable({ enter }: { enter: Enter }): Table {
  return defineTable({
    id: 'customers',
    title: '客户',
    unit: '位',
    model: 'customer',
    include: customerInclude,
    fields: [
      f.name,
      f.qq,
      f.phone,
      f.wechat,
      f.courses,
      f.source,
      f.status,
      f.consultant,
      f.receivedOn,
      f.lastContactedOn,
      f.nextContactOn,
      f.gender,
      f.education,
      f.graduationSchool,
      f.major,
      f.experience,
      f.workStatus,
      f.company,
      f.salary,
      f.referral,
      { ...f.pooledAt, inList: false },
      { ...f.poolReason, inList: false },
      { ...f.lastConsultant, inList: false },
      f.memo,
      f.enteredOn,
      f.enteredBy,
      f.held,
      f.overMonth,
    ],
    visible: ({ actor }) => visibleCustomers(actor),
    search: (q, { actor }) => searchCustomers(actor, q),
    defaultSort: '-id',
    present,
    nameOf,
    card: (row, { today }) => customerCard(row as unknown as CustomerRow, today),
    add: { title: '录入客户', button: '录入并分配', input: EnterCustomer, run: enterByForm(enter) },
    edit: { input: EditCustomer, run: editCustomer },
    remove: { run: removeCustomer },
    actions: [claimAction, followUpAction, releaseAction, transferAction],
    presets: [
      { title: '我的', query: ({ actor }) => `consultantId=${actor.id}` },
      { title: '超过一个月未跟进', query: () => 'overMonth=true' },
      { title: '今天要联系', query: ({ today }) => `nextContactOn=${today}` },
    ],
    // The assignment feature answers there; a pool customer is nobody's, so there is nothing to ask.
    recordLinks: (row, { actor }) => [
      ...(mayEnrol(row, actor)
        ? [{ title: '报名', href: `/customers/${row.id}/enrol`, permission: 'customers.enrol' }]
        : []),
      ...(row.consultant ? [{ title: '为什么分到这里', href: `/customers/${row.id}/why` }] : []),
    ],
    timeline: readTimeline,
    empty: '还没有客户，去公海抢一位，或者录入一位',
  });
}

/** 公海: everybody's to claim, last come first. */
export const poolTable: Table = defineTable({
  id: 'pool',
  title: '公海',
  unit: '位',
  permissions: 'customers',
  model: 'customer',
  include: customerInclude,
  fields: [
    f.name,
    f.courses,
    f.source,
    f.poolReason,
    f.pooledAt,
    f.lastConsultant,
    f.qq,
    f.phone,
    f.wechat,
    f.education,
    f.experience,
    f.workStatus,
    f.gender,
    f.graduationSchool,
    f.major,
    { ...f.lastContactedOn, inList: false },
    { ...f.receivedOn, inList: false },
    f.enteredOn,
    { ...f.status, inList: false, inRecord: false },
    f.overMonth,
  ].map((field) => ({ ...field, inForm: false })),
  visible: ({ actor }) => visiblePool(actor),
  search: (q, { actor }) => searchCustomers(actor, q),
  defaultSort: '-pooledAt,-id',
  present,
  nameOf,
  card: (row) => poolCard(row as unknown as CustomerRow),
  actions: [claimAction, transferAction],
  presets: [
    { title: '三天内进来', query: ({ today }) => `pooledAt=${addDays(today, -3)}..${today}` },
    { title: '超过一个月未跟进', query: () => 'overMonth=true' },
  ],
  timeline: readTimeline,
  empty: '公海现在是空的，有客户进来会告诉你',
});

/** What is asked about and where from, then who has it and since when nobody spoke with them. */
function customerCard(row: CustomerRow, today: SchoolDay): string[] {
  const { status, consultant } = row;
  if (!consultant) return [interestOf(row), ['公海', whyInPool(row)].filter(Boolean).join(' · ')];
  const state = status === 'enrolled' ? STATUSES.enrolled : sayLastContact(row, today);
  return [interestOf(row), `${consultant.name} · ${state}`];
}

/** What is asked about and where from, then why it is to be had and one way to reach them. */
function poolCard(row: CustomerRow): string[] {
  const { phone, qq, wechat } = row;
  const contact = sayContacts({ phone, qq: phone ? null : qq, wechat: phone || qq ? null : wechat });
  return [interestOf(row), [whyInPool(row), contact].filter(Boolean).join(' · ')];
}

function whyInPool({ poolReason }: CustomerRow): string {
  return poolReason ? POOL_REASONS[poolReason] : '';
}

function interestOf({ courses, source }: CustomerRow): string {
  return [courses.map(({ name }) => name).join('、'), SOURCES[source]].filter(Boolean).join(' · ');
}

/** Enrolling is the holder's, or an administrator's. */
function mayEnrol(row: Record<string, unknown>, actor: Actor): boolean {
  const { status, consultant } = row as unknown as CustomerRow;
  if (status === 'enrolled' || !consultant) return false;
  return consultant.id === actor.id || rowScope(actor, 'customers.enrol') === 'all';
}
