import { may } from '../access/access.ts';
import type { TodayLine } from '../chat/today.ts';
import type { Scope } from '../kernel/scope.ts';
import { readMyBookings } from './queries.ts';
import { hourOf, sayHour, saySlots } from './schema.ts';

/** What one has booked for today and is still to come. */
export async function roomsToday(scope: Scope): Promise<TodayLine[]> {
  if (!may(scope.actor, 'rooms.book')) return [];
  const mine = (await readMyBookings(scope)).filter(({ date }) => date === scope.today);
  return mine.map(({ room, slots }) => ({
    short: `${sayHour(hourOf(slots[0] ?? 1))} ${room}`,
    line: `${saySlots(slots)} 会议室 ${room}，回复「我的预定」看`,
  }));
}
