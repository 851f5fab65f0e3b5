import { z } from 'zod';
import { nameField } from '../kernel/normal/fields.ts';
import { isSchoolDay } from '../kernel/school-time.ts';

/** Slots 1 to 13 are 8:00, 9:00 … 20:00, one hour each (product §6). */
export const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;
const FIRST_HOUR = 8;

const noSuchSlot = ({ input }: { input?: unknown }) => `没有时段 ${input}，时段从 1（8:00）到 13（20:00）`;

export const Slot = z.coerce
  .number('时段是 1 到 13 的数字')
  .int('时段是 1 到 13 的数字')
  .min(1, { error: noSuchSlot })
  .max(13, { error: noSuchSlot });

export const Day = z.string('日期写成 2026-11-24 这样').refine(isSchoolDay, '日期写成 2026-11-24 这样');

const RoomId = z.coerce.number('请选会议室').int('请选会议室').positive('请选会议室').max(2_147_483_647, '请选会议室');

/** One slot of one room on one day. */
export const BookOne = z.object({ date: Day, roomId: RoomId, slot: Slot });

const Cells = z.array(z.object({ roomId: RoomId, slot: Slot })).max(200, '一次最多选 200 个时段');
export type Cell = { roomId: number; slot: number };

/** One submit of the grid: what to book and what to give up on one day, all or nothing. */
export const ChangeBookings = z
  .object({ date: Day, add: Cells.default([]), cancel: Cells.default([]) })
  .refine(({ add, cancel }) => add.length + cancel.length > 0, '没有选任何时段')
  .refine(
    // Otherwise a slot taken from somebody could be kept from those who wait for it.
    ({ add, cancel }) => !add.some((a) => cancel.some((c) => c.roomId === a.roomId && c.slot === a.slot)),
    '同一个时段不能又订又取消',
  );
export type ChangeBookings = z.output<typeof ChangeBookings>;

/** Taken slots of one day to wait for (候补), or with `stop` to wait for no longer. */
export const WaitForSlots = z.object({
  date: Day,
  cells: Cells.min(1, '没有选任何时段'),
  stop: z.boolean().default(false),
});

/** A room and a run of slots on one day, as chat says it. */
export const BookRange = z.object({
  roomId: RoomId,
  date: Day,
  from: Slot,
  to: Slot,
  /** Weekly: on this many days, seven apart, from `date` on. */
  weeks: z.number().int().min(1, '至少订 1 周').max(26, '最多连着订 26 周').default(1),
});
export type BookRange = z.output<typeof BookRange>;

const RoomFields = z.object({
  name: nameField('会议室的名字', 30),
  seats: z.coerce.number('座位数是数字').int('座位数是整数').min(1, '至少 1 个座位').max(1000, '最多 1000 个座位'),
  active: z.stringbool().or(z.boolean()),
});
export const RoomInput = RoomFields.extend({ active: RoomFields.shape.active.default(true) });
/** Without the default: a change of the seats must not open a closed room again. */
export const RoomChange = RoomFields.partial();
export type RoomInput = z.output<typeof RoomInput>;
export type RoomChange = z.output<typeof RoomChange>;

/** The hour a slot begins at, 8 to 20. */
export function hourOf(slot: number): number {
  return slot + FIRST_HOUR - 1;
}

/** The slot beginning at an hour; outside 1 to 13 where the rooms are closed. */
export function slotAt(hour: number): number {
  return hour - FIRST_HOUR + 1;
}

/** The slots from one to another, both included. */
export function slotsBetween(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** 10:00 */
export function sayHour(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** Runs of neighbouring slots as people say them: 10:00–12:00、15:00–16:00. */
export function saySlots(slots: readonly number[]): string {
  return runsOf(slots)
    .map(([from, to]) => `${sayHour(hourOf(from))}–${sayHour(hourOf(to) + 1)}`)
    .join('、');
}

/** Hours as a command takes them: 10-12. */
export function typeHours(from: number, to: number): string {
  return `${hourOf(from)}-${hourOf(to) + 1}`;
}

/** Neighbouring slots taken together: [1,2,3,7] is [[1,3],[7,7]]. */
export function runsOf(slots: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const slot of [...slots].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && slot <= last[1] + 1) last[1] = slot;
    else runs.push([slot, slot]);
  }
  return runs;
}
