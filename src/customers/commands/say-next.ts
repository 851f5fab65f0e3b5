import { addDays, type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import { sayDeadline } from '../phrases.ts';
import type { FollowUpOutcome } from '../write-follow-up.ts';

/**
 * What comes next after a contact, for whom the receipt is given: the appointment with its reminder, or the day by which
 * it must be spoken with again; of both the first (no reminder comes after the customer has dropped).
 */
export function sayNext(
  { nextContactOn, drop, holder }: Pick<FollowUpOutcome, 'nextContactOn' | 'drop' | 'holder'>,
  { today, readerId }: { today: SchoolDay; readerId: number | null },
): string | null {
  const deadline = drop && sayDeadline(drop, addDays(drop.day, -1), today);
  const whom = holder.id === readerId ? '你' : holder.name;
  if (!nextContactOn) return deadline;
  const appointment = `下次联系 ${sayDay(nextContactOn, today)}`;
  if (drop && nextContactOn >= drop.day) return `${appointment}，但等不到那天：${deadline}`;
  return `${appointment}，到时提醒${whom}`;
}
