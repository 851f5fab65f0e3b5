export { type ChoiceField, readChoice } from './choice-words.ts';
export {
  ASSIGNMENT_STATES,
  choice,
  EDUCATIONS,
  EXPERIENCES,
  GENDERS,
  SOURCES,
  STATUSES,
  WORK_STATUSES,
} from './choices.ts';
export { claimCustomer } from './claim-customer.ts';
export { sayNext } from './commands/say-next.ts';
export { CUSTOMER_LISTS, meantCustomer } from './commands/which-customer.ts';
export { customerAlone, withWholeName } from './commands/whole-name.ts';
export { customerCommands } from './commands.ts';
export { type Entered, type EnteredKept, enterCustomer, readReferences, undoEntry } from './enter-customer.ts';
export { createCustomerFigures } from './figures.ts';
export { fillEmpty } from './fill-empty.ts';
export { coursesNamed } from './find-courses.ts';
export { holders, isConsultant, poolConsultants } from './holders.ts';
export { KEPT, keepNumbers } from './kept-numbers.ts';
export { type Contacts, duplicate, findKnown, type KnownCustomer, refuseKnown } from './known-customer.ts';
export { moveDueToPool } from './move-due-to-pool.ts';
export { markOf } from './namesakes.ts';
export {
  askedAgain,
  assigned,
  customerSubject,
  dropped,
  myCustomersSubject,
  poolSubject,
  transferred,
} from './notices.ts';
export { customerPages } from './pages.ts';
export { refuse, sayAside, sayContact, sayContacts, sayDays, shorten } from './phrases.ts';
export { findHeld, readCustomer, readFile } from './queries.ts';
export { releaseCustomer } from './release-customer.ts';
export { type DayCounts, type DropReason, dropLimits, dropReasons, dropsOn, monthEarlier } from './rules.ts';
export { Day, EditCustomer, EnterCustomer, joinMemo, NEEDS_CONTACT, TITLES, WriteFollowUp } from './schema.ts';
export { type Enter, enterWithoutRota } from './tables/customers.ts';
export { calledApart, holderOptions } from './tables/fields.ts';
export { customerTables } from './tables.ts';
export { tellHolder } from './tell-holder.ts';
export { transferCustomer } from './transfer-customer.ts';
export { heldBy, visibleCustomers, within } from './visibility.ts';
export { type FollowUpKept, type FollowUpOutcome, undoFollowUps, writeFollowUp } from './write-follow-up.ts';
