import { holdsAt, whoMay } from '../access/who-may.ts';
import type { Actor } from '../kernel/actor.ts';

/** Who can hold customers and claim them: active staff whose role lets them claim. */
export const holders = whoMay('customers.claim');

/** The pool's consultants: those who claim for themselves, not their heads. */
export const poolConsultants = whoMay('customers.claim', ['own']);

/** Whether somebody is a consultant (课程顾问): claims for themselves, and so keeps whom they enter. */
export function isConsultant(actor: Actor): boolean {
  return actor.id !== null && holdsAt(actor, 'customers.claim', 'own');
}
