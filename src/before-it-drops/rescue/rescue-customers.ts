import { type FollowUpOutcome, writeFollowUp } from '../../customers/index.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type ComingSweep, readComingSweep } from './coming-sweep.ts';
import { findAboutToDrop } from './find-about-to-drop.ts';
import { type Numbered, withNumbers } from './say-drops.ts';

/** One answer to a number, with the customer behind it. */
export type RescueAnswer = { number: number; customerId: number; note: string; nextContactOn?: SchoolDay | undefined };

export type RescueOutcome = {
  written: (FollowUpOutcome & { number: number })[];
  refused: { number: number; why: string }[];
  /** Who still drops, of those with a number. */
  left: Numbered[];
  sweep: ComingSweep;
};

/**
 * Writes the follow-up each answer tells, which saves its customer from the coming sweep (rule 2). An answer that cannot
 * be written does not take the others back: it is told apart.
 * @throws Refusal of the first, where none can be written
 */
export async function rescueCustomers(
  scope: Scope,
  { answers, items }: { answers: readonly RescueAnswer[]; items: readonly number[] },
): Promise<RescueOutcome> {
  const written: RescueOutcome['written'] = [];
  const refused: RescueOutcome['refused'] = [];
  for (const { number, customerId, note, nextContactOn } of answers) {
    try {
      written.push({ number, ...(await writeFollowUp(scope, { customerId, note, nextContactOn })) });
    } catch (error) {
      // Each is refused before its statement wrote anything, so the others stand.
      if (!(error instanceof Refusal)) throw error;
      refused.push({ number, why: error.message });
    }
  }
  const [first] = refused;
  if (written.length === 0 && first) throw new Refusal('not_rescued', 409, `${first.number} 号没记上：${first.why}`);
  const sweep = await readComingSweep(scope);
  const consultantId = scope.actor.id ?? -1;
  const drops = (await findAboutToDrop(scope, sweep, [consultantId])).get(consultantId);
  const left = drops ? withNumbers(drops, items).filter(({ number }) => number > 0) : [];
  return { written, refused, left, sweep };
}
