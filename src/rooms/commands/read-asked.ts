import type { Talk } from '../../chat/define-command.ts';
import { type Hours, sayHours } from '../../chat/times.ts';
import { invalidFields, type Refusal } from '../../kernel/refusal.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { roomsFree } from '../book-range.ts';
import { nearDay, roomOn } from '../phrases.ts';
import { readRooms } from '../queries.ts';
import { readBookingWords, roomNamed, type SaidBooking, slotsOf } from '../read-booking.ts';

/**
 * The room, day and slots somebody named; what is missing or could be several things is asked back.
 * @throws Refusal `invalid_fields` asking for what is missing, and what reading names and hours refuses
 */
export async function readAsked(text: string, { scope }: Talk, verb: '预定' | '候补') {
  const rooms = await readRooms(scope.tx);
  const said = readBookingWords(text, scope.today, rooms);
  const open = rooms.filter(({ active }) => active);
  const date = said.date ?? scope.today;
  if (said.name === '' && open.length > 1) throw await whichRoom(scope, said, { verb, example: open[0]?.name ?? '' });
  const room = roomNamed(said.name || (open[0]?.name ?? ''), rooms);
  if (!said.hours) throw whichHours(scope, room.name, said, verb);
  return { roomId: room.id, date, ...slotsOf(said.hours), weeks: said.weeks };
}

async function whichRoom(
  scope: Scope,
  { date, hours }: SaidBooking,
  { verb, example }: { verb: string; example: string },
): Promise<Refusal> {
  const day = date ?? scope.today;
  if (!hours) return invalidFields({ roomId: `${verb}哪间、什么时候？写成「${verb} ${example} 明天 10-12」这样` });
  const free = await roomsFree(scope, { date: day, ...slotsOf(hours) });
  const when = `${nearDay(day, scope.today)} ${sayHours(hours)}`;
  const [first] = free;
  if (!first) return invalidFields({ roomId: `${verb}哪一间？${when} 已经没有空着的会议室` });
  return invalidFields({
    roomId: `${verb}哪一间？${when} 空着的有${free.slice(0, 8).join('、')}：回复「${verb} ${first} ${typed(day, scope.today, hours)}」`,
  });
}

/** 10 alone could be an hour or a length, 下午 six of them. */
function whichHours(scope: Scope, room: string, { date, vague }: SaidBooking, verb: string): Refusal {
  const day = date ?? scope.today;
  const on = date ? roomOn(room, date, scope.today) : room;
  const hour = /^\d+$/.test(vague ?? '') ? Number(vague) : null;
  const hours = hour !== null && hour >= 8 && hour <= 20 ? { from: hour, to: hour + 1 } : { from: 14, to: 16 };
  const asked = hour !== null ? `${on} ${hour} 点到几点` : vague ? `${on}${vague}几点到几点` : `${on}几点到几点`;
  return invalidFields({ time: `${asked}？写成「${verb} ${room} ${typed(day, scope.today, hours)}」这样` });
}

function typed(date: SchoolDay, today: SchoolDay, { from, to }: Hours): string {
  return `${nearDay(date, today)} ${from}-${to}`;
}
