import { type DayCounts, type DropReason, dropsOn } from '../customers/index.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Spell } from './read-history.ts';

export type Drop = { day: SchoolDay; reason: DropReason };

/** A customer somebody would have lost, or kept, otherwise than it was. */
export type Changed = {
  spell: Spell;
  /** When the sweep would have taken it; null: not until the end of the month looked at. */
  drop: Drop | null;
};

export type Drops = {
  /** Would have been lost on a day it was not. */
  lost: Changed[];
  /** Was lost, and would not have been that day. */
  spared: Changed[];
  /** How many were lost, and would have been, in the month looked at. */
  actual: number;
  proposed: number;
};

/** Whether the sweep ended it. */
const isLost = ({ state }: Spell) => state === 'lostNoContact' || state === 'lostNoDeal';

/**
 * When the sweep would have taken a customer by other day counts, the contacts being what they were: each one that came in
 * time put it off, and one on the day of the sweep only before it (rule 2).
 */
export function replayDrop({ date, contacts }: Pick<Spell, 'date' | 'contacts'>, counts: DayCounts): Drop {
  let lastContactedOn = date;
  for (const { day, isEarly } of contacts) {
    const drop = dropsOn({ receivedOn: date, lastContactedOn }, counts);
    if (day > drop.day || (day === drop.day && !isEarly)) return drop;
    if (day > lastContactedOn) lastContactedOn = day;
  }
  return dropsOn({ receivedOn: date, lastContactedOn }, counts);
}

/** What other day counts would have changed between two days, both included. */
export function replayDrops(
  spells: readonly Spell[],
  counts: DayCounts,
  { from, to }: { from: SchoolDay; to: SchoolDay },
): Drops {
  const drops: Drops = { lost: [], spared: [], actual: 0, proposed: 0 };
  const isWithin = (day: SchoolDay) => from <= day && day <= to;
  for (const spell of spells) {
    const found = replayDrop(spell, counts);
    const wasLostOn = isLost(spell) ? spell.endedOn : null;
    const wasLost = wasLostOn !== null && isWithin(wasLostOn);
    // What ended it otherwise came after that day's sweep, so a sweep on the same day comes first.
    const comes = isWithin(found.day) && (spell.endedOn === null || found.day <= spell.endedOn || wasLostOn !== null);
    if (wasLost) drops.actual += 1;
    if (comes) drops.proposed += 1;
    if (wasLost && found.day > (wasLostOn ?? '')) drops.spared.push({ spell, drop: comes ? found : null });
    else if (comes && found.day !== wasLostOn) drops.lost.push({ spell, drop: found });
  }
  return drops;
}
