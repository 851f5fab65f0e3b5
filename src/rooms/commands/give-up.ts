import { z } from 'zod';
import { AskBack } from '../../chat/ask-back.ts';
import { defineCommand, type Talk } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { type SchoolDay, weekdayOf } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { changeBookings } from '../change-bookings.ts';
import { type GivenUp, giveUpRange } from '../give-up.ts';
import { lockRooms } from '../lock-rooms.ts';
import { refuse, roomOn } from '../phrases.ts';
import { type MyRange, readMyBookings, readMyWaits } from '../queries.ts';
import { asRange } from '../range-number.ts';
import { minutesUntil } from '../rules.ts';
import { Day, hourOf, sayHour, saySlots, slotAt, slotsBetween } from '../schema.ts';
import { stopWaiting, waitForSlots } from '../wait-for-slots.ts';
import { numberOf, sayRange } from './my-bookings.ts';
import { askFrom, whichBookings } from './which-bookings.ts';

/** What was given up; `waited` where it was a place in the waiting list only. */
type Gone = GivenUp & { waited: boolean };

const GiveUp = z.object({ numbers: z.array(z.number().int()).min(1, '退哪一个？').max(200, '一次最多退 200 个') });

/** All of them or none, their rooms locked in one order for everybody. */
async function giveUpNumbers(scope: Scope, { numbers }: z.output<typeof GiveUp>): Promise<Gone[]> {
  await lockRooms(
    scope.tx,
    numbers.map((number) => asRange(Math.abs(number))),
  );
  const gone: Gone[] = [];
  for (const number of new Set(numbers)) gone.push(await giveUpNumber(scope, number));
  return gone;
}

async function giveUpNumber(scope: Scope, number: number): Promise<Gone> {
  const range = asRange(Math.abs(number));
  if (number > 0) return { ...(await giveUpRange(scope, range)), waited: false };
  const { date, roomId, from, to } = range;
  const slots = slotsBetween(from, to);
  const left = await stopWaiting(scope, { date, cells: slots.map((slot) => ({ roomId, slot })) });
  if (left === 0) throw refuse.booking_gone();
  const { name: room } = await scope.tx.room.findUniqueOrThrow({ where: { id: roomId } });
  return { room, roomId, date, slots, series: null, waited: true };
}

const MOST_SAID = 6;

function sayGone(scope: Scope, gone: readonly Gone[]): Reply {
  const [first, ...others] = gone;
  const isSeries = first?.series && others.length > 0 && others.every(({ series }) => series === first.series);
  if (first && isSeries)
    return reply(
      `退订了 ${gone.length} 周：${first.room} · 每周${'一二三四五六日'[weekdayOf(first.date) - 1]} ${saySlots(first.slots)}`,
      sayDates(gone.map(({ date }) => date)),
    );
  return reply(
    ...gone.slice(0, MOST_SAID).map(({ waited, room, date, slots }) => {
      return `${waited ? '不候补了' : '退订了'}：${sayRange(scope, { room, date, slots })}`;
    }),
    gone.length > MOST_SAID && `另外 ${gone.length - MOST_SAID} 个也退了`,
  );
}

function sayDates(dates: readonly SchoolDay[]): string {
  const short = dates.slice(0, MOST_SAID).map((date) => date.slice(5));
  return `${short.join('、')}${dates.length > MOST_SAID ? ` 到 ${dates.at(-1)?.slice(5)}` : ''}`;
}

const Kept = z.object({
  date: Day,
  roomId: z.number(),
  slots: z.array(z.number()),
  waited: z.boolean(),
  series: z.string().nullish(),
});

const undo = {
  keep: (gone: readonly Gone[]) =>
    gone.map(({ date, roomId, slots, waited, series }) => ({ date, roomId, slots, waited, series })),
  restore: async (scope: Scope, kept: unknown) => {
    const all = z.union([z.array(Kept), Kept.transform((one) => [one])]).parse(kept);
    await lockRooms(scope.tx, all);
    const lines: string[] = [];
    for (const one of all) lines.push(await restoreOne(scope, one));
    return reply(...lines.slice(0, MOST_SAID), lines.length > MOST_SAID && `一共 ${lines.length} 个，都恢复了`);
  },
};

