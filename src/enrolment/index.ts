export { directionOf, PAYMENT_KINDS } from './choices.ts';
export { enrolmentCommands } from './commands.ts';
export { createEnrolCustomer, type Enrol, type Enrolled } from './enrol-customer.ts';
export { enrolmentPages } from './pages.ts';
export { recordPayment } from './payments.ts';
export { EnrolCustomer } from './schema.ts';
export { paymentsTable } from './table.ts';
