import { defineJob, type Job } from '../jobs/define-job.ts';
import type { RotaStore } from '../rota/rota-store.ts';
import { returnOrphans } from './return-orphans.ts';

/** The assignment's jobs: unfinished turns go back to the rota, every half minute and at start. */
export function assignmentJobs({ rota }: { rota: RotaStore }): Job[] {
  return [
    defineJob({
      id: 'assignment.return-turns',
      title: '收回没用上的轮次',
      at: '*/30 * * * * *',
      missed: 'last',
      batch: 1000,
      run: (scope) => returnOrphans(scope, rota),
    }),
  ];
}
