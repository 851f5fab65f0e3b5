import type { Tx } from '../../kernel/scope.ts';

/** Ends imports whose file could not be read, and says why; what was read of them is not kept. Returns how many. */
export async function giveUpReading(
  db: Pick<Tx, 'customerImport' | 'importRow'>,
  ids: number[],
  problem: string,
): Promise<number> {
  if (ids.length === 0) return 0;
  const { count } = await db.customerImport.updateMany({
    where: { id: { in: ids }, state: 'reading' },
    data: { state: 'failed', problem, leaseUntil: null, total: 0, duplicates: 0, failed: 0 },
  });
  await db.importRow.deleteMany({ where: { import: { id: { in: ids }, state: 'failed' } } });
  return count;
}
