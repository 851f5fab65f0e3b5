import type { Prisma } from '../generated/prisma/client.ts';
import type { Tx } from '../kernel/scope.ts';

/**
 * Ends the reading of files that could not be read, and says why; what was read of them is not kept. One that was read
 * before goes back to its preview, where something else can be chosen; a new one has failed. Returns how many.
 */
export async function giveUpReading(
  db: Pick<Tx, 'customerImport' | 'importRow' | 'importFile'>,
  ids: number[],
  problem: string,
): Promise<number> {
  if (ids.length === 0) return 0;
  const nothing = { problem, leaseUntil: null, total: 0, duplicates: 0, failed: 0, kept: 0 };
  const reading: Prisma.CustomerImportWhereInput = { id: { in: ids }, state: 'reading' };
  const again = { plan: { path: ['again'], equals: true } };
  const back = await db.customerImport.updateMany({
    where: { ...reading, ...again },
    data: { ...nothing, state: 'preview' },
  });
  const failed = await db.customerImport.updateMany({ where: reading, data: { ...nothing, state: 'failed' } });
  const ended = { importId: { in: ids }, import: { state: { in: ['failed' as const, 'preview' as const] }, total: 0 } };
  await db.importRow.deleteMany({ where: ended });
  await db.importFile.deleteMany({ where: { importId: { in: ids }, import: { state: 'failed' } } });
  return back.count + failed.count;
}
