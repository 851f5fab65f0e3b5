import type { Notice } from '../kernel/notice.ts';
import type { Scope } from '../kernel/scope.ts';

/** What somebody else does with a holder's customer. `what` goes on 「周主管…」: 给王小雨记了跟进. */
export type Touched = { customerId: number; customer: string; holderId: number | null; what: string; once: string };

type Said = Pick<Notice, 'kind' | 'data' | 'about'>;

/**
 * Tells a holder what somebody else did with their customer (rule 6); nothing where it was they themselves, or nobody
 * holds it. Where a kind of notice fits what happened (dropped, claimed) it says it, so that a template can carry it.
 */
export async function tellHolder(scope: Scope, touched: Touched, notice: Said = said(scope, touched)): Promise<void> {
  const { actor } = scope;
  const { holderId, once } = touched;
  if (holderId === null || holderId === actor.id) return;
  await scope.tell({ ...notice, to: holderId, once: `touched:${once}` } as Notice);
}

/** What was told is taken back: a notice that has not left is not sent, else the holder hears that it was undone. */
export async function untellHolder(scope: Scope, touched: Touched): Promise<void> {
  const { count } = await scope.tx.notification.deleteMany({
    where: { once: `touched:${touched.once}`, state: 'queued' },
  });
  if (count > 0) return;
  await tellHolder(scope, { ...touched, what: `撤回了刚才的改动：${touched.what}`, once: `${touched.once}:undone` });
}

function said({ actor }: Scope, { customerId, customer, what }: Touched): Said {
  return {
    kind: 'touched',
    data: { customer, by: actor.name || '系统', what },
    about: { entity: 'customer', id: customerId },
  };
}
