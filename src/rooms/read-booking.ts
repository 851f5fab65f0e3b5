import { takeCourtesy } from '../chat/courtesy.ts';
import { takeDay } from '../chat/dates.ts';
import { matchName } from '../chat/names.ts';
import { NUMERAL, readNumeral } from '../chat/numerals.ts';
import { halfWidth } from '../chat/said.ts';
import { simplified } from '../chat/simplified.ts';
import { type Hours, takeHours, takeLength, takePart } from '../chat/times.ts';
import { readWhen, type Unclear, type When, type WhenReader } from '../chat/when.ts';
import { daysBetween, type SchoolDay } from '../kernel/school-time.ts';
import { refuse } from './phrases.ts';
import type { NamedRoom } from './queries.ts';
import { slotAt } from './schema.ts';

/**
 * What a booking's words say, in any order and without blanks: 夏威夷 明天 10-12, 明天10-12夏威夷, 每周三 下午2点 4周. Nothing
 * said is left out: what is none of it is in `unknown`, a bare number (27) in `numbers`.
 */
export type SaidBooking = When & {
  /** Rooms said by their whole names. */
  rooms: readonly NamedRoom[];
  weekly: boolean;
  weeks: number;
  numbers: readonly number[];
  people: number | null;
  /** With a question mark: asks whether it is free. */
  asks: boolean;
  unknown: readonly string[];
};

const DEFAULT_WEEKS = 4;
const WEEKLY = /^每(?=个?(?:周|星期|礼拜)[一二三四五六日天])/;
const WEEKS = new RegExp(
  `^(?:一共|共|连续|连|订)?(${NUMERAL})(?:次|个?(?:周|星期|礼拜)(?![一二三四五六日天后末以之]))`,
);
const UNTIL = /^(?:一直)?(?:直?到|至)\s*/;
const WEEKDAY_NAMED = '(?:周|星期|礼拜)[一二三四五六日天]';
/** Series that do not exist: said plainly instead of booking one day of them. */
const NO_SERIES = new RegExp(
  `^(?:每天|每日|天天|每?个?工作日|每隔?[一两二三]个?周|(?:每?隔|每)[单双一两]?周(?![一二三四五六日天])|隔${WEEKDAY_NAMED}|每个?月|每个?早上?|每个?晚上?|每个?周末|${WEEKDAY_NAMED}(?:到|至|[-~～—–])${WEEKDAY_NAMED})`,
);
const SEVERAL_WEEKDAYS =
  /^每个?(?:周|星期|礼拜)[一二三四五六日天](?:[、和及，]?(?:每?(?:周|星期|礼拜))?[一二三四五六日天](?![\d点]))+/;
const WHICH_WEEKLY = /^每个?(?:周|星期|礼拜)(?![一二三四五六日天])/;
const WHICH_WEEKDAY = /^(?:下下|上上|[下上这本])个?(?:周|星期|礼拜)(?![一二三四五六日天末\d])/;
const WEEKEND = /^(?:下下|[下这本])?个?周末/;
const MOVES = /^(?:改|换|挪|调|移|推迟|提前|延后|延)(?:到|成|至|期|在|一下)?/;
/** 10-12 is a month's day to a calendar and two hours to somebody who books a room. */
const DAY_OR_HOURS = /^(\d{1,2})-(\d{1,2})(?![\d.])(?<clock>[:：点时])?/;
/** Written like a day that the calendar does not have: 2月30日, 13.5, 32号. */
const LIKE_DAY = /^(?:\d{2,4}年)?\d{1,2}月\d{0,2}[日号]?|^\d{1,2}[./]\d{1,2}(?!\d)|^\d{1,2}[日号](?!\p{L})/u;
const PEOPLE = new RegExp(
  `^(?:我们|一共|总共|共|大概|大约|约|有)*\\s*(\\d{1,3}|${NUMERAL})\\s*(?:多?个人|个?同事|个?学[员生]|人|位)(?:左右|参加)?`,
);
/** What a room is wanted for: 开会, 部门周会, 新员工培训. */
const PURPOSE =
  /^(?![^\s]*(?:不|别|没|取消|改|退|换|除))[\p{Script=Han}A-Za-z]{0,8}?(?:会议?|课|培训|面试|面谈|试听|讨论|评审|答辩|讲座|沙龙|活动|团建|复盘|教研|汇报|沟通|接待|谈话|谈事|见客户|考试|直播|自习|辅导|使用|用)(?=[\s，,。！!?？、;；]|$)/u;
