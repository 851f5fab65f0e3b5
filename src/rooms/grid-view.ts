import { addDays, sayDay, weekdayOf } from '../kernel/school-time.ts';
import type { Grid, GridCell, GridRoom } from './queries.ts';
import { hourOf, SLOTS, sayHour } from './schema.ts';

/**
 * What the grid's page shows: every cell with its words, so that nothing is told by colour alone.
 * @param cancelsAny whether the reader may give up others' bookings; tapping one then does that
 */
export function viewGrid(grid: Grid, { cancelsAny }: { cancelsAny: boolean }) {
  const { date, today } = grid;
  return {
    date,
    day: date === today ? `今天 ${date.slice(5)} 周${'一二三四五六日'[weekdayOf(date) - 1]}` : sayDay(date, today),
    before: addDays(date, -1),
    after: addDays(date, 1),
    today,
    isToday: date === today,
    isPast: date < today,
    cancelsAny,
    hours: SLOTS.map((slot) => sayHour(hourOf(slot))),
    rooms: grid.rooms.map((room) => ({
      id: room.id,
      name: room.name,
      seats: room.seats,
      free: room.slots.filter(({ state }) => state === 'free').length,
      active: room.active,
      cells: room.slots.map((cell) => viewCell(room, cell, cancelsAny)),
    })),
  };
}

/** What tapping a cell does: book it, give it up, wait for it, wait no longer. */
function doesOf({ state, iWait }: GridCell, cancelsAny: boolean): 'add' | 'cancel' | 'wait' | 'stop' {
  if (state === 'mine') return 'cancel';
  if (state !== 'taken') return 'add';
  if (iWait) return 'stop';
  return cancelsAny ? 'cancel' : 'wait';
}

function viewCell(room: GridRoom, cell: GridCell, cancelsAny: boolean) {
  const { slot, state, mine, holder, waiting, iWait } = cell;
  const hour = sayHour(hourOf(slot));
  const who = mine ? '我的' : (holder?.name ?? '');
  const word = who || { free: '空着', past: '已过', closed: '停用', mine: '', taken: '' }[state];
  const waits = state !== 'taken' || waiting === 0 ? '' : iWait ? '我在候补' : `${waiting} 人候补`;
  const department = mine ? '' : (holder?.department ?? '');
  return {
    slot,
    hour,
    state,
    who,
    word,
    department,
    waits,
    does: doesOf(cell, cancelsAny),
    idle: state === 'past' || state === 'closed',
    label: [room.name, hour, mine ? '我订的' : holder ? `${who}订的` : word, waits].filter(Boolean).join(' '),
  };
}