async function restoreOne(
  scope: Scope,
  { date, roomId, slots, waited, series }: z.output<typeof Kept>,
): Promise<string> {
  const cells = slots.map((slot) => ({ roomId, slot }));
  if (waited) {
    const { room, booked } = await waitForSlots(scope, { date, cells });
    const now = booked.length > 0 ? '刚好空着，订好了' : '重新排上了';
    return `已撤销，${now}：${sayRange(scope, { room, date, slots })}`;
  }
  const { added } = await changeBookings(scope, { date, add: cells, cancel: [] }, series ?? undefined);
  return `已撤销，还是你的：${sayRange(scope, { room: added[0]?.room ?? '', date, slots })}`;
}

/** 退订 N, 退订 2 3, 退订 后天的, 退订 夏威夷 每周三 12月9日起 */
export const cancel = defineCommand({
  id: 'rooms.cancel',
  words: ['退订', '退掉', 'cancel'],
  usage: '退订 N',
  does: '取消我的第 N 个预定或候补，也可以说「退订 后天的」',
  permission: 'rooms.book',
  numbers: { of: ['bookings'] },
  takes: 'all',
  input: GiveUp,
  read: async (said, talk) => ({ numbers: await whichBookings(said, talk) }),
  run: giveUpNumbers,
  reply: (gone, { scope }) => sayGone(scope, gone),
  undo,
});

/** The reminder comes a quarter of an hour before; whoever answers a little early is understood too. */
const SOON_MINUTES = 30;

/** 取消: the answer to the reminder; with words or numbers behind it the same as 退订. */
export const cancelSoon = defineCommand({
  id: 'rooms.cancelSoon',
  words: ['取消', '取消预定', '取消预订'],
  usage: '取消 [N]',
  does: '退掉马上要开始的预定',
  permission: 'rooms.book',
  takes: 'all',
  makes: ['bookings'],
  input: GiveUp,
  read: async (said, talk) => ({
    numbers: /^[\p{P}\s]*$/u.test(said.rest) ? await soonNumbers(talk) : await whichBookings(said, talk),
  }),
  run: giveUpNumbers,
  reply: (gone, { scope }) => sayGone(scope, gone),
  undo,
});

/** What begins within half an hour. @throws AskBack where several do or none does */
async function soonNumbers({ scope }: Talk): Promise<number[]> {
  const mine = await readMyBookings(scope);
  const soon = mine.filter(({ date, slots }) => minutesUntil(scope, date, slots[0] ?? 1) <= SOON_MINUTES);
  const [only] = soon;
  if (only && soon.length === 1) return [numberOf(only)];
  if (soon.length > 1)
    throw new AskBack(
      reply(
        `马上开始的有 ${soon.length} 个，退哪一个？`,
        ...soon.map((range, index) => `${index + 1} ${sayRange(scope, range)}`),
        '回复「退订 1」这样的编号',
      ),
      { kind: 'bookings', items: soon.map(numberOf) },
    );
  const running = await runningNow(scope);
  if (running) throw whyNotNow(scope, running, mine);
  throw askFrom(scope, '半小时内没有你的预定', [...mine, ...(await readMyWaits(scope))]);
}

type Running = { roomId: number; room: string; date: SchoolDay; slot: number };

function whyNotNow(scope: Scope, { room, date, slot, roomId }: Running, mine: readonly MyRange[]) {
  const begun = `${roomOn(room, date, scope.today)} ${sayHour(hourOf(slot))} 已经开始，不能再取消了`;
  const rest = mine.find((range) => range.date === date && range.roomId === roomId && range.slots[0] === slot + 1);
  return refuseChat.no_such_number({
    why: rest ? `${begun}。后面的 ${saySlots(rest.slots)} 用不上的话，回复「我的预定」再「退订 1」` : begun,
  });
}

/** The booking of one's own whose hour it is. */
async function runningNow({ tx, actor, today, now, time }: Scope): Promise<Running | undefined> {
  const slot = slotAt(Math.floor(time.minuteOf(now) / 60));
  const [running] = await tx.$queryRaw<Running[]>`
    SELECT b."roomId", r.name AS room, ${today} AS date, b.slot FROM "Booking" b JOIN "Room" r ON r.id = b."roomId"
    WHERE b."personId" = ${actor.id} AND b.date = ${today}::date AND b.slot = ${slot}`;
  return running;
}
