import { eachInItsOwnRight } from '../kernel/own-right.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';

/** What came of doing the same for several records. */
export type Several<T> = { done: T[]; refused: { id: number; why: string }[] };

/**
 * Does the same for several records, each in its own right: one that is refused does not take the others back, and is
 * told apart in the receipt.
 * @throws Refusal the records' own, where none could be done
 */
export async function eachOf<T>(
  scope: Scope,
  ids: readonly number[],
  work: (scope: Scope, id: number) => Promise<T>,
): Promise<Several<T>> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return { done: [await work(scope, only)], refused: [] };
  const became = await eachInItsOwnRight(scope, ids, work);
  const done = became.flatMap((one) => (one.refusal ? [] : [one.done]));
  const refused = became.flatMap(({ of, refusal }) => (refusal ? [{ id: of, refusal }] : []));
  const [first] = refused;
  const whys = [...new Set(refused.map(({ refusal }) => refusal.message))];
  if (done.length === 0 && first) throw new Refusal(first.refusal.code, first.refusal.status, whys.join('\n'));
  return { done, refused: refused.map(({ id, refusal }) => ({ id, why: refusal.message })) };
}
