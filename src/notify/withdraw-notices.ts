import type { About } from '../kernel/notice.ts';
import type { Tx } from '../kernel/scope.ts';
import type { DeclaredNotice } from '../notices/define-notice.ts';

/**
 * Takes back notices of a kind about one record that have not gone out yet, because what they tell is no longer so: a
 * lesson given to somebody else. `exceptTo` keep theirs. What is on its way already is not stopped.
 */
export async function withdrawNotices(
  tx: Tx,
  { kind }: Pick<DeclaredNotice, 'kind'>,
  { entity, id }: About,
  { exceptTo = [] }: { exceptTo?: readonly number[] } = {},
): Promise<void> {
  await tx.notification.deleteMany({
    where: { kind, entity, entityId: id ?? null, state: 'queued', personId: { notIn: [...exceptTo] } },
  });
}
