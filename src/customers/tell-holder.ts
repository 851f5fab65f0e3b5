import type { Notice } from '../kernel/notice.ts';
import type { Scope } from '../kernel/scope.ts';
import { customerSubject, myCustomersSubject, touched } from './notices.ts';

/**
 * What somebody else does with a holder's customer; `customerId` null where it is gone. `what` goes on 「周主管…」: 给王小雨记了跟进.
 */
export type Touched = {
  customerId: number | null;
  customer: string;
  holderId: number | null;
  what: string;
  once: string;
};

type Say = (holderId: number, once: string) => Notice;

/**
 * Tells a holder what somebody else did with their customer (rule 6); nothing where it was they themselves, or nobody
 * holds it. Where a kind of notice fits what happened (dropped, claimed) it says it, so that a template can carry it.
 */
export async function tellHolder(scope: Scope, event: Touched, say: Say = sayTouched(scope, event)): Promise<void> {
  const { actor } = scope;
  const { holderId, once } = event;
  if (holderId === null || holderId === actor.id) return;
  await scope.tell(say(holderId, `touched:${once}`));
}

/** What was told is taken back: a notice that has not left is not sent, else the holder hears that it was undone. */
export async function untellHolder(scope: Scope, event: Touched): Promise<void> {
  const { count } = await scope.tx.notification.deleteMany({
    where: { once: `touched:${event.once}`, state: 'queued' },
  });
  if (count > 0) return;
  await tellHolder(scope, { ...event, what: `撤回了刚才的改动：${event.what}`, once: `${event.once}:undone` });
}

function sayTouched({ actor }: Scope, { customerId, customer, what }: Touched): Say {
  const about = customerId === null ? myCustomersSubject.of() : customerSubject.of(customerId);
  return (holderId, once) => touched.to(holderId, { customer, by: actor.name || '系统', what }, { once, about });
}
