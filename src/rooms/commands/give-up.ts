import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import type { SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { changeBookings } from '../change-bookings.ts';
import { type GivenUp, giveUpRange } from '../give-up.ts';
import { refuse, roomOn } from '../phrases.ts';
import { type MyRange, readMyBookings } from '../queries.ts';
import { asRange } from '../range-number.ts';
import { minutesUntil } from '../rules.ts';
import { Day, hourOf, sayHour, saySlots, slotAt, slotsBetween } from '../schema.ts';
import { stopWaiting, waitForSlots } from '../wait-for-slots.ts';
import { numberOf, sayRange } from './my-bookings.ts';

/** What was given up; `waited` where it was a place in the waiting list only. */
type Gone = Omit<GivenUp, 'room'> & { room: string; waited: boolean };

async function giveUpNumber(scope: Scope, number: number): Promise<Gone> {
  const range = asRange(Math.abs(number));
  if (number > 0) return { ...(await giveUpRange(scope, range)), waited: false };
  const { date, roomId, from, to } = range;
  const slots = slotsBetween(from, to);
  const left = await stopWaiting(scope, { date, cells: slots.map((slot) => ({ roomId, slot })) });
  if (left === 0) throw refuse.booking_gone();
  const { name: room } = await scope.tx.room.findUniqueOrThrow({ where: { id: roomId } });
  return { room, roomId, date, slots, waited: true };
}

function sayGone(scope: Scope, { waited, ...gone }: Gone): Reply {
  return reply(`${waited ? '不候补了' : '退订了'}：${sayRange(scope, { ...gone, ahead: null })}`);
}

const Kept = z.object({ date: Day, roomId: z.number(), slots: z.array(z.number()), waited: z.boolean() });

const undo = {
  keep: ({ date, roomId, slots, waited }: Gone) => ({ date, roomId, slots, waited }),
  restore: async (scope: Scope, kept: unknown) => {
    const { date, roomId, slots, waited } = Kept.parse(kept);
    const cells = slots.map((slot) => ({ roomId, slot }));
    if (waited) {
      const { room, booked } = await waitForSlots(scope, { date, cells });
      const now = booked.length > 0 ? '刚好空着，订好了' : '重新排上了';
      return reply(`已撤销，${now}：${sayRange(scope, { room, date, slots, ahead: null })}`);
    }
    const { added } = await changeBookings(scope, { date, add: cells, cancel: [] });
    return reply(`已撤销，还是你的：${sayRange(scope, { room: added[0]?.room ?? '', date, slots, ahead: null })}`);
  },
};

/** 退订 N */
export const cancel = defineCommand({
  id: 'rooms.cancel',
  words: ['退订', 'cancel'],
  usage: '退订 N',
  does: '取消我的第 N 个预定或候补',
  permission: 'rooms.book',
  numbers: { of: ['bookings'] },
  input: z.object({ number: z.number().int() }),
  read: ({ args: [n] }, talk) => ({
    number: talk.nth(n, { kinds: ['bookings'], from: ['我的预定'], which: '哪一个' }),
  }),
  run: (scope: Scope, { number }) => giveUpNumber(scope, number),
  reply: (gone, { scope }) => sayGone(scope, gone),
  undo,
});

/** The reminder comes a quarter of an hour before; whoever answers a little early is understood too. */
const SOON_MINUTES = 30;

type Soon = { gone: Gone; several: null } | { gone: null; several: MyRange[] };

/** 取消: the answer to the reminder */
export const cancelSoon = defineCommand({
  id: 'rooms.cancelSoon',
  words: ['取消'],
  usage: '取消',
  does: '退掉马上要开始的预定',
  permission: 'rooms.book',
  makes: ['bookings'],
  input: z.object({}),
  read: () => ({}),
  run: async (scope: Scope): Promise<Soon> => {
    const mine = await readMyBookings(scope);
    const soon = mine.filter(({ date, slots }) => minutesUntil(scope, date, slots[0] ?? 1) <= SOON_MINUTES);
    const [only] = soon;
    if (!only) throw await whyNothingSoon(scope, mine);
    if (soon.length > 1) return { gone: null, several: soon };
    return { gone: await giveUpNumber(scope, numberOf(only)), several: null };
  },
  reply: ({ gone, several }, { scope }) =>
    gone
      ? sayGone(scope, gone)
      : reply(
          `马上开始的有 ${several.length} 个，退哪一个？`,
          ...several.map((range, index) => `${index + 1} ${sayRange(scope, range)}`),
          '回复「退订 1」这样的编号',
        ),
  keeps: ({ several }) => several && { kind: 'bookings', items: several.map(numberOf) },
  undo: { keep: ({ gone }) => gone && undo.keep(gone), restore: undo.restore },
});

async function whyNothingSoon(scope: Scope, mine: readonly MyRange[]) {
  const running = await runningNow(scope);
  if (!running)
    return refuseChat.no_such_number({ why: '半小时内没有你的预定。要退别的，先回复「我的预定」再「退订 1」' });
  const { room, date, slot } = running;
  const begun = `${roomOn(room, date, scope.today)} ${sayHour(hourOf(slot))} 已经开始，不能再取消了`;
  const rest = mine.find(
    (range) => range.date === date && range.roomId === running.roomId && range.slots[0] === slot + 1,
  );
  return refuseChat.no_such_number({
    why: rest ? `${begun}。后面的 ${saySlots(rest.slots)} 用不上的话，回复「我的预定」再「退订 1」` : begun,
  });
}

/** The booking of one's own whose hour it is. */
async function runningNow({ tx, actor, today, now, time }: Scope) {
  const slot = slotAt(Math.floor(time.minuteOf(now) / 60));
  const [running] = await tx.$queryRaw<{ roomId: number; room: string; date: SchoolDay; slot: number }[]>`
    SELECT b."roomId", r.name AS room, ${today} AS date, b.slot FROM "Booking" b JOIN "Room" r ON r.id = b."roomId"
    WHERE b."personId" = ${actor.id} AND b.date = ${today}::date AND b.slot = ${slot}`;
  return running;
}
