import { z } from 'zod';
import { may } from '../access/access.ts';
import { definePage, type Page } from '../web/define-page.ts';
import { changeBookings } from './change-bookings.ts';
import { viewGrid } from './grid-view.ts';
import { readGrid } from './queries.ts';
import { ChangeBookings, Day, WaitForSlots } from './schema.ts';
import { stopWaiting, waitForSlots } from './wait-for-slots.ts';

const GridQuery = z.object({ date: Day.optional() });

/** The day's grid: rooms by thirteen hours, several slots in one submit. */
export const roomPages: readonly Page[] = [
  definePage({
    method: 'GET',
    path: '/rooms/grid',
    permission: 'rooms.list',
    handler: async (c) => {
      const date = c.query(GridQuery).date ?? c.today;
      const grid = await c.inTransaction((scope) => readGrid(scope, date));
      if (c.wantsJson) return c.json(grid);
      c.render(
        'rooms/grid',
        { grid: viewGrid(grid, { cancelsAny: may(c.actor, 'rooms.cancelAny') }) },
        {
          title: '订会议室',
          crumbs: [{ title: '会议室', path: '/rooms' }, { title: '按天预定' }],
          scripts: ['room-grid.js'],
          styles: ['rooms.css'],
          wide: true,
        },
      );
    },
  }),
  definePage({
    method: 'POST',
    path: '/rooms/grid',
    permission: 'rooms.book',
    handler: async (c) => {
      const input = c.input(ChangeBookings);
      const grid = await c.inTransaction(async (scope) => {
        await changeBookings(scope, input);
        return readGrid(scope, input.date);
      });
      c.json(grid);
    },
  }),
  definePage({
    method: 'POST',
    path: '/rooms/waits',
    permission: 'rooms.book',
    handler: async (c) => {
      const { date, cells, stop } = c.input(WaitForSlots);
      const grid = await c.inTransaction(async (scope) => {
        await (stop ? stopWaiting(scope, { date, cells }) : waitForSlots(scope, { date, cells }));
        return readGrid(scope, date);
      });
      c.json(grid);
    },
  }),
];
