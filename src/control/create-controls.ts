import { join } from 'node:path';
import type { Database } from '../database/open.ts';
import type { Scheduler } from '../jobs/scheduler.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { ManagePeople } from '../people/index.ts';
import type { Controls } from './controls.ts';

/** What the operator's commands do, over the parts they need. */
export function createControls(parts: {
  scheduler: Scheduler;
  inTransaction: InTransaction;
  people: ManagePeople;
  database: Pick<Database, 'dump'>;
  dataDir: string;
  clock: Clock;
  time: SchoolTime;
  menu: { set(): Promise<void> };
}): Controls {
  const { scheduler, inTransaction, people, database, dataDir, clock, time, menu } = parts;
  return {
    job: async ({ id, at }) => `${id}: ${await scheduler.runByHand(id, at ? new Date(at) : undefined)} rows`,
    admin: async ({ username }) => {
      const password = await inTransaction(systemActor, 'system', (scope) => people.makeAdministrator(scope, username));
      return `${username} ${password}`;
    },
    backup: async ({ file }) => {
      if (!database.dump) throw new Error('the database is a PostgreSQL server: back it up with pg_dump');
      const stamp = time.iso(clock.now()).slice(0, 19).replace(/[-:]/g, '');
      const to = file ?? join(dataDir, `backup-${stamp}.tar.gz`);
      await database.dump(to);
      return to;
    },
    menu: async () => {
      await menu.set();
      return 'the account menu is set';
    },
  };
}
