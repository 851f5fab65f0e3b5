import fc from 'fast-check';
import { expect } from 'vitest';
import { buildRota, type Rank } from '../../src/rota/build-rota.ts';
import type { Cycle, Place, RotaHistory, RotaPicture, RotaStore, Turn } from '../../src/rota/rota-store.ts';

/** What can happen to a rota. `nth` picks among the turns that are out; where there are none the step does nothing. */
export type Step =
  | {
      do: 'take';
      count: number;
      away: number[];
      room: Record<number, { left: number; reason: string }>;
      deleted: number[];
    }
  | { do: 'commit' | 'commitThenDie' | 'fail' | 'die'; nth: number }
  | { do: 'rank'; ranks: Rank[] }
  | { do: 'recover' }
  | { do: 'lose' };

const consultants = [1, 2, 3, 4, 5];
const fewConsultants = fc.subarray(consultants, { maxLength: 3 });

export const someRanks: fc.Arbitrary<Rank[]> = fc
  .subarray(consultants)
  .chain((ids) =>
    fc.tuple(...ids.map((id) => fc.record({ consultantId: fc.constant(id), weight: fc.nat(3), slots: fc.nat(3) }))),
  );

const nth = fc.nat(20);
const take: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('take' as const),
  count: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) }),
  away: fc.oneof(fc.constant<number[]>([]), fewConsultants),
  room: fc.dictionary(fc.constantFrom('1', '2', '3'), fc.record({ left: fc.nat(2), reason: fc.constant('cap') }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  deleted: fc.oneof({ weight: 9, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fewConsultants }),
});

export const someSteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: take },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('commit' as const), nth }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('commitThenDie' as const), nth }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'die' as const), nth }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rank' as const), ranks: someRanks }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  ),
  { maxLength: 60, size: 'max' },
);

export type Played = { seen: unknown[]; committed: Place[] };

/**
 * Plays the steps on a store, keeping beside it what a database would hold, and checks after each that the written rule
 * was followed. `lose` must empty the store. Answers what was seen, for comparing one store with another.
 */
export async function playRota(
  makeStore: () => Promise<RotaStore>,
  firstRanks: Rank[],
  steps: Step[],
): Promise<Played> {
  let store = await makeStore();
  let ranks = firstRanks;
  let opened = new Map<number, Cycle>();
  /** Turns that some process still works on. */
  let working: { turn: Turn; cycles: Cycle[] }[] = [];
  const rows: Turn[] = [];
  const cycleRows = new Map<number, Cycle>();
  const seen: unknown[] = [];
  const history = async (): Promise<RotaHistory> => ({ cycles: [...cycleRows.values()], turns: rows });

  function commit({ turn, cycles }: { turn: Turn; cycles: Cycle[] }) {
    rows.push(turn);
    for (const cycle of cycles) if (!cycleRows.has(cycle.cycle)) cycleRows.set(cycle.cycle, cycle);
  }

  async function recover() {
    for (const { turnId } of await store.outstanding(0)) {
      if (rows.some((row) => row.turnId === turnId)) await store.settle(turnId);
      else if (!working.some(({ turn }) => turn.turnId === turnId)) await store.giveBack(turnId);
    }
  }

  async function takeSome(step: Step & { do: 'take' }) {
    await store.restore(ranks, await history());
    const before = (await store.peek())!;
    const passOver = Object.fromEntries(step.away.map((id) => [id, 'onLeave']));
    const known = consultants.filter((id) => !step.deleted.includes(id));
    const room = structuredClone(step.room);
    const taken = await store.take({ count: step.count, ranks, passOver, room, known, history });
    checkTaken(before, ranks, step, taken);
    for (const cycle of taken.cycles) opened.set(cycle.cycle, cycle);
    working.push(...taken.turns.map((turn) => ({ turn, cycles: taken.cycles })));
    return { turns: taken.turns.map(({ takenAtMs: _, ...turn }) => turn), cycles: taken.cycles };
  }

  async function play(step: Step): Promise<unknown> {
    if (step.do === 'take') return takeSome(step);
    if (step.do === 'rank') {
      ranks = step.ranks;
      return store.markReset();
    }
    if (step.do === 'recover') return recover();
    if (step.do === 'lose') {
      store = await makeStore();
      working = [];
      opened = new Map(cycleRows);
      return;
    }
    if (working.length === 0) return;
    const [one] = working.splice(step.nth % working.length, 1);
    if (step.do === 'commit' || step.do === 'commitThenDie') commit(one!);
    if (step.do === 'commit') await store.settle(one!.turn.turnId);
    if (step.do === 'fail') {
      await store.giveBack(one!.turn.turnId);
      await store.giveBack(one!.turn.turnId);
    }
  }

  for (const step of [...steps, { do: 'recover' } as const]) {
    const answer = await play(step);
    const picture = await store.peek();
    const out = await store.outstanding(0);
    seen.push({ step, answer, picture, out: out.map(({ turnId }) => turnId) });
    if (picture) checkNoneLost(picture, out, rows, [...opened.values()]);
  }
  return { seen, committed: rows.map(({ cycle, position, consultantId }) => ({ cycle, position, consultantId })) };
}

