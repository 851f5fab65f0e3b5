import type { z } from 'zod';
import type { ActionDone, TableAction } from '../../web/define-table.ts';
import { claimCustomer } from '../claim-customer.ts';
import { releaseCustomer } from '../release-customer.ts';
import { ReleaseCustomer, TransferCustomer, WriteFollowUp } from '../schema.ts';
import { transferCustomer } from '../transfer-customer.ts';
import { writeFollowUp } from '../write-follow-up.ts';
import { holderOptions } from './fields.ts';

type Row = Record<string, unknown>;
type Named = { id: number; name: string } | null;

const holderOf = (row: Row) => row.consultant as Named;
const inPool = (row: Row) => holderOf(row) === null;

const Release = ReleaseCustomer.omit({ customerId: true });
const Transfer = TransferCustomer.omit({ customerId: true });
const FollowUp = WriteFollowUp.omit({ customerId: true });

/** 抢单, for one or several: each is a race of its own, so the lost ones do not take back the won ones. */
export const claimAction: TableAction = {
  // Not `claim`: /pool/:id/claim would take /pool/actions/claim for a customer of its own.
  name: 'claim-many',
  title: '抢单',
  permission: 'customers.claim',
  anyRow: true,
  offered: (row, { actor }) => inPool(row) && (row.lastConsultant as Named)?.id !== actor.id,
  run: async (scope, customerId) => {
    const { name } = (await claimCustomer(scope, { customerId })).file.row;
    return { message: `抢到了：${name}`, name };
  },
  sum: (done) => ({ message: `抢到了：${done.map(({ name }) => name).join('、')}`, claimed: done.length }),
};

export const followUpAction: TableAction = {
  name: 'follow-up',
  title: '写跟进',
  permission: 'customers.followUp',
  input: FollowUp,
  fields: [
    { name: 'note', title: '跟进内容', kind: 'longText' },
    { name: 'nextContactOn', title: '下次联系', kind: 'day', hint: '到那天早上提醒' },
  ],
  offered: (row) => !inPool(row),
  run: async (scope, customerId, input) => {
    const { note, nextContactOn } = input as z.output<typeof FollowUp>;
    return { message: '已记下', name: (await writeFollowUp(scope, { customerId, note, nextContactOn })).name };
  },
  sum: sumByName,
};

export const releaseAction: TableAction = {
  name: 'release-many',
  title: '释放',
  permission: 'customers.release',
  input: Release,
  fields: [{ name: 'reason', title: '原因', kind: 'text', hint: '写给接手的同事看' }],
  danger: true,
  offered: (row) => !inPool(row) && row.status !== 'enrolled',
  run: async (scope, customerId, input) => {
    const { reason } = input as z.output<typeof Release>;
    return { message: '已放回公海', name: (await releaseCustomer(scope, { customerId, reason })).name };
  },
  sum: sumByName,
};

export const transferAction: TableAction = {
  name: 'transfer',
  title: '转给同事',
  permission: 'customers.transfer',
  input: Transfer,
  fields: [
    { name: 'consultant', title: '转给', kind: 'relation', options: holderOptions },
    { name: 'reason', title: '原因', kind: 'text' },
  ],
  run: async (scope, customerId, input) => {
    const { consultantId, reason } = input as z.output<typeof Transfer>;
    return { message: '已转出', name: (await transferCustomer(scope, { customerId, consultantId, reason })).name };
  },
  sum: sumByName,
};

/** 已转出：王小雨、李明、张三等 5 位 */
function sumByName(done: readonly ActionDone[]): ActionDone {
  const names = done.map(({ name }) => String(name));
  const named = names.length > 3 ? `${names.slice(0, 3).join('、')}等 ${names.length} 位` : names.join('、');
  return { message: `${done[0]?.message}：${named}` };
}
