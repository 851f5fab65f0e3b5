import type { Feature } from '../feature.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { ManagePeople } from '../people/index.ts';
import type { LinkMaker } from './commands/roll-call.ts';
import { teachingCommands } from './commands.ts';
import { createTeachingFigures } from './figures.ts';
import { teachingJobs } from './jobs.ts';
import { teachingPages } from './pages.ts';
import { teachingTables } from './tables/index.ts';
import { teachingToday } from './today.ts';

/** Campuses, courses, cohorts, lessons and what students do in them. */
export function createTeaching(
  parts: Parameters<typeof teachingPages>[0] & { prisma: PrismaClient; links: LinkMaker; people: ManagePeople },
): Feature {
  return {
    id: 'teaching',
    commands: teachingCommands(parts),
    tables: teachingTables(parts),
    pages: teachingPages(parts),
    jobs: teachingJobs,
    figures: createTeachingFigures(parts),
    today: teachingToday,
  };
}
