import { describe, expect, it } from 'vitest';
import type { Rank } from '../../src/rota/build-rota.ts';
import { restoreRota } from '../../src/rota/rota-restore.ts';
import type { Cycle, Place } from '../../src/rota/rota-store.ts';

const [a, b, c] = [1, 2, 3];
const ranks: Rank[] = [a, b, c].map((consultantId) => ({ consultantId, weight: 10 - consultantId, slots: 1 }));
const cycle = (number: number, lapsed: Place[] = []): Cycle => ({
  cycle: number,
  original: [a, b, c],
  lapsed: lapsed.map((place) => ({ ...place, reason: 'onLeave' })),
});
const place = (cycle: number, position: number): Place => ({ cycle, position, consultantId: position + 1 });
const turn = (cycle: number, position: number, passedOver: Place[] = []) => ({
  cycle,
  position,
  passedOver: passedOver.map((place) => ({ ...place, reason: 'onLeave' })),
});

describe('restoreRota', () => {
  it('nothing was ever committed: an empty list, to be built anew', () => {
    expect(restoreRota(ranks, { cycles: [], turns: [] })).toMatchObject({ cycle: 0, working: [], resetMarked: true });
  });

  it('one turn committed: the rest of its cycle waits', () => {
    const { cycle: number, working, resetMarked } = restoreRota(ranks, { cycles: [cycle(4)], turns: [turn(4, 0)] });
    expect({ number, resetMarked }).toEqual({ number: 4, resetMarked: false });
    expect(working).toEqual([1, 2].map((position) => ({ ...place(4, position), returned: false })));
  });

  it('a turn ahead of a committed one was out: it is back at the front', () => {
    const { working } = restoreRota(ranks, { cycles: [cycle(4)], turns: [turn(4, 2, [place(4, 0)])] });
    expect(working).toEqual([
      { ...place(4, 1), returned: true },
      { ...place(4, 0), returned: false },
    ]);
  });

  it('a turn of the cycle before was out when that ended: it is back at the front, what lapsed is not', () => {
    const history = { cycles: [cycle(3), cycle(4, [place(3, 1)])], turns: [turn(3, 0), turn(4, 0)] };
    expect(restoreRota(ranks, history).working.map(({ cycle, position }) => [cycle, position])).toEqual([
      [3, 2],
      [4, 1],
      [4, 2],
    ]);
  });

  it('the ranks would give another list by now: the next cycle is built anew', () => {
    expect(restoreRota(ranks.slice(1), { cycles: [cycle(4)], turns: [turn(4, 0)] }).resetMarked).toBe(true);
  });
});
