import type { SchoolDay } from '../kernel/school-time.ts';

type Held = { consultantId: number; day: SchoolDay; endedOn: SchoolDay | null };

/**
 * Counts how many customers each consultant followed, going from day to day. `held` are the ones whose holder is certain;
 * others are added as they are given out. Whoever ended on a day is not counted on it any more.
 */
export function createFollowing(held: readonly Held[]) {
  const waiting = [...held].sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
  const open = new Map<number, number>();
  const ends = new Map<SchoolDay, number[]>();
  let today: SchoolDay = '';
  let next = 0;

  function add(consultantId: number, endedOn: SchoolDay | null): void {
    if (endedOn !== null && endedOn <= today) return;
    open.set(consultantId, (open.get(consultantId) ?? 0) + 1);
    if (endedOn !== null) ends.set(endedOn, [...(ends.get(endedOn) ?? []), consultantId]);
  }

  return {
    goTo: (day: SchoolDay) => {
      today = day;
      for (let one = waiting[next]; one && one.day <= day; one = waiting[next]) {
        add(one.consultantId, one.endedOn);
        next += 1;
      }
      for (const [endedOn, ids] of ends) {
        if (endedOn > day) continue;
        for (const id of ids) open.set(id, (open.get(id) ?? 0) - 1);
        ends.delete(endedOn);
      }
    },
    of: (consultantId: number) => open.get(consultantId) ?? 0,
    add,
  };
}
