import { readCustomer } from '../customers/index.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../web/define-page.ts';
import { PAYMENT_KINDS } from './choices.ts';
import type { Enrol } from './enrol-customer.ts';
import { refuse } from './phrases.ts';
import { readOpenCohorts } from './queries.ts';
import { EnrolCustomer } from './schema.ts';

const Input = EnrolCustomer.omit({ customerId: true });

/** 报名 on the customer's page: which cohort, what was paid. */
export function enrolmentPages({ enrol }: { enrol: Enrol }): readonly Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/customers/:id/enrol',
      permission: 'customers.enrol',
      handler: (c) => show(c),
    }),
    definePage({
      method: 'POST',
      path: '/customers/:id/enrol',
      permission: 'customers.enrol',
      handler: async (c) => {
        const input = c.input(Input);
        const enrolled = await c.inTransaction((scope) => enrol(scope, { ...input, customerId: c.id() }));
        if (c.wantsJson) return c.json(enrolled);
        const { name, cohort, username, password } = enrolled;
        c.redirect(
          `/customers/${c.id()}`,
          `报名好了：${name} · ${cohort.name}。账号 ${username}，一次性密码 ${password}，只显示这一次`,
        );
      },
      invalid: show,
    }),
  ];
}

async function show(c: PageContext, problems?: FormProblems): Promise<void> {
  const { customer, cohorts } = await c.inTransaction(async (scope) => ({
    customer: await readCustomer(scope, c.id()),
    cohorts: await readOpenCohorts(scope),
  }));
  if (customer.status === 'enrolled' && !problems) throw refuse.already_enrolled({ name: customer.name });
  const values = problems?.values ?? c.ctx.query;
  c.render(
    'enrolment/enrol',
    {
      customer,
      cohorts: cohorts.map(({ id, name, campus, price }) => ({
        value: id,
        title: `${name} · ${campus}${price === null ? '' : ` · ¥${price}`}`,
      })),
      kinds: Object.entries(PAYMENT_KINDS)
        .filter(([kind]) => kind === 'deposit' || kind === 'tuition')
        .map(([value, title]) => ({ value, title })),
      values,
      fields: problems?.fields ?? {},
      message: problems && Object.keys(problems.fields).length === 0 ? problems.message : null,
    },
    {
      title: '报名',
      status: problems?.status,
      crumbs: [
        { title: '客户', path: '/customers' },
        { title: customer.name, path: `/customers/${customer.id}` },
        { title: '报名' },
      ],
    },
  );
}
