import type { Logger } from 'pino';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { MovableClock } from '../kernel/clock.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import type { SandboxAccount } from './account.ts';

/** What every part of the sandbox works with. */
export type SandboxParts = {
  prisma: PrismaClient;
  account: SandboxAccount;
  clock: MovableClock;
  time: SchoolTime;
  log: Logger;
  /** Its account has a template for each kind of notice. */
  catalogue: Catalogue;
};
