import type { Feature } from '../feature.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { RotaStore } from '../rota/rota-store.ts';
import { createMarkReset, createRankChanges, type MarkReset } from './change-ranks.ts';
import { assignmentCommands } from './commands.ts';
import { createDrawRota } from './cycle.ts';
import { createEnterAndAssign, type EnterAndAssign } from './enter-and-assign.ts';
import { createEnterMany, type EnterMany } from './enter-many.ts';
import { createHandOut, type HandOut } from './hand-out.ts';
import { assignmentJobs } from './jobs.ts';
import { assignmentPages } from './pages.ts';
import { salesRanksTable } from './table.ts';
import { createTakeTurns } from './take-turns.ts';

/** The automatic assignment as the rest of the service uses it. */
export type AssignmentFeature = Feature &
  Required<Pick<Feature, 'commands' | 'tables' | 'pages' | 'jobs'>> & {
    /** Enters one customer, by form and chat alike. */
    enter: EnterAndAssign;
    /** Enters a batch, for imports. */
    enterMany: EnterMany;
    /** Turns for customers there are already: a leaver's, handed over. */
    handOut: HandOut;
    /** To be called wherever ranks, leave or an account change. */
    markReset: MarkReset;
  };

/**
 * Puts the feature together over one rota.
 * @param prisma the outer client, used only where no transaction is open
 */
export function createAssignment({ rota, prisma }: { rota: RotaStore; prisma: PrismaClient }): AssignmentFeature {
  const takeTurns = createTakeTurns({ rota, prisma });
  const enter = createEnterAndAssign(takeTurns);
  const markReset = createMarkReset(rota);
  return {
    id: 'assignment',
    enter,
    enterMany: createEnterMany(takeTurns),
    handOut: createHandOut(takeTurns),
    markReset,
    commands: assignmentCommands({ enter }),
    tables: [salesRanksTable(createRankChanges(markReset))],
    pages: assignmentPages({ drawRota: createDrawRota({ rota, prisma }) }),
    jobs: assignmentJobs({ rota }),
  };
}
