import type { Job } from '../../jobs/define-job.ts';
import type { Page } from '../../web/define-page.ts';
import { clearImportRows } from './clear-rows.ts';
import { createImports, type ImportParts } from './imports.ts';
import { importJobs } from './jobs.ts';
import { importPages } from './pages.ts';

/** The import as the rest of the service uses it. `stop` lets a batch under way end, before the database closes. */
export type ImportFeature = { pages: Page[]; jobs: Job[]; stop(): Promise<void> };

/** Puts the import together over the assignment's way to enter many. */
export function createCustomerImport(parts: ImportParts): ImportFeature {
  const imports = createImports(parts);
  return {
    pages: importPages({ imports, prisma: parts.prisma }),
    jobs: [...importJobs(imports), clearImportRows],
    stop: imports.stop,
  };
}
