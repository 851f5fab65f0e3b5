/** Tells the time; everything that decides by time asks one of these. */
export type Clock = { now(): Date };

/** A clock that can be moved: after `moveTo` time runs on from there (the sandbox's clock, tests). */
export type MovableClock = Clock & {
  moveTo(instant: Date): void;
  offsetMs(): number;
  setOffsetMs(offsetMs: number): void;
};

/** The machine's own clock, in milliseconds: for sessions, rate limits, leases and token expiry, which never move. */
export function wallNow(): number {
  return Date.now();
}

/** A clock that runs with the machine's, moved by an offset. */
export function createClock(offsetMs = 0): MovableClock {
  let offset = offsetMs;
  return {
    now: () => new Date(Date.now() + offset),
    moveTo: (instant) => {
      offset = instant.getTime() - Date.now();
    },
    offsetMs: () => offset,
    setOffsetMs: (value) => {
      offset = value;
    },
  };
}

/** A clock that stands still until it is moved, for tests. */
export function createFixedClock(start: Date | string): Clock & { moveTo(instant: Date | string): void } {
  let current = new Date(start);
  return {
    now: () => new Date(current),
    moveTo: (instant) => {
      current = new Date(instant);
    },
  };
}
