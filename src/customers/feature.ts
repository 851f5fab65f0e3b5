import type { Feature } from '../feature.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { customerCommands } from './commands.ts';
import { createCustomerFigures } from './figures.ts';
import { customerJobs } from './jobs.ts';
import { customerPages } from './pages.ts';
import type { Enter } from './tables/customers.ts';
import { customerTables } from './tables.ts';

/** Customers, the pool and what is done with them; `enter` gives who is entered by form to somebody. */
export function createCustomers({ prisma, enter }: { prisma: PrismaClient; enter: Enter }): Feature {
  return {
    id: 'customers',
    commands: customerCommands,
    tables: customerTables({ enter }),
    pages: customerPages,
    jobs: customerJobs,
    figures: createCustomerFigures({ prisma }),
  };
}
