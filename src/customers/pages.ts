import type { SchoolTime } from '../kernel/school-time.ts';
import { definePage, type Page } from '../web/define-page.ts';
import { claimCustomer } from './claim-customer.ts';
import { removeCourse } from './edit-customer.ts';
import type { CustomerRow } from './present.ts';
import { readCustomer } from './queries.ts';
import { releaseCustomer } from './release-customer.ts';
import { ReleaseCustomer, WriteFollowUp } from './schema.ts';
import { writeFollowUp } from './write-follow-up.ts';

const FollowUp = WriteFollowUp.omit({ customerId: true });
const Release = ReleaseCustomer.omit({ customerId: true });

/** What is done to one customer by its own address, by buttons and by programs. */
export const customerPages: readonly Page[] = [
  definePage({
    method: 'POST',
    path: '/pool/:id/claim',
    permission: 'customers.claim',
    handler: async (c) => {
      const { file } = await c.inTransaction((scope) => claimCustomer(scope, { customerId: c.id() }));
      if (c.wantsJson) return c.json({ row: asJson(file.row, c.time) });
      c.redirect(`/customers/${c.id()}`, `抢到了：${file.row.name}`);
    },
  }),
  definePage({
    method: 'POST',
    path: '/customers/:id/follow-ups',
    permission: 'customers.followUp',
    handler: async (c) => {
      const input = c.input(FollowUp);
      const { written, row } = await c.inTransaction(async (scope) => {
        const written = await writeFollowUp(scope, { customerId: c.id(), ...input });
        return { written, row: await readCustomer(scope, c.id()) };
      });
      const { followUpId, name, note, nextContactOn } = written;
      const followUp = {
        id: followUpId,
        customer: { id: c.id(), name },
        consultant: { id: c.actor.id, name: c.actor.name },
        date: c.today,
        note,
        nextContactOn: input.nextContactOn ?? null,
      };
      if (c.wantsJson) return c.json({ row: followUp, customer: asJson(row, c.time), nextContactOn });
      c.redirect(`/customers/${c.id()}`, `已记下：${name}`);
    },
  }),
  definePage({
    method: 'POST',
    path: '/customers/:id/release',
    permission: 'customers.release',
    handler: async (c) => {
      const { reason } = c.input(Release);
      const row = await c.inTransaction(async (scope) => {
        await releaseCustomer(scope, { customerId: c.id(), reason });
        return readCustomer(scope, c.id());
      });
      if (c.wantsJson) return c.json({ row: asJson(row, c.time) });
      c.redirect('/my-customers', `已释放：${row.name}`);
    },
  }),
  definePage({
    method: 'POST',
    path: '/customers/:id/courses/:courseId/remove',
    permission: 'customers.edit',
    handler: async (c) => {
      const row = await c.inTransaction(async (scope) => {
        await removeCourse(scope, { customerId: c.id(), courseId: c.id('courseId') });
        return readCustomer(scope, c.id());
      });
      if (c.wantsJson) return c.json({ row: asJson(row, c.time) });
      c.redirect(`/customers/${c.id()}`, '已去掉');
    },
  }),
];

/** Instants with the school's offset, as every JSON answer carries them. */
function asJson(row: CustomerRow, time: SchoolTime): Record<string, unknown> {
  return { ...row, pooledAt: row.pooledAt && time.iso(row.pooledAt) };
}