/** Every place of every cycle is committed, out, waiting or lapsed: exactly one of these. */
function checkNoneLost(picture: RotaPicture, out: Turn[], rows: Turn[], opened: Cycle[]) {
  const stillOut = out.filter(({ turnId }) => !rows.some((row) => row.turnId === turnId));
  const lapsed = opened.flatMap(({ lapsed }) => lapsed);
  const known = new Set(opened.map(({ cycle }) => cycle));
  const places = opened.flatMap(({ cycle, original }) => original.map((id, position) => [cycle, position, id].join()));
  const found = [...rows, ...stillOut, ...picture.working, ...lapsed]
    .filter(({ cycle }) => known.has(cycle))
    .map(({ cycle, position, consultantId }) => [cycle, position, consultantId].join());
  expect(found.sort()).toEqual(places.sort());
}

/** The turns went to the first who could, the passed over could not, and a new cycle began only when it had to. */
function checkTaken(
  before: RotaPicture,
  ranks: Rank[],
  step: Step & { do: 'take' },
  taken: { turns: Turn[]; cycles: Cycle[] },
) {
  const used = new Map<number, number>();
  const able = (id: number) =>
    !step.away.includes(id) && !step.deleted.includes(id) && (step.room[id]?.left ?? 99) > (used.get(id) ?? 0);
  const count = (id: number) => used.set(id, (used.get(id) ?? 0) + 1);
  const built = buildRota(ranks);
  const opened = taken.cycles.filter(({ cycle }) => cycle > before.cycle);

  const [first] = taken.turns;
  if (first && opened.every(({ cycle }) => cycle !== first.cycle)) {
    const ahead = before.working.findIndex(
      ({ cycle, position }) => cycle === first.cycle && position === first.position,
    );
    expect(first.passedOver.map(({ reason: _, ...place }) => place)).toEqual(
      before.working.slice(0, ahead).map(({ returned: _, ...place }) => place),
    );
  }
  if (first && opened.some(({ cycle }) => cycle === first.cycle)) {
    expect(opened[0]!.lapsed.map(({ consultantId }) => consultantId)).toEqual(
      before.working.map(({ consultantId }) => consultantId),
    );
    const fromOriginal = !before.resetMarked && before.original.some(able);
    expect(opened[0]!.original).toEqual(fromOriginal ? before.original : built);
  }
  expect(opened.map(({ cycle }) => cycle)).toEqual(opened.map((_, i) => before.cycle + 1 + i));

  for (const turn of taken.turns) {
    const began = opened.find(({ cycle, lapsed }) => cycle === turn.cycle && lapsed.length > 0);
    expect(able(turn.consultantId)).toBe(true);
    for (const { consultantId } of turn.passedOver) expect(able(consultantId)).toBe(false);
    for (const { consultantId } of began?.lapsed ?? []) expect(able(consultantId)).toBe(false);
    count(turn.consultantId);
  }
  if (taken.turns.length < step.count) {
    const taking = (place: Place) => taken.turns.some((t) => t.cycle === place.cycle && t.position === place.position);
    const waiting = before.working.filter((place) => !taking(place)).map(({ consultantId }) => consultantId);
    expect([...waiting, ...built].filter(able)).toEqual([]);
  }
}
