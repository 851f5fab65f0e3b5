import { holderOptions, markOf, visibleCustomers, within } from '../customers/index.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import { tellApart } from '../kernel/tell-apart.ts';
import { asNamed, cohortNamed, cohortOptions } from '../teaching/index.ts';
import { defineTable, type Table } from '../web/define-table.ts';
import { PAYMENT_KINDS } from './choices.ts';
import { editPayment, recordPayment } from './payments.ts';
import { PaymentEdit, PaymentInput } from './schema.ts';

type Named = { id: number; name: string };
const named = { select: { id: true, name: true } } as const;

const paymentInclude = {
  customer: named,
  consultant: named,
  cohort: cohortNamed,
} as const satisfies Prisma.PaymentInclude;
type PaymentRow = Prisma.PaymentGetPayload<{ include: typeof paymentInclude }>;

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
    { name: 'quote', title: '报价', kind: 'money', inList: false, inForm: true },
    { name: 'note', title: '说明', kind: 'text', inForm: true },
  ],
  visible: ({ actor }) => within(actor, 'payments.list') as Prisma.PaymentWhereInput,
  search: (q) => ({ OR: [{ customer: { name: { contains: q } } }, { note: { contains: q } }] }),
  defaultSort: '-date,-id',
  present: (row) => {
    const { id, kind, customer, cohort, paid, dealAmount, quote, note, date, consultant } =
      row as unknown as PaymentRow;
    return {
      id,
      customer,
      kind,
      paid,
      cohort: cohort && asNamed(cohort),
      date: dayFromDb(date),
      consultant,
      dealAmount,
      quote,
      note,
    };
  },
  nameOf: ({ customer, kind }) => `${(customer as Named).name} ${PAYMENT_KINDS[kind as keyof typeof PAYMENT_KINDS]}`,
  card: ({ paid, cohort, date }) => [
    `¥${Number(paid).toLocaleString('zh-CN')}`,
    [(cohort as Named | null)?.name, String(date)].filter(Boolean).join(' · '),
  ],
  add: { title: '记一笔缴费', button: '记下', input: PaymentInput, run: recordPayment },
  edit: { input: PaymentEdit, run: editPayment },
  remove: { run: ({ tx }, id) => tx.payment.deleteMany({ where: { id } }) },
  empty: '还没有缴费记录，给客户报名时会记下第一笔',
});
