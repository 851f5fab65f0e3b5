import { buildRota } from './build-rota.ts';
import type { Cycle, PassedOver, Place, Taken, TakeRequest, Turn, WaitingTurn } from './rota-store.ts';

/** Everything a rota is. `redis-scripts.ts` says the same in Lua; a test holds the two together. */
export type Rota = Cycle & {
  working: WaitingTurn[];
  resetMarked: boolean;
  outstanding: ReadonlyMap<string, Turn>;
};

type Wanted = Pick<TakeRequest, 'ranks' | 'passOver' | 'room' | 'known'> & { turnIds: string[]; takenAtMs: number };

/** Takes one turn for each of `turnIds`, as `RotaStore.take` tells. Answers the rota after it; the given one stays. */
export function takeTurns(rota: Rota, wanted: Wanted): { rota: Rota; taken: Taken } {
  const whyNot = createWhyNot(wanted);
  const outstanding = new Map(rota.outstanding);
  const turns: Turn[] = [];
  const cycles = new Map<number, Cycle>();
  let next: Rota = { ...rota, working: [...rota.working], outstanding };

  for (const turnId of wanted.turnIds) {
    let index = next.working.findIndex((turn) => whyNot(turn) === undefined);
    if (index < 0) {
      const opened = openCycle(next, wanted, whyNot);
      if (!opened) break;
      next = opened;
      index = next.working.findIndex((turn) => whyNot(turn) === undefined);
    }
    const passedOver = next.working.slice(0, index).map((turn) => passOver(turn, whyNot(turn)));
    const { cycle, position, consultantId } = next.working.splice(index, 1)[0]!;
    const turn: Turn = { turnId, cycle, position, consultantId, takenAtMs: wanted.takenAtMs, passedOver };
    whyNot.count(turn);
    outstanding.set(turnId, turn);
    turns.push(turn);
    cycles.set(next.cycle, { cycle: next.cycle, original: next.original, lapsed: next.lapsed });
  }
  return { rota: next, taken: { turns, cycles: [...cycles.values()] } };
}

/**
 * Puts turns back at the front: ahead of all that were never taken, among themselves in rota order. A turn whose cycle
 * has ended since comes to the front of the present one, ahead of its turns, and lapses with it at the latest.
 */
export function giveBackTurns(rota: Rota, turnIds: readonly string[]): Rota {
  const working = [...rota.working];
  const outstanding = new Map(rota.outstanding);
  for (const turnId of turnIds) {
    const turn = outstanding.get(turnId);
    if (!turn) continue;
    outstanding.delete(turnId);
    const behind = working.findIndex((other) => !other.returned || comesBefore(turn, other));
    const { cycle, position, consultantId } = turn;
    working.splice(behind < 0 ? working.length : behind, 0, { cycle, position, consultantId, returned: true });
  }
  return { ...rota, working, outstanding };
}

/** Rota order: by cycle, then by position. */
export function comesBefore(a: Place, b: Place): boolean {
  return a.cycle === b.cycle ? a.position < b.position : a.cycle < b.cycle;
}

type WhyNot = ((place: { consultantId: number }) => string | undefined) & { count(turn: Turn): void };

function createWhyNot({ passOver = {}, room = {}, known }: Wanted): WhyNot {
  const everyone = known && new Set(known);
  const left = new Map(Object.entries(room).map(([id, { left }]) => [Number(id), left]));
  const whyNot = ({ consultantId: id }: { consultantId: number }) => {
    if (passOver[id] !== undefined) return passOver[id];
    if (everyone && !everyone.has(id)) return 'gone';
    return (left.get(id) ?? 1) <= 0 ? room[id]?.reason : undefined;
  };
  const count = ({ consultantId: id }: Turn) => {
    if (left.has(id)) left.set(id, left.get(id)! - 1);
  };
  return Object.assign(whyNot, { count });
}

function passOver({ cycle, position, consultantId }: Place, reason = ''): PassedOver {
  return { cycle, position, consultantId, reason };
}

/** The next cycle, or nothing where nobody could take a turn in it: turns then keep waiting rather than lapse in vain. */
function openCycle(rota: Rota, { ranks }: Wanted, whyNot: WhyNot): Rota | undefined {
  const someoneCan = (list: number[]) => list.some((consultantId) => whyNot({ consultantId }) === undefined);
  let original = rota.original;
  let resetMarked = rota.resetMarked;
  // Built anew without the mark too where the original holds nobody who can: a lost mark must not turn customers away.
  if (resetMarked || !someoneCan(original)) {
    original = buildRota(ranks);
    resetMarked = false;
  }
  if (!someoneCan(original)) return undefined;
  const cycle = rota.cycle + 1;
  return {
    ...rota,
    cycle,
    original,
    resetMarked,
    lapsed: rota.working.map((turn) => passOver(turn, whyNot(turn))),
    working: original.map((consultantId, position) => ({ cycle, position, consultantId, returned: false })),
  };
}
