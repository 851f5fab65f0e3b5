import type { Feature } from '../feature.ts';
import { clearImportRows } from './clear-rows.ts';
import { createImports, type ImportParts } from './imports.ts';
import { importJobs } from './jobs.ts';
import { importPages } from './pages.ts';

/** `stop` lets a batch under way end, before the database closes. */
export type ImportFeature = Feature & Required<Pick<Feature, 'pages' | 'jobs' | 'stop'>>;

/** Customers from a workbook, put together over the assignment's way to enter many. */
export function createCustomerImport(parts: ImportParts): ImportFeature {
  const imports = createImports(parts);
  return {
    id: 'customer-import',
    pages: importPages({ imports, prisma: parts.prisma }),
    jobs: [...importJobs(imports), clearImportRows],
    stop: imports.stop,
  };
}
