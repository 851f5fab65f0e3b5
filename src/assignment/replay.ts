import type { SchoolDay } from '../kernel/school-time.ts';
import type { Rank } from '../rota/build-rota.ts';
import { type Rota, takeTurns } from '../rota/rota.ts';

/** A rank as somebody thinks of setting it. */
export type ProposedRank = Rank & { followingCap: number | null; dailyCap: number | null };

/** A customer who was given out by turns, on a day, and when the holder lost it or won it. */
export type PastTurn = { day: SchoolDay; endedOn: SchoolDay | null };

/** How many customers each consultant follows, as the days go by; `of` counts what was added. */
export type Following = {
  goTo(day: SchoolDay): void;
  of(consultantId: number): number;
  add(consultantId: number, endedOn: SchoolDay | null): void;
};

/**
 * To whom these customers would have gone, in their order, by other ranks and caps, the cycle begun anew; null where nobody
 * could have taken one. Pure: leave and deactivation at the time are not known, so everybody counts as there.
 */
export function replayTurns(
  past: readonly PastTurn[],
  ranks: readonly ProposedRank[],
  following: Following,
): (number | null)[] {
  let rota: Rota = { cycle: 0, original: [], lapsed: [], working: [], resetMarked: true, outstanding: new Map() };
  let day: SchoolDay | null = null;
  let takenToday = new Map<number, number>();
  return past.map((turn, at) => {
    if (turn.day !== day) {
      day = turn.day;
      takenToday = new Map();
      following.goTo(day);
    }
    const { rota: next, taken } = takeTurns(rota, {
      ranks: [...ranks],
      room: roomOf(ranks, takenToday, following),
      turnIds: [`replayed:${at}`],
      takenAtMs: 0,
    });
    // Nobody settles these turns, and a month of them is too many to carry along.
    rota = { ...next, outstanding: new Map() };
    const consultantId = taken.turns[0]?.consultantId ?? null;
    if (consultantId !== null) {
      takenToday.set(consultantId, (takenToday.get(consultantId) ?? 0) + 1);
      following.add(consultantId, turn.endedOn);
    }
    return consultantId;
  });
}

function roomOf(ranks: readonly ProposedRank[], takenToday: ReadonlyMap<number, number>, following: Following) {
  return Object.fromEntries(
    ranks.flatMap(({ consultantId, followingCap, dailyCap }) => {
      const left = [
        ...(followingCap === null ? [] : [followingCap - following.of(consultantId)]),
        ...(dailyCap === null ? [] : [dailyCap - (takenToday.get(consultantId) ?? 0)]),
      ];
      return left.length > 0 ? [[consultantId, { left: Math.min(...left), reason: 'cap' }]] : [];
    }),
  );
}
