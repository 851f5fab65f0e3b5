import { buildRota, type Rank } from './build-rota.ts';
import type { Rota } from './rota.ts';
import type { Place, RotaHistory, WaitingTurn } from './rota-store.ts';

/**
 * Lays out the rota as the last committed turn left it: the cycle's list less the committed turns. A turn that was out
 * when the process died is in no committed row, so it is back at the front. Such are, of the present cycle, those ahead of
 * the furthest committed turn that this one did not pass over, and of earlier ones what is neither committed nor lapsed.
 * The reset mark is not kept anywhere: it stands where the ranks would now give another list.
 */
export function restoreRota(ranks: readonly Rank[], { cycles, turns }: RotaHistory): Rota {
  const newest = Math.max(0, ...[...cycles, ...turns].map(({ cycle }) => cycle));
  const present = cycles.find(({ cycle }) => cycle === newest) ?? { cycle: newest, original: [], lapsed: [] };
  const earlier = cycles.filter(({ cycle }) => cycle < newest).sort((a, b) => a.cycle - b.cycle);
  const furthest = turns
    .filter(({ cycle }) => cycle === newest)
    .sort((a, b) => b.position - a.position)
    .at(0);

  const done = new Set([...turns, ...cycles.flatMap(({ lapsed }) => lapsed)].map(placeKey));
  const waited = new Set(furthest?.passedOver.map(placeKey));
  const isLeft = (place: Place) => !done.has(placeKey(place));
  const wasOut = (place: Place) =>
    place.cycle < newest || (place.position < (furthest?.position ?? 0) && !waited.has(placeKey(place)));

  const left: WaitingTurn[] = [...earlier, present]
    .flatMap(layOut)
    .filter(isLeft)
    .map((place) => ({ ...place, returned: wasOut(place) }));
  return {
    cycle: newest,
    original: present.original,
    lapsed: present.lapsed,
    working: [...left.filter(({ returned }) => returned), ...left.filter(({ returned }) => !returned)],
    resetMarked: buildRota(ranks).join() !== present.original.join(),
    outstanding: new Map(),
  };
}

function layOut({ cycle, original }: { cycle: number; original: readonly number[] }): Place[] {
  return original.map((consultantId, position) => ({ cycle, position, consultantId }));
}

function placeKey({ cycle, position }: { cycle: number; position: number }): string {
  return `${cycle}:${position}`;
}
