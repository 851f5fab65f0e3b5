import fc from 'fast-check';
import { beforeAll, it } from 'vitest';
import { Refusal } from '../../src/kernel/refusal.ts';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { changeBookings } from '../../src/rooms/change-bookings.ts';
import { stopWaiting, waitForSlots } from '../../src/rooms/wait-for-slots.ts';
import { createModel, type Move, moves, PEOPLE } from './grid-play.ts';
import { type Somebody, TOMORROW, useRoomSchool } from './rooms-school.ts';

const school = useRoomSchool();
let people: Somebody[];
let admin: Somebody;

beforeAll(async () => {
  people = await school.people(...Array.from({ length: PEOPLE }, (_, n) => `同事${n}`));
  admin = await school.admin();
});

async function make({ who, kind, slots }: Move): Promise<boolean> {
  const cells = slots.map((slot) => ({ roomId: school.room('夏威夷'), slot }));
  const somebody = (kind === 'anybodys' ? admin : people[who]) as Somebody;
  try {
    await somebody.does(async (scope) => {
      if (kind === 'wait') return waitForSlots(scope, { date: TOMORROW, cells });
      if (kind === 'stop') return stopWaiting(scope, { date: TOMORROW, cells });
      const [add, cancel] = kind === 'book' ? [cells, []] : [[], cells];
      return changeBookings(scope, { date: TOMORROW, add, cancel });
    });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Slot and person of every row, waits in the order they came. */
async function stored() {
  const where = { date: dayToDb(TOMORROW) };
  const [bookings, waits] = [
    await school.prisma().booking.findMany({ where }),
    await school.prisma().roomWaiter.findMany({ where, orderBy: { id: 'asc' } }),
  ];
  const line = ({ slot, personId }: { slot: number; personId: number }) =>
    `${slot} ${people.findIndex(({ id }) => id === personId)}`;
  return { held: bookings.map(line).sort(), waits: waits.map(line) };
}

it('whatever people book, cancel and wait for, each slot has one holder and nobody who waits is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (played) => {
      await school.begin();
      const model = createModel();
      for (const move of played) {
        const [allowed, done] = [model.move(move), await make(move)];
        if (allowed !== done) throw new Error(`${JSON.stringify(move)} was ${done ? 'done' : 'refused'}`);
      }
      const { held, waits } = await stored();
      if (held.join() !== model.held().join()) throw new Error(`held ${held}, expected ${model.held()}`);
      for (const slot of [1, 2, 3]) {
        const queue = waits.filter((line) => line.startsWith(`${slot} `));
        const expected = model.queueOf(slot).map((who) => `${slot} ${who}`);
        if (queue.join() !== expected.join()) throw new Error(`${queue} wait, expected ${expected}`);
      }
    }),
    { numRuns: 15, interruptAfterTimeLimit: 20_000 },
  );
});
