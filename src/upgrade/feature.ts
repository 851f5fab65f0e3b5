import type { Feature } from '../feature.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { clashesTable, clearClashes, createClashFigures } from './clashes.ts';

/** What an upgrade could not settle by itself, for an administrator. */
export function createUpgrade({ prisma }: { prisma: PrismaClient }): Feature {
  return {
    id: 'upgrade',
    tables: [clashesTable],
    jobs: [clearClashes],
    figures: createClashFigures({ prisma }),
  };
}
