import { readDay } from '../../chat/dates.ts';
import type { Talk } from '../../chat/define-command.ts';
import { type Hours, hoursOf, sayHours } from '../../chat/times.ts';
import type { Could } from '../../chat/when.ts';
import { invalidFields, type Refusal } from '../../kernel/refusal.ts';
import { type SchoolDay, weekdayOf } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { roomsFree } from '../book-range.ts';
import { nearDay, refuse, roomOn } from '../phrases.ts';
import { type NamedRoom, readRooms } from '../queries.ts';
import type { SlotRange } from '../range-number.ts';
import { beginsRoom, readBookingWords, roomNamed, type SaidBooking, slotsOf, speaksOfTime } from '../read-booking.ts';
import { isOpen } from '../rules.ts';

type Verb = '预定' | '候补';
type Asked = { roomId: number; date: SchoolDay; from: number; to: number; weeks: number };

/**
 * The room, day and slots somebody named. What is missing, does not agree, could be several things or was not
 * understood is asked back, with whole sentences to tap.
 * @param refused what was just refused: it is meant where nothing more is said, or only its room or day again
 * @throws Refusal `invalid_fields` asking for it, and what reading names and hours refuses
 */
export async function readAsked(
  text: string,
  { scope }: Talk,
  verb: Verb,
  refused: SlotRange | null = null,
): Promise<Asked> {
  const rooms = await readRooms(scope.tx);
  const said = readBookingWords(text, scope.today, rooms);
  const { room, unknown } = roomMeant(said, rooms);
  if (refused && unknown.length === 0 && isJustRefused(said, room, refused)) return { ...refused, weeks: 1 };
  const known = { said, room, verb, today: scope.today };
  const ask: Ask = (why, could = []) => askBack(why, offers(could, known));

  if (said.rooms.length > 1) throw severalRooms(said, verb, scope.today);
  if (said.unclear) throw ask(said.unclear.why, said.unclear.could);
  if (unknown.length > 0) throw ask(`没看懂「${unknown.join(' ')}」`, said.hours ? [{}] : []);
  if (!room) throw await whichRoom(scope, said, { verb, example: rooms.find(({ active }) => active)?.name ?? '' });
  if (!said.hours) throw whichHours(said, known, said.day ? roomOn(room.name, said.day, scope.today) : room.name);
  const [number] = said.numbers;
  if (number !== undefined) throw strayNumber(number, said, ask, scope.today);
  if (said.people !== null && said.people > room.seats) throw tooSmall(room, said.people, rooms, ask);
  const asked = { roomId: room.id, date: said.day ?? scope.today, ...slotsOf(said.hours), weeks: said.weeks };
  if (said.asks) throw await whetherFree(scope, room, asked, ask);
  return asked;
}

/** The room by its whole name, else by the beginning of one; what was said besides is `unknown`. */
export function roomMeant<T extends NamedRoom>(
  said: SaidBooking,
  rooms: readonly T[],
): { room: T | null; unknown: readonly string[] } {
  const [named] = said.rooms;
  if (named) {
    const room = rooms.find(({ id }) => id === named.id) ?? null;
    if (room && !room.active) throw refuse.room_closed({ room: room.name });
    return { room, unknown: said.unknown };
  }
  const open = rooms.filter(({ active }) => active);
  const name = said.unknown.join('');
  if (name === '') return { room: open.length === 1 ? (open[0] ?? null) : null, unknown: [] };
  // 天上 begins 天上人间, though 天 is a sign of days.
  if (!speaksOfTime(name) || beginsRoom(name, open)) return { room: roomNamed(name, rooms), unknown: [] };
  const [first = '', ...others] = said.unknown;
  return speaksOfTime(first)
    ? { room: null, unknown: said.unknown }
    : { room: roomNamed(first, rooms), unknown: others };
}

/** 候补, 候补吧, 候补 夏威夷 after 夏威夷 was refused; other hours, or another room or day, are something else. */
function isJustRefused(said: SaidBooking, room: NamedRoom | null, refused: SlotRange): boolean {
  const isSilent = said.hours === null && said.part === null && said.numbers.length === 0 && said.length === null;
  const agrees = said.rooms.length <= 1 && (said.rooms.length === 0 || room?.id === refused.roomId);
  return (
    isSilent && agrees && said.unclear === null && !said.weekly && (said.day === null || said.day === refused.date)
  );
}

type Known = { said: SaidBooking; room: NamedRoom | null; verb: Verb; today: SchoolDay };

/** Whole sentences that would be understood; none where the room or the hours are not known. */
function offers(could: readonly Could[], { said, room, verb, today }: Known): string[] {
  const sentences = could.flatMap(({ day, hours }) => {
    const when = hours ?? said.hours;
    if (!room || !when || !isOpen(when)) return [];
    const date = day ?? said.day ?? today;
    const weekly = said.weekly ? `每周${'一二三四五六日'[weekdayOf(date) - 1]}` : nearDay(date, today);
    const weeks = said.weeks > 1 ? ` ${said.weeks}周` : '';
    return [`「${verb} ${room.name} ${weekly} ${when.from}-${when.to}${weeks}」`];
  });
  return [...new Set(sentences)];
}

