import { beforeEach, expect, it } from 'vitest';
import type { Rank } from '../../src/rota/build-rota.ts';
import type { RotaHistory, RotaStore, Taken, TakeRequest, Turn } from '../../src/rota/rota-store.ts';

const [a, b, c, d] = [1, 2, 3, 4];
/** Gives A B C A B B B. */
const ranks: Rank[] = [
  { consultantId: a, weight: 9, slots: 2 },
  { consultantId: b, weight: 5, slots: 4 },
  { consultantId: c, weight: 1, slots: 1 },
];
const noHistory: RotaHistory = { cycles: [], turns: [] };

/** What every rota store does, wherever it keeps the rota. `makeStore` gives an empty one. */
export function describeRotaStore(makeStore: () => Promise<RotaStore>) {
  let rota: RotaStore;
  beforeEach(async () => {
    rota = await makeStore();
  });

  const take = (request: Partial<TakeRequest> = {}): Promise<Taken> =>
    rota.take({ ranks, history: async () => noHistory, ...request });
  const takeOne = async (request: Partial<TakeRequest> = {}): Promise<Turn> => (await take(request)).turns[0]!;
  const whoGets = async (count: number, request: Partial<TakeRequest> = {}) =>
    (await take({ count, ...request })).turns.map(({ consultantId }) => consultantId);
  const waiting = async () => (await rota.peek())!.working.map(({ consultantId }) => consultantId);

  it('two cycles taken: the order of the ranks, twice, each place once', async () => {
    const { turns, cycles } = await take({ count: 14 });
    expect(turns.map((turn) => turn.consultantId)).toEqual([a, b, c, a, b, b, b, a, b, c, a, b, b, b]);
    expect(turns.map((turn) => `${turn.cycle}.${turn.position}`)).toEqual(
      [1, 2].flatMap((cycle) => [0, 1, 2, 3, 4, 5, 6].map((position) => `${cycle}.${position}`)),
    );
    expect(new Set(turns.map((turn) => turn.turnId)).size).toBe(14);
    expect(cycles).toEqual([1, 2].map((cycle) => ({ cycle, original: [a, b, c, a, b, b, b], lapsed: [] })));
  });

  it('somebody on leave: is passed over with the reason, and the turn waits at its place', async () => {
    const turn = await takeOne({ passOver: { [a]: 'onLeave' } });
    expect(turn).toMatchObject({
      consultantId: b,
      passedOver: [{ cycle: 1, position: 0, consultantId: a, reason: 'onLeave' }],
    });
    expect(await waiting()).toEqual([a, c, a, b, b, b]);
    expect(await whoGets(2)).toEqual([a, c]);
  });

  it('only turns of people on leave are left: they lapse, recorded, and the next cycle begins', async () => {
    expect(await whoGets(4, { passOver: { [b]: 'onLeave' } })).toEqual([a, c, a, a]);
    const { cycles } = await take({ passOver: { [b]: 'onLeave' } });
    expect(cycles).toMatchObject([
      {
        cycle: 2,
        lapsed: [1, 4, 5, 6].map((position) => ({ cycle: 1, position, consultantId: b, reason: 'onLeave' })),
      },
    ]);
  });

  it('somebody comes back before the cycle is used up: gets the waiting turns', async () => {
    await take({ count: 3, passOver: { [b]: 'onLeave' } });
    expect(await whoGets(4)).toEqual([b, b, b, b]);
  });

  it('nobody can take a turn: none is taken, and the waiting ones do not lapse', async () => {
    await take({ count: 5 });
    const before = await rota.peek();
    const everyone = { [a]: 'onLeave', [b]: 'inactive', [c]: 'dailyCap' };
    expect(await take({ count: 3, passOver: everyone })).toEqual({ turns: [], cycles: [] });
    expect(await rota.peek()).toEqual(before);
    expect(await whoGets(2)).toEqual([b, b]);
  });

  it('no ranks at all: no turn, until there are some', async () => {
    expect(await take({ ranks: [] })).toEqual({ turns: [], cycles: [] });
    expect(await whoGets(1)).toEqual([a]);
  });

  it('a cap with room for two: the third turn of one call passes over', async () => {
    const room = { [b]: { left: 2, reason: 'followingCap' } };
    const { turns } = await take({ count: 6, room });
    expect(turns.map((turn) => turn.consultantId)).toEqual([a, b, c, a, b, a]);
    expect(turns[5]).toMatchObject({ cycle: 2 });
    expect(
      await take({ count: 9, room: Object.fromEntries([a, b, c].map((id) => [id, { left: 1, reason: 'x' }])) }),
    ).toMatchObject({ turns: { length: 3 } });
  });

  it('somebody in the list who is not known any more: is passed over as gone', async () => {
    expect(await takeOne({ known: [b, c] })).toMatchObject({ consultantId: b, passedOver: [{ reason: 'gone' }] });
  });

  it('ranks changed: the present cycle is used up first, then the list is built anew and the mark is cleared', async () => {
    await take({ count: 5 });
    const changed = [{ consultantId: d, weight: 1, slots: 2 }];
    await rota.markReset();
    expect((await rota.peek())!.resetMarked).toBe(true);
    expect(await whoGets(4, { ranks: changed })).toEqual([b, b, d, d]);
    expect(await rota.peek()).toMatchObject({ cycle: 2, original: [d, d], resetMarked: false });
  });

  it('ranks differ but nothing was marked: the next cycle is refilled from the original', async () => {
    await take({ count: 7 });
    expect(await whoGets(2, { ranks: [{ consultantId: d, weight: 99, slots: 9 }] })).toEqual([a, b]);
  });

  it('nothing was marked but nobody of the original can: the list is built anew rather than the customer refused', async () => {
    await take({ count: 7 });
    const added = [...ranks, { consultantId: d, weight: 1, slots: 1 }];
    expect(await whoGets(1, { ranks: added, passOver: { [a]: 'x', [b]: 'x', [c]: 'x' } })).toEqual([d]);
  });

  it('a transaction fails: its turn is the next one, ahead of those that wait for somebody on leave', async () => {
    const turn = await takeOne({ passOver: { [a]: 'onLeave' } });
    await rota.giveBack(turn.turnId);
    expect(await waiting()).toEqual([b, a, c, a, b, b, b]);
    const again = await takeOne();
    expect(again).toMatchObject({ cycle: 1, position: 1, consultantId: b });
    expect(again.turnId).not.toBe(turn.turnId);
  });

  it('several fail, in any order: they come back in rota order', async () => {
    const { turns } = await take({ count: 4 });
    const ids = turns.map(({ turnId }) => turnId);
    await rota.giveBack(ids[2]!);
    await rota.giveBack(ids[0]!, ids[3]!);
    expect(await waiting()).toEqual([a, c, a, b, b, b]);
  });

  it('given back twice, after settling, or unknown: no effect', async () => {
    const { turns } = await take({ count: 2 });
    await rota.giveBack(turns[1]!.turnId);
    await rota.giveBack(turns[1]!.turnId);
    await rota.settle(turns[0]!.turnId);
    await rota.giveBack(turns[0]!.turnId, 'unknown');
    await rota.settle('unknown');
    await rota.settle();
    expect(await waiting()).toEqual([b, c, a, b, b, b]);
  });

  it('a turn fails when its cycle has ended: it comes to the front of the present one under its old number', async () => {
    const { turns } = await take({ count: 8 });
    await rota.giveBack(turns[7]!.turnId, turns[6]!.turnId);
    expect((await rota.peek())!.working.slice(0, 3)).toEqual([
      { cycle: 1, position: 6, consultantId: b, returned: true },
      { cycle: 2, position: 0, consultantId: a, returned: true },
      { cycle: 2, position: 1, consultantId: b, returned: false },
    ]);
  });

  it('turns neither settled nor given back: are found as outstanding', async () => {
    const { turns } = await take({ count: 3 });
    await rota.settle(turns[0]!.turnId);
    await rota.giveBack(turns[1]!.turnId);
    expect(await rota.outstanding(0)).toEqual([turns[2]]);
    expect(await rota.outstanding(3_600_000)).toEqual([]);
  });

  it('no rota yet: nothing to see, and the history is asked for once', async () => {
    let asked = 0;
    const history = async () => {
      asked++;
      return noHistory;
    };
    expect(await rota.peek()).toBeNull();
    expect(await rota.outstanding(0)).toEqual([]);
    await take({ history });
    await take({ history });
    expect(asked).toBe(1);
  });

  it('no rota yet but a history: goes on where the last committed turn left it', async () => {
    const history: RotaHistory = {
      cycles: [
        { cycle: 6, original: [a, b], lapsed: [] },
        {
          cycle: 7,
          original: [a, b, c, a, b, b, b],
          lapsed: [{ cycle: 6, position: 0, consultantId: a, reason: 'onLeave' }],
        },
      ],
      turns: [
        { cycle: 6, position: 1, passedOver: [] },
        { cycle: 7, position: 0, passedOver: [] },
        { cycle: 7, position: 2, passedOver: [] },
      ],
    };
    expect(await takeOne({ history: async () => history })).toMatchObject({ cycle: 7, position: 1, consultantId: b });
    expect(await takeOne()).toMatchObject({ cycle: 7, position: 3, consultantId: a });
    expect((await rota.peek())!.resetMarked).toBe(false);
  });

  it('a rota is there: restoring has no effect', async () => {
    expect(await rota.restore(ranks, noHistory)).toBe(true);
    await take({ count: 2 });
    expect(await rota.restore(ranks, noHistory)).toBe(false);
    expect(await waiting()).toEqual([c, a, b, b, b]);
  });

  it('marked before there was a rota: the mark is kept', async () => {
    await rota.markReset();
    await rota.restore(ranks, { cycles: [{ cycle: 1, original: [a, b, c, a, b, b, b], lapsed: [] }], turns: [] });
    expect((await rota.peek())!.resetMarked).toBe(true);
  });

  it('a thousand turns in one step: as many places, none twice', async () => {
    const { turns } = await take({ count: 1000 });
    expect(new Set(turns.map((turn) => `${turn.cycle}.${turn.position}`)).size).toBe(1000);
    await rota.giveBack(...turns.map(({ turnId }) => turnId));
    expect(await waiting()).toHaveLength(1001);
    await take({ count: 1001 });
    expect(await waiting()).toEqual([]);
  });
}
