import type { z } from 'zod';
import { Refusal } from '../../kernel/refusal.ts';
import type { TableAction } from '../../web/define-table.ts';
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
  run: async (scope, ids) => {
    const names: string[] = [];
    const refusals: Refusal[] = [];
    for (const customerId of ids) {
      try {
        names.push((await claimCustomer(scope, { customerId })).file.row.name);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refusals.push(error);
      }
    }
    const [first] = refusals;
    if (names.length === 0 && first) throw first;
    return {
      message: [`抢到了：${names.join('、')}`, ...refusals.map(({ message }) => message)].join('；'),
      claimed: names.length,
    };
  },
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
  run: (scope, ids, input) => {
    const { note, nextContactOn } = input as z.output<typeof FollowUp>;
    return forEach(ids, (customerId) => writeFollowUp(scope, { customerId, note, nextContactOn }), '已记下');
  },
};

export const releaseAction: TableAction = {
  name: 'release-many',
  title: '释放',
  permission: 'customers.release',
  input: Release,
  fields: [{ name: 'reason', title: '原因', kind: 'text', hint: '写给接手的同事看' }],
  danger: true,
  offered: (row) => !inPool(row) && row.status !== 'enrolled',
  run: (scope, ids, input) => {
    const { reason } = input as z.output<typeof Release>;
    return forEach(ids, (customerId) => releaseCustomer(scope, { customerId, reason }), '已放回公海');
  },
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
  run: (scope, ids, input) => {
    const { consultantId, reason } = input as z.output<typeof Transfer>;
    return forEach(ids, (customerId) => transferCustomer(scope, { customerId, consultantId, reason }), '已转出');
  },
};

/** All or nothing: one that is refused takes the others back, and its sentence names it. */
async function forEach(ids: readonly number[], change: (id: number) => Promise<{ name: string }>, done: string) {
  const names: string[] = [];
  for (const id of ids) names.push((await change(id)).name);
  return {
    message: `${done}：${names.length > 3 ? `${names.slice(0, 3).join('、')}等 ${names.length} 位` : names.join('、')}`,
  };
}
