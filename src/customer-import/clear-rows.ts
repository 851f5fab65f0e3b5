import { defineJob, type Job } from '../jobs/define-job.ts';
import type { Scope } from '../kernel/scope.ts';
import { KEPT_DAYS, PROBLEMS } from './phrases.ts';

const DAY_MS = 24 * 3_600_000;

/** Clears the rows of imports that ended long ago; what became of them stays in numbers. */
export const clearImportRows: Job = defineJob({
  id: 'customers.clear-import-rows',
  title: `清理 ${KEPT_DAYS} 天前导入的原始行`,
  at: '40 3 * * *',
  missed: 'last',
  batch: 5000,
  run: (scope, { limit }) => clearRows(scope, limit),
});

/** An import without its header has no rows either: pages and reports go by that, so it goes first. */
async function clearRows({ tx, now }: Scope, limit: number): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS);
  const forgotten = await tx.$executeRaw`
    UPDATE "CustomerImport" SET state = 'failed', problem = ${PROBLEMS.unconfirmed}, header = NULL
    WHERE state = 'preview' AND "createdAt" < ${before}`;
  await tx.$executeRaw`
    UPDATE "CustomerImport" SET header = NULL
    WHERE state = 'done' AND "endedAt" < ${before} AND header IS NOT NULL`;
  await tx.importFile.deleteMany({ where: { import: { state: { in: ['done', 'failed'] } } } });
  const cleared = await tx.$executeRaw`
    DELETE FROM "ImportRow" WHERE id IN (
      SELECT r.id FROM "CustomerImport" i JOIN "ImportRow" r ON r."importId" = i.id
      WHERE i.state IN ('done', 'failed') AND i.header IS NULL
      LIMIT ${limit})`;
  return forgotten + cleared;
}
