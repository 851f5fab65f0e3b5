import { defineJob, type Job } from '../jobs/define-job.ts';
import { wallNow } from '../kernel/clock.ts';
import type { Scope } from '../kernel/scope.ts';
import { giveUpReading } from './give-up-reading.ts';
import type { Imports } from './imports.ts';
import { PROBLEMS } from './phrases.ts';

/** Imports left behind by a process that died: every minute and at start. */
export function importJobs(imports: Imports): Job[] {
  return [
    defineJob({
      id: 'customers.go-on-importing',
      title: '接着做中断的导入',
      at: '* * * * *',
      missed: 'last',
      batch: 100,
      run: (scope) => goOnImporting(scope, imports),
    }),
  ];
}

/**
 * Goes on with runs that nobody works on, in the background, and gives up files whose reader died: their bytes are gone.
 * Returns how many were given up.
 */
async function goOnImporting({ tx, afterCommit }: Scope, imports: Imports): Promise<number> {
  const now = new Date(wallNow());
  const left = await tx.customerImport.findMany({
    where: { state: 'running', OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  afterCommit(() => {
    for (const { id } of left) imports.goOn(id);
  });
  const unread = await tx.customerImport.findMany({
    where: { state: 'reading', leaseUntil: { lt: now } },
    select: { id: true },
  });
  const ids = unread.map(({ id }) => id);
  return giveUpReading(tx, ids, PROBLEMS.stopped);
}
