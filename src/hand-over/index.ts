export { deactivateAction } from './deactivate-action.ts';
export { createHandOver, type HandedOver, type HandOverCustomers } from './hand-over-customers.ts';
export { handOverPages } from './pages.ts';