function askBack(why: string, sentences: readonly string[]): Refusal {
  if (sentences.length === 0) return invalidFields({ time: why.replace(/[，：]$/, '') });
  return invalidFields({ time: `${why}${/[。？！：，]$/.test(why) ? '' : '。'}回复${sentences.join('或')}` });
}

type Ask = (why: string, could?: readonly Could[]) => Refusal;

function severalRooms(said: SaidBooking, verb: Verb, today: SchoolDay): Refusal {
  const { hours } = said;
  const names = said.rooms.map(({ name }) => name).join('、');
  const each = hours
    ? said.rooms.map(({ name }) => `「${verb} ${name} ${typed(said.day ?? today, today, hours)}」`)
    : [];
  return invalidFields({
    roomId: `一次只${verb === '预定' ? '订' : '候补'}一间，${names}要分开说${each.length > 0 ? `：${each.join('，再')}` : ''}`,
  });
}

async function whichRoom(scope: Scope, said: SaidBooking, { verb, example }: { verb: Verb; example: string }) {
  const day = said.day ?? scope.today;
  const { hours } = said;
  if (!hours) return invalidFields({ roomId: `${verb}哪间、什么时候？写成「${verb} ${example} 明天 10-12」这样` });
  const free = await roomsFree(scope, { date: day, ...slotsOf(hours) });
  const when = `${nearDay(day, scope.today)} ${sayHours(hours)}`;
  const [first] = free;
  if (!first) return invalidFields({ roomId: `${verb}哪一间？${when} 已经没有空着的会议室` });
  return invalidFields({
    roomId: `${verb}哪一间？${when} 空着的有${free.slice(0, 8).join('、')}：回复「${verb} ${first} ${typed(day, scope.today, hours)}」`,
  });
}

/** 10 alone could be an hour or a length, 下午 five of them, 2小时 begins somewhere: an example shows how to say it. */
function whichHours(said: SaidBooking, known: Known, on: string): Refusal {
  const { numbers, part, length } = said;
  const [first, second] = numbers;
  const like = (why: string, hours: Hours) =>
    invalidFields({ time: `${why}？写成${offers([{ hours }], known)[0] ?? '「10-12」'}这样` });
  if (first !== undefined && second !== undefined && second > first)
    return like(`${on} ${first} 点到 ${second} 点吗`, { from: first, to: second });
  if (first !== undefined) {
    const from = first >= 8 && first <= 20 ? first : first > 0 && first < 8 ? first + 12 : 14;
    return like(`${on} ${first} 点到几点`, { from, to: from + 1 });
  }
  if (length !== null) return like(`${on}从几点开始`, { from: 14, to: 14 + Math.max(1, Math.ceil(length)) });
  const near = /^[早晚]$/.test(part ?? '') ? on.replace(/([今明])天$/, '$1') : on;
  return like(`${near}${part ?? ''}几点到几点`, part === null ? { from: 14, to: 16 } : hoursOf(part));
}

/** 27 beside hours: a day without 号, or something else. */
function strayNumber(number: number, said: SaidBooking, ask: Ask, today: SchoolDay): Refusal {
  const day = said.day === null ? readDay(`${number}号`, today, { want: 'near' }) : null;
  return day ? ask(`「${number}」是 ${number} 号吗？`, [{ day }]) : ask(`没看懂「${number}」`, [{}]);
}

function tooSmall(room: NamedRoom, people: number, rooms: readonly NamedRoom[], ask: Ask): Refusal {
  const larger = rooms
    .filter(({ active, seats }) => active && seats >= people)
    .map(({ name, seats }) => `${name} ${seats} 座`);
  const instead = larger.length > 0 ? `，坐得下的有${larger.slice(0, 4).join('、')}` : '，也没有更大的';
  return ask(`${room.name}只有 ${room.seats} 座，${people} 个人坐不下${instead}。还是要${room.name}的话，`, [{}]);
}

/** A question changes nothing: it is answered, with the sentence that books. */
async function whetherFree(scope: Scope, room: NamedRoom, { date, from, to }: Asked, ask: Ask): Promise<Refusal> {
  const free = await roomsFree(scope, { date, from, to });
  const when = roomOn(room.name, date, scope.today);
  return free.includes(room.name)
    ? ask(`${when}这个时段空着，`, [{}])
    : ask(`${when}这个时段不空，看看还空着的：回复「会议室 ${nearDay(date, scope.today)}」`);
}

function typed(date: SchoolDay, today: SchoolDay, { from, to }: Hours): string {
  return `${nearDay(date, today)} ${from}-${to}`;
}
