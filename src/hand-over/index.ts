export { deactivateAction } from './deactivate-action.ts';
export { createHandOver } from './hand-over-customers.ts';
