import { defineRefusals } from '../kernel/refusal.ts';
import { type SchoolDay, sayDay } from '../kernel/school-time.ts';
import { spaced } from '../kernel/spaced.ts';
import { hourOf, runsOf, sayHour, saySlots } from './schema.ts';

export type Taken = {
  room: string;
  roomId: number;
  slot: number;
  personId: number;
  holder: string;
  department: string | null;
};
/** On which day something is taken, and who reads of it: their own is not somebody else's. */
export type Seen = { date: SchoolDay; today: SchoolDay; me: number | null };

const MOST_NAMED = 4;

/** A day in one word, as commands take it too: 今天, 明天, 周五, 12-03. */
export function nearDay(date: SchoolDay, today: SchoolDay): string {
  return sayDay(date, today).split(' ')[0] ?? date;
}

/** 夏威夷明天, 夏威夷 12-03 */
export function roomOn(room: string, date: SchoolDay, today: SchoolDay): string {
  const day = nearDay(date, today);
  return /^\d/.test(day) ? `${room} ${day}` : `${room}${day}`;
}

/** 明天 11-22 周日的, 12-03 的 */
export function dayOf(date: SchoolDay, today: SchoolDay): string {
  return `${spaced(sayDay(date, today))}的`;
}

/** 夏威夷明天 11:00 已被王强（市场部）订了；…; neighbouring hours of one holder taken together. */
export function sayTaken(taken: readonly Taken[], { date, today, me }: Seen): string {
  const byHolder = new Map<string, Taken[]>();
  for (const one of taken) {
    const key = `${one.roomId}:${one.personId}`;
    byHolder.set(key, [...(byHolder.get(key) ?? []), one]);
  }
  const said = [...byHolder.values()].flatMap((rows) => {
    const [{ room, personId, holder, department }] = rows as [Taken];
    const whose = personId === me ? ' 你已经订了' : ` 已被${holder}${department ? `（${department}）` : ''}订了`;
    return runsOf(rows.map(({ slot }) => slot)).map(
      ([from, to]) =>
        `${roomOn(room, date, today)} ${from === to ? sayHour(hourOf(from)) : saySlots([from, to])}${whose}`,
    );
  });
  const more = said.length > MOST_NAMED ? `；还有 ${said.length - MOST_NAMED} 处` : '';
  return `${said.slice(0, MOST_NAMED).join('；')}${more}`;
}

export const refuse = defineRefusals({
  slot_taken: {
    status: 409,
    say: (p: Seen & { taken: readonly Taken[]; asked: number }) =>
      `${sayTaken(p.taken, p)}${p.asked > 1 ? '。这次什么都没有改' : ''}`,
  },
  slot_begun: {
    status: 409,
    say: (p: { date: SchoolDay; today: SchoolDay; slot: number; cancels?: boolean }) => {
      const past = p.date < p.today;
      if (p.cancels)
        return past
          ? `${dayOf(p.date, p.today)}预定已经过去，不能再取消了`
          : `今天 ${sayHour(hourOf(p.slot))} 已经开始，不能再取消了`;
      return past
        ? `${spaced(sayDay(p.date, p.today))}已经过去了，只能订今天和以后的`
        : `今天 ${sayHour(hourOf(p.slot))} 已经开始，订后面的时段吧`;
    },
  },
  no_such_room: { status: 404, say: (p: { roomId: number }) => `没有编号 ${p.roomId} 的会议室，看看现在有哪些再选` },
  no_room_named: {
    status: 404,
    say: (p: { said: string; rooms: readonly string[] }) =>
      p.rooms.length > 0
        ? `没有叫「${p.said}」的会议室，现在有${p.rooms.slice(0, 8).join('、')}`
        : '还没有会议室，请管理员先加上',
  },
  no_series: { status: 409, say: () => '这条不是每周连订的，不要了就直接删除' },
  room_closed: { status: 409, say: (p: { room: string }) => `${p.room}停用了，换一间吧` },
  not_booked: {
    status: 409,
    say: (p: { room: string; slot: number }) => `${p.room} ${sayHour(hourOf(p.slot))} 没有人订，不用取消`,
  },
  not_yours: {
    status: 403,
    say: (p: Pick<Taken, 'room' | 'slot' | 'holder'>) =>
      `${p.room} ${sayHour(hourOf(p.slot))} 是${p.holder}订的，只能取消自己的`,
  },
  booking_gone: { status: 404, say: () => '这个预定已经不在了，回复「我的预定」看看现在的' },
  room_known: { status: 409, say: (p: { name: string }) => `已经有一间叫${p.name}的会议室了` },
  room_in_use: {
    status: 409,
    say: (p: { count: number }) => `这间有 ${p.count} 条预定记录，删了就没了：把「可预定」关掉就行`,
  },
  nothing_free: {
    status: 409,
    say: (p: { room: string; weeks: number; first: string }) =>
      `${p.room}这个时段 ${p.weeks} 周都有人订了：${p.first}。换个时间或换一间`,
  },
  opening_hours: {
    status: 422,
    say: (p: { from: number; to: number }) =>
      `会议室 8:00 到 21:00 开放，${sayHour(p.from)}–${sayHour(p.to)} 订不了。写成「10-12」或「下午2点」这样`,
  },
});
