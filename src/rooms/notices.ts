import { z } from 'zod';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject } from '../notices/define-subject.ts';
import { dotted } from '../notices/wording.ts';

/** The grid of a booking's day; a booking that is gone since leaves the one of today. */
export const bookingSubject = defineSubject({
  entity: 'booking',
  number: 4,
  path: async (tx, id) => {
    const booking = id ? await tx.booking.findUnique({ where: { id }, select: { date: true } }) : null;
    return booking ? `/rooms/grid?date=${dayFromDb(booking.date)}` : '/rooms/grid';
  },
});

/** Somebody who waited for a slot has it now. */
export const bookingMade = defineNotice({
  kind: 'bookingMade',
  title: '会议室订好',
  data: z.object({ room: z.string(), day: z.string(), time: z.string() }),
  line: (d) => `订好了：${dotted(d.room, d.day, d.time)}`,
  more: () => ['你候补的空出来了，归你了'],
  link: '看会议室',
  template: {
    title: '会议室预定成功通知',
    id: 'Xb1bookedJe3bGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uDe',
    fields: [
      ['thing', '会议室', 'room'],
      ['thing', '日期', 'day'],
      ['thing', '时间', 'time'],
      ['thing', '备注', 'note'],
    ],
    values: ({ room, day, time }) => ({ room, day, time, note: '候补到了，归你了' }),
  },
  sample: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–12:00' },
});

/** `closed` where the room was closed instead: the booking stays, but cannot be used. */
export const bookingCancelled = defineNotice({
  kind: 'bookingCancelled',
  title: '预定取消',
  urgent: true,
  data: z.object({
    room: z.string(),
    day: z.string(),
    time: z.string(),
    by: z.string(),
    closed: z.literal(true).optional(),
  }),
  line: (d) =>
    d.closed
      ? `${d.room}停用了：你订的 ${dotted(d.day, d.time)} 用不上`
      : `预定取消了：${dotted(d.room, d.day, d.time)}`,
  more: (d) => [d.closed ? `${d.by}停用的，换一间再订` : `${d.by}取消的`],
  link: '看会议室',
  template: {
    title: '会议室预定取消通知',
    id: 'Xb2bookingGoneWn4dHf6uJe3bGx9oQm7Yk2RvT0cLE',
    fields: [
      ['thing', '会议室', 'room'],
      ['thing', '日期', 'day'],
      ['thing', '时间', 'time'],
      ['thing', '取消人', 'by'],
    ],
    values: ({ room, day, time, by, closed }) => ({
      room,
      day,
      time,
      by,
      note: closed ? '会议室停用了，换一间再订' : '需要的话再订一间',
    }),
  },
  sample: { room: '夏威夷', day: '明天 11-22 周日', time: '10:00–12:00', by: '管理员' },
});

/** A quarter of an hour before. */
export const bookingSoon = defineNotice({
  kind: 'bookingSoon',
  title: '会议室快开始',
  urgent: true,
  data: z.object({ room: z.string(), day: z.string(), time: z.string() }),
  line: (d) => `快开始了：${dotted(d.room, d.day, d.time)}`,
  more: () => ['用不上就回复「取消」，让给别人'],
  link: '看会议室',
  template: {
    title: '会议即将开始提醒',
    id: 'Xb3bookingSoonGx9oQm7Yk2RvT0cLpZ8sWn4dHf6uF',
    fields: [
      ['thing', '会议室', 'room'],
      ['thing', '日期', 'day'],
      ['thing', '时间', 'time'],
      ['thing', '备注', 'note'],
    ],
    values: ({ room, day, time }) => ({ room, day, time, note: '用不上就回复「取消」' }),
  },
  sample: { room: '夏威夷', day: '今天', time: '10:00–12:00' },
});

/** What happens to somebody's bookings. */
export const roomNotices: Declared = {
  notices: [bookingMade, bookingCancelled, bookingSoon],
  subjects: [bookingSubject],
};
