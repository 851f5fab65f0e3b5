import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { giveUpBookings } from '../give-up.ts';
import { nearDay, roomOn } from '../phrases.ts';
import { asRange, type SlotRange } from '../range-number.ts';
import { Day, runsOf, saySlots, slotsBetween, typeHours, WaitForSlots } from '../schema.ts';
import { stopWaiting, type Waiting, waitForSlots } from '../wait-for-slots.ts';
import { sayReminder } from './book.ts';
import { readAsked } from './read-asked.ts';

const Kept = z.object({
  date: Day,
  fresh: z.array(z.object({ roomId: z.number(), slot: z.number() })),
  booked: z.array(z.number()),
});

/** 候补: what was just refused, or a room, day and hours said in full */
export const wait = defineCommand({
  id: 'rooms.wait',
  words: ['候补', 'wait'],
  usage: '候补 [会议室] [日期] [时间]',
  does: '等被订了的时段，空出来就归你',
  permission: 'rooms.book',
  takes: 'all',
  input: WaitForSlots,
  read: async ({ rest }, talk) => {
    const shown = talk.list();
    const refused = shown?.kind === 'wantedSlots' ? asRange(shown.items[0] ?? 0) : null;
    return cellsOf(await readAsked(rest, talk, '候补', refused));
  },
  run: (scope: Scope, input) => waitForSlots(scope, input),
  reply: (output: Waiting, { scope }) => {
    const { date, room, waiting, booked, free } = output;
    const when = `${room} · ${sayDay(date, scope.today)}`;
    const near = roomOn(room, date, scope.today);
    const [spare] = runsOf(free);
    if (booked.length > 0) {
      const slots = booked.map(({ slot }) => slot);
      return reply(`刚好空着，订好了：${when} · ${saySlots(slots)}`, sayReminder(scope, date, slots[0] ?? 1));
    }
    const left =
      spare &&
      `${saySlots(slotsBetween(...spare))} 还空着，要的话回复「预定 ${room} ${nearDay(date, scope.today)} ${typeHours(...spare)}」`;
    if (waiting.length === 0) return reply(`${near}的这个时段本来就是你订的`, left);
    const ahead = Math.max(...waiting.map((cell) => cell.ahead));
    return reply(
      `排上了：${when} · ${saySlots(waiting.map(({ slot }) => slot))}${ahead > 0 ? `，前面还有 ${ahead} 位` : ''}`,
      left,
      '一空出来就归你，马上告诉你。',
    );
  },
  undo: {
    keep: ({ date, fresh, booked }: Waiting) =>
      fresh.length + booked.length > 0 ? { date, fresh, booked: booked.map(({ id }) => id) } : null,
    restore: async (scope, kept) => {
      const { date, fresh, booked } = Kept.parse(kept);
      const left = await stopWaiting(scope, { date, cells: fresh });
      const gone = booked.length > 0 ? await giveUpBookings(scope, booked) : '';
      if (left < fresh.length || gone === null) throw refuseChat.changed_since({ what: '这次候补' });
      return reply(gone ? `已撤销，不订了：${gone}` : '已撤销，不再候补');
    },
  },
});

function cellsOf({ date, roomId, from, to }: SlotRange) {
  return { date, cells: slotsBetween(from, to).map((slot) => ({ roomId, slot })) };
}
