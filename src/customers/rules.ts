import type { CustomerStatus, PoolReason } from '../generated/prisma/client.ts';
import { addDays, isSchoolDay, type SchoolDay } from '../kernel/school-time.ts';

/** How many days a customer may go without a contact, and without a deal (both are settings). */
export type DayCounts = { noContactDays: number; noDealDays: number };

export type DropDates = { receivedOn: SchoolDay; lastContactedOn: SchoolDay };

/** The reason the sweep gives. */
export type DropReason = Extract<PoolReason, 'noContact' | 'noDeal'>;

/**
 * The days before which a date must lie for the sweep of `today` to take the customer (rule 2): strictly before.
 */
export function dropLimits(today: SchoolDay, { noContactDays, noDealDays }: DayCounts) {
  return { contactedBefore: addDays(today, -noContactDays), receivedBefore: addDays(today, -noDealDays) };
}

/** Why the sweep of `today` takes this customer; both where both hold, no deal first, as it names the drop; none: stays. */
export function dropReasons(dates: DropDates, today: SchoolDay, counts: DayCounts): DropReason[] {
  const { contactedBefore, receivedBefore } = dropLimits(today, counts);
  return [
    ...(dates.receivedOn < receivedBefore ? (['noDeal'] as const) : []),
    ...(dates.lastContactedOn < contactedBefore ? (['noContact'] as const) : []),
  ];
}

/**
 * The day whose sweep takes the customer where nothing happens until then, and the reason it gives: contacted on day D
 * it goes on D+4, received on D on D+16 (rule 2).
 */
export function dropsOn(
  { receivedOn, lastContactedOn }: DropDates,
  counts: DayCounts,
): { day: SchoolDay; reason: DropReason } {
  const noContact = addDays(lastContactedOn, counts.noContactDays + 1);
  const noDeal = addDays(receivedOn, counts.noDealDays + 1);
  return noDeal <= noContact ? { day: noDeal, reason: 'noDeal' } : { day: noContact, reason: 'noContact' };
}

/** Whether somebody may claim a customer now, caps aside (rules 3 and 4); the claim's statement decides the same. */
export function mayClaim(
  customer: { consultantId: number | null; status: CustomerStatus; lastConsultantId: number | null },
  claimantId: number,
): 'yes' | 'not_in_pool' | 'lost_it_last' {
  if (customer.consultantId !== null || customer.status === 'enrolled') return 'not_in_pool';
  return customer.lastConsultantId === claimantId ? 'lost_it_last' : 'yes';
}

/** The same day a month earlier; where that month is shorter, its last day. */
export function monthEarlier(day: SchoolDay): SchoolDay {
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 2;
  const month = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
  for (let date = Number(day.slice(8)); ; date -= 1) {
    const earlier = `${month}-${String(date).padStart(2, '0')}`;
    if (isSchoolDay(earlier)) return earlier;
  }
}

/** 138****8000; a number too short for that shows less. */
export function maskPhone(phone: string): string {
  return mask(phone, 3, phone.length >= 11 ? 4 : 2);
}

/** 12****78; five or six digits show one at each end. */
export function maskQq(qq: string): string {
  return qq.length >= 7 ? mask(qq, 2, 2) : mask(qq, 1, 1);
}

/** a***z */
export function maskWechat(wechat: string): string {
  return `${wechat.slice(0, 1)}***${wechat.slice(-1)}`;
}

/** The stars are always four, so that the mask does not tell the length. */
function mask(text: string, first: number, last: number): string {
  return `${text.slice(0, first)}****${text.slice(-last)}`;
}
