import type { Table } from '../web/define-table.ts';
import { customersTable, type Enter, enterWithoutRota, poolTable } from './tables/customers.ts';
import { assignmentsTable, followUpsTable, myCustomersTable } from './tables/history.ts';

/** Every table of customers; `enter` gives who is entered by form to somebody. */
export function customerTables({ enter = enterWithoutRota }: { enter?: Enter } = {}): readonly Table[] {
  return [customersTable({ enter }), poolTable, myCustomersTable, assignmentsTable, followUpsTable];
}
