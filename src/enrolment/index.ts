export { enrolmentCommands } from './commands.ts';
export { createEnrolCustomer, type Enrolled } from './enrol-customer.ts';
export { enrolmentPages } from './pages.ts';
export { recordPayment } from './payments.ts';
export { paymentsTable } from './table.ts';
