import type { Feature } from '../feature.ts';
import type { Table } from '../web/define-table.ts';
import { auditTable } from './table.ts';

/** Who changed what; the words for columns and choices are those of the tables it is given. */
export function createAudit(tables: readonly Table[]): Feature {
  return { id: 'audit', tables: [auditTable(tables)] };
}
