import fc from 'fast-check';

/** What somebody does with one slot: `anybodys` is an administrator's cancel. */
export type Move = { who: number; kind: 'book' | 'cancel' | 'wait' | 'stop' | 'anybodys'; slots: number[] };

export const PEOPLE = 4;
const SLOTS = 3;

export const moves = fc.array(
  fc.record<Move>({
    who: fc.nat(PEOPLE - 1),
    kind: fc.constantFrom('book', 'book', 'cancel', 'cancel', 'wait', 'wait', 'stop', 'anybodys'),
    slots: fc.uniqueArray(fc.integer({ min: 1, max: SLOTS }), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 8, maxLength: 24 },
);

type Slot = { holder: number | null; queue: number[] };

/** The day as it must be: who has each slot and who waits for it, in order. A move is done whole or not at all. */
export function createModel() {
  const day = new Map<number, Slot>();
  const at = (slot: number) => {
    const found = day.get(slot) ?? { holder: null, queue: [] };
    day.set(slot, found);
    return found;
  };

  function free(slot: Slot): void {
    slot.holder = slot.queue.shift() ?? null;
  }

  return {
    /** Whether the move is allowed; if so it is made. */
    move({ who, kind, slots }: Move): boolean {
      const wanted = slots.map(at);
      if (kind === 'book') {
        if (wanted.some(({ holder }) => holder !== null)) return false;
        for (const slot of wanted) slot.holder = who;
      }
      if (kind === 'cancel' || kind === 'anybodys') {
        if (wanted.some(({ holder }) => holder === null || (kind === 'cancel' && holder !== who))) return false;
        for (const slot of wanted) free(slot);
      }
      if (kind === 'wait') {
        if (wanted.every(({ holder }) => holder === null)) for (const slot of wanted) slot.holder = who;
        else
          for (const { holder, queue } of wanted)
            if (holder !== null && holder !== who && !queue.includes(who)) queue.push(who);
      }
      if (kind === 'stop') for (const slot of wanted) slot.queue = slot.queue.filter((other) => other !== who);
      return true;
    },
    held: () => [...day].flatMap(([slot, { holder }]) => (holder === null ? [] : [`${slot} ${holder}`])).sort(),
    /** For each slot who waits, first come first. */
    queueOf: (slot: number) => at(slot).queue,
  };
}