const MARKS = /^(?:[\s，,、。；;：:（）()【】「」"“”!！~～…]+|会议室|的|在|从|是|和|跟|与|及|还有|以及|那间|这间|订)/;
/** Signs of days and hours: what holds one is a time that was not understood, and no room's name. */
const OF_TIME = /\d|[点时分早晚午夜周月号日天年]|星期|礼拜|小时|现在|马上|立刻|今|明|昨/;

/**
 * Takes a booking's words apart; nothing is decided and nothing refused.
 * @param options.days whether 11-18 alone is rather a day of these weeks than hours, where no hours are asked for
 */
export function readBookingWords(
  text: string,
  today: SchoolDay,
  rooms: readonly NamedRoom[],
  { days = false }: { days?: boolean } = {},
): SaidBooking {
  const when = readWhen(today);
  const said = { rooms: [] as NamedRoom[], weekly: false, weeks: 1, numbers: [] as number[], unknown: [] as string[] };
  let unclear: Unclear | null = null;
  let people: number | null = null;
  let until: { day: SchoolDay; said: string } | null = null;
  let asks = false;
  let rest = simplified(halfWidth(text)).trim();

  function doubt(why: string, could: Unclear['could'] = []): void {
    unclear ??= { why, could };
  }

  function takeRoom(): string | null {
    const taken = takeRoomName(rest, rooms);
    if (!taken) return null;
    if (!said.rooms.includes(taken.room)) said.rooms.push(taken.room);
    return taken.rest;
  }

  function takeSeries(): string | null {
    const [which] = WHICH_WEEKLY.exec(rest) ?? [];
    if (which) doubt(`「${which}」是星期几？写成「每周三」这样`);
    const [never] = SEVERAL_WEEKDAYS.exec(rest) ?? NO_SERIES.exec(rest) ?? [];
    if (never) doubt(`「${never}」这样的连订还做不到，能连着订的是每周同一天，比如「每周三」，别的一天一天订`);
    const taken = which ?? never;
    if (taken) return rest.slice(taken.length);
    const length = WEEKS.exec(rest);
    if (length) {
      said.weeks = readNumeral(length[1] ?? '') ?? 1;
      return rest.slice(length[0].length);
    }
    if (!WEEKLY.test(rest)) return null;
    said.weekly = true;
    return rest.slice(1);
  }

  /** 到月底 of a series: the last day it may fall on. */
  function takeUntil(): string | null {
    const [word] = (said.weekly && UNTIL.exec(rest)) || [];
    const found = word === undefined ? null : takeDay(rest.slice(word.length), today);
    if (!found) return null;
    until = { day: found.day, said: `${word?.trim()}${found.said}` };
    return found.rest.replace(/^(?:为止|结束|止)/, '');
  }

  /** How many weeks a series has; four where nobody said. */
  function countWeeks(first: SchoolDay | null): number {
    if (!until || !first) return said.weekly && said.weeks === 1 ? DEFAULT_WEEKS : said.weeks;
    const weeks = Math.floor(daysBetween(first, until.day) / 7) + 1;
    if (weeks > 0) return weeks;
    doubt(`第一次是 ${first.slice(5)}，「${until.said}」已经过了`, [{}]);
    return DEFAULT_WEEKS;
  }

  function takeVague(): string | null {
    const [week] = WHICH_WEEKDAY.exec(rest) ?? [];
    if (week) doubt(`「${week}」是星期几？写成「${week}三」这样`);
    const [weekend] = WEEKEND.exec(rest) ?? [];
    if (weekend) {
      const could = ['六', '日'].map((sign) => takeDay(`${weekend.slice(0, -1)}${sign}`, today)?.day);
      doubt(
        `「${weekend}」是周六还是周日？`,
        could.flatMap((day) => (day ? [{ day }] : [])),
      );
    }
    const [moves] = MOVES.exec(rest) ?? [];
    if (moves) doubt('改时间分两步：先回复「我的预定」退掉原来的，再订新的');
    const vague = week ?? weekend ?? moves;
    return vague === undefined ? null : rest.slice(vague.length);
  }

  function takeNoDay(): string | null {
    const [day] = LIKE_DAY.exec(rest) ?? [];
    if (!day) return null;
    doubt(`没有「${day}」这一天，看看日历再订`);
    return rest.slice(day.length);
  }

  function takeWhen(): string | null {
    const both = days && isNearDay(rest, today) ? null : dayOrHours(when, rest, today);
    if (both?.could) doubt(`「${both.said}」是日子还是几点到几点？`, both.could);
    return when.take(rest, { hoursFirst: both !== null });
  }

  function takePeople(): string | null {
    const count = PEOPLE.exec(rest);
    if (!count) return null;
    people = readCount(count[1] ?? '');
    return rest.slice(count[0].length);
  }

  function takeQuestion(): string | null {
    const marks = /^[?？]+/.exec(rest)?.[0];
    if (!marks) return null;
    asks = true;
    return rest.slice(marks.length);
  }

  function takeNumber(): string | null {
    const number = /^\d{1,4}(?=[\s，,、和]|$)/.exec(rest)?.[0];
    if (!number) return null;
    said.numbers.push(Number(number));
    return rest.slice(number.length);
  }

  const without = (pattern: RegExp) => () => {
    const [found] = pattern.exec(rest) ?? [];
    return found ? rest.slice(found.length) : null;
  };

  /** What is none of it, up to where something known begins: 夏威明天10-12. */
  function takeUnknown(): string {
    const [token = rest] = rest.split(/[\s，,、。；;?？]/);
    const signs = [...token];
    const end = signs.findIndex((_, index) => index > 0 && startsKnown(signs.slice(index).join(''), today, rooms));
    const unknown = end < 0 ? token : signs.slice(0, end).join('');
    said.unknown.push(unknown);
    return rest.slice(Math.max(unknown.length, 1));
  }

  const takers = [
    takeRoom,
    takeSeries,
    takeUntil,
    takePeople,
    takeVague,
    takeWhen,
    takeNoDay,
    takeQuestion,
    () => takeCourtesy(rest),
    without(PURPOSE),
    without(MARKS),
    takeNumber,
  ];
  while (rest !== '') {
    const after = takers.reduce<string | null>((taken, take) => taken ?? take(), null) ?? takeUnknown();
    rest = after.trimStart();
  }
  const heard = when.result();
  const weeks = countWeeks(heard.day);
  return { ...heard, ...said, weeks, people, asks, unclear: unclear ?? heard.unclear };
}

/** A room's whole name, which may hold what elsewhere is a day or a number (1号厅, 301). */
function takeRoomName(text: string, rooms: readonly NamedRoom[]): { room: NamedRoom; rest: string } | null {
  const plain = simplified(text).toLowerCase();
  const room = [...rooms]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => plain.startsWith(simplified(halfWidth(name)).toLowerCase()));
  if (!room) return null;
  const rest = text.slice(room.name.length);
  const goesOn = (sign: RegExp) => sign.test(room.name.slice(-1)) && sign.test(rest.charAt(0));
  return goesOn(/\d/) || goesOn(/[a-z]/i) ? null : { room, rest };
}

/**
 * Whether 10-12 means hours here: unless other hours follow it (12-03 10-12) or were said before. `could` where it may
 * as well be a day to come (12-3), so that nobody can tell.
 */
function dayOrHours(
  when: WhenReader,
  rest: string,
  today: SchoolDay,
): { said: string; could?: Unclear['could'] } | null {
  const found = DAY_OR_HOURS.exec(rest);
  const before = when.result();
  if (!found || before.hours) return null;
  const said = `${found[1]}-${found[2]}`;
  if (before.day || found.groups?.clock) return { said };
  const later = rest.slice(said.length).split(/\s+/);
  if (later.some((word) => word !== '' && takeHours(word) !== null)) return null;
  const day = takeDay(said, today, { want: 'near' })?.day;
  const hours = takeHours(said)?.hours;
  const isBackwards = Number(found[1]) > Number(found[2]);
  if (!day || daysBetween(today, day) < 0 || daysBetween(today, day) > 183 || !isBackwards) return { said };
  return { said, could: [{ day, hours: { from: 14, to: 16 } }, ...(hours ? [{ day: today, hours }] : [])] };
}

/** 11-18 within a month of today. */
function isNearDay(text: string, today: SchoolDay): boolean {
  const day = takeDay(text, today, { want: 'near' })?.day;
  return day !== undefined && Math.abs(daysBetween(today, day)) <= 31;
}

function startsKnown(text: string, today: SchoolDay, rooms: readonly NamedRoom[]): boolean {
  if (WEEKLY.test(text) || NO_SERIES.test(text) || WEEKS.test(text) || PEOPLE.test(text)) return true;
  if (takeRoomName(text, rooms) || takeDay(text, today)) return true;
  return takeHours(text) !== null || takePart(text) !== null || takeLength(text) !== null;
}

function readCount(written: string): number {
  return /^\d+$/.test(written) ? Number(written) : (readNumeral(written) ?? 0);
}

/** Whether a text that was not understood speaks of days or hours: such a text is never taken for a room's name. */
export function speaksOfTime(text: string): boolean {
  return OF_TIME.test(text);
}

/** Whether some signs, two at least, begin a room's name. */
export function beginsRoom(said: string, rooms: readonly NamedRoom[]): boolean {
  return [...said].length > 1 && rooms.some((room) => isBegunBy(said, room));
}

/** The slots of some hours. @throws Refusal `opening_hours` outside 8:00 to 21:00 */
export function slotsOf({ from, to }: Hours): { from: number; to: number } {
  const slots = { from: slotAt(from), to: slotAt(to - 1) };
  if (slots.from < 1 || slots.to > 13) throw refuse.opening_hours({ from, to });
  return slots;
}

/**
 * The room meant, by its name or the beginning of it.
 * @throws Refusal `ambiguous_name`, `no_room_named`, `room_closed`
 */
export function roomNamed<T extends NamedRoom>(said: string, rooms: readonly T[]): T {
  const open = rooms.filter(({ active }) => active);
  const name = said.replace(/会议室$/, '') || said;
  const begins = (room: NamedRoom) => isBegunBy(name, room);
  if (open.some(begins)) return matchName(name, open, { what: '会议室' });
  const closed = rooms.find(begins);
  if (closed) throw refuse.room_closed({ room: closed.name });
  throw refuse.no_room_named({ said: name, rooms: open.map((room) => room.name) });
}

function isBegunBy(said: string, { name }: NamedRoom): boolean {
  return halfWidth(name).toLowerCase().startsWith(halfWidth(said).toLowerCase());
}
