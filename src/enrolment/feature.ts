import type { Feature } from '../feature.ts';
import type { ManagePeople } from '../people/index.ts';
import { enrolmentCommands } from './commands.ts';
import { createEnrolCustomer } from './enrol-customer.ts';
import { enrolmentPages } from './pages.ts';
import { paymentsTable } from './table.ts';

/** Becoming a student, and what was paid for it. */
export function createEnrolment({ people }: { people: ManagePeople }): Feature {
  const enrol = createEnrolCustomer(people);
  return {
    id: 'enrolment',
    commands: enrolmentCommands({ enrol }),
    tables: [paymentsTable],
    pages: enrolmentPages({ enrol }),
  };
}
