import { holderOptions, markOf, visibleCustomers, within } from '../customers/index.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { tellApart } from '../kernel/tell-apart.ts';
import { asNamed, cohortNamed, cohortOptions } from '../teaching/index.ts';
import { defineTable, type Table } from '../web/define-table.ts';
import { dueOf } from './balances.ts';
import { PAYMENT_KINDS, sayDue, sayMoney } from './choices.ts';
import { editPayment, recordPayment, removePayment } from './payments.ts';
import { PaymentEdit, PaymentInput } from './schema.ts';

type Named = { id: number; name: string };
const named = { select: { id: true, name: true } } as const;

const paymentInclude = {
  // Its siblings tell what is still due.
  customer: {
    select: {
      ...named.select,
      payments: {
        select: { cohortId: true, kind: true, paid: true, dealAmount: true },
        orderBy: [{ date: 'asc' }, { id: 'asc' }],
      },
    },
  },
  consultant: named,
  cohort: cohortNamed,
} as const satisfies Prisma.PaymentInclude;
type PaymentRow = Prisma.PaymentGetPayload<{ include: typeof paymentInclude }>;

/** Records a payment and says what is left. */
async function addPayment(scope: Scope, input: PaymentInput): Promise<{ id: number; message: string }> {
  const { id, due } = await recordPayment(scope, input);
  return { id, message: ['记下了', sayDue(due)].filter(Boolean).join('，') };
}

/** 缴费: consultants find those of their own customers, heads their department's. */
export const paymentsTable: Table = defineTable({
  id: 'payments',
  title: '缴费',
  unit: '笔',
  model: 'payment',
  include: paymentInclude,
  fields: [
    {
      name: 'customer',
      title: '客户',
      kind: 'relation',
      filter: true,
      inForm: true,
      options: async (tx, { actor }, q) => {
        const customers = await tx.customer.findMany({
          where: {
            AND: [visibleCustomers(actor), { consultantId: { not: null } }, q ? { name: { contains: q } } : {}],
          },
          select: { id: true, name: true, phone: true, receivedOn: true },
          orderBy: { id: 'desc' },
          take: 200,
        });
        const called = tellApart(customers, markOf);
        return customers.map(({ id, name }, at) => ({ id, name: called[at] ?? name }));
      },
    },
    {
      name: 'kind',
      title: '类别',
      kind: 'choice',
      choices: PAYMENT_KINDS,
      filter: true,
      inForm: true,
      initial: 'deposit',
    },
    {
      name: 'paid',
      title: '实收',
      kind: 'money',
      sort: true,
      filter: true,
      inForm: true,
      hint: '退学、退款写退的金额',
    },
    { name: 'cohort', title: '班级', kind: 'relation', filter: true, inForm: true, options: cohortOptions },
    { name: 'date', title: '日期', kind: 'day', sort: true, filter: true, inForm: true, hint: '不填就是今天' },
    { name: 'consultant', title: '签单顾问', kind: 'relation', filter: true, inForm: true, options: holderOptions },
    { name: 'dealAmount', title: '成交价', kind: 'money', sort: true, inForm: true },
    { name: 'due', title: '还欠', kind: 'money', hint: '这位客户在这个班一共还欠多少' },
    { name: 'quote', title: '报价', kind: 'money', inList: false, inForm: true },
    { name: 'note', title: '说明', kind: 'text', inForm: true },
  ],
  visible: ({ actor }) => within(actor, 'payments.list') as Prisma.PaymentWhereInput,
  search: (q) => ({ OR: [{ customer: { name: { contains: q } } }, { note: { contains: q } }] }),
  defaultSort: '-date,-id',
  present: (row) => {
    const { id, kind, customer, cohort, paid, dealAmount, quote, note, date, consultant } =
      row as unknown as PaymentRow;
    const siblings = customer.payments.filter(({ cohortId }) => cohort !== null && cohortId === cohort.id);
    return {
      id,
      customer: { id: customer.id, name: customer.name },
      kind,
      paid,
      cohort: cohort && asNamed(cohort),
      date: dayFromDb(date),
      consultant,
      dealAmount,
      due: dueOf(siblings),
      quote,
      note,
    };
  },
  nameOf: ({ customer, kind }) => `${(customer as Named).name} ${PAYMENT_KINDS[kind as keyof typeof PAYMENT_KINDS]}`,
  card: ({ paid, cohort, date, due }) => [
    [sayMoney(Number(paid)), sayDue(due as number | null)].filter(Boolean).join(' · '),
    [(cohort as Named | null)?.name, String(date)].filter(Boolean).join(' · '),
  ],
  add: { title: '记一笔缴费', button: '记下', input: PaymentInput, run: addPayment },
  edit: { input: PaymentEdit, run: editPayment },
  remove: { run: removePayment },
  empty: '还没有缴费记录，给客户报名时会记下第一笔',
});
