import type { About, NoticeKind } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';

/**
 * Takes back notices that have not gone out yet, because what they tell is no longer so: a lesson given to somebody else.
 * `exceptTo` keep theirs. What is on its way already is not stopped.
 */
export async function withdrawNotices(
  tx: Tx,
  about: { kind: NoticeKind; entity: About['entity']; entityId: number; exceptTo?: readonly number[] },
): Promise<void> {
  const { kind, entity, entityId, exceptTo = [] } = about;
  await tx.notification.deleteMany({
    where: { kind, entity, entityId, state: 'queued', personId: { notIn: [...exceptTo] } },
  });
}
