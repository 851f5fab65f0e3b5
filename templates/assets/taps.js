/** @typedef {{ id: string, attendance: string, seen: string }} Tap a student, what was marked, and what stood there then */

/**
 * What was tapped on a roll call and is not saved, kept on this device under a key until it is.
 * @param {string} key
 * @param {Map<string, string>} seen what the server has, as far as this page knows: student → attendance
 */
export function createTaps(key, seen) {
  /** @type {Map<string, string>} */
  const taps = new Map();

  /** @param {string} id */
  const seenOf = (id) => seen.get(id) ?? '';
  const all = () => [...taps].map(([id, attendance]) => ({ id, attendance, seen: seenOf(id) }));

  function keep() {
    try {
      if (taps.size === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ taps: [...taps], seen: all().map((tap) => [tap.id, tap.seen]) }));
    } catch {
      // A browser that keeps nothing still saves over the line.
    }
  }

  return {
    get size() {
      return taps.size;
    },
    /** @param {string} id */
    has: (id) => taps.has(id),
    seenOf,
    /** What a student's button shows. @param {string} id */
    markOf: (id) => taps.get(id) ?? seenOf(id),
    all,

    /** @param {string} id @param {string} attendance */
    tap(id, attendance) {
      if (seenOf(id) === attendance) taps.delete(id);
      else taps.set(id, attendance);
      keep();
    },

    /** The server has this now; students this page does not show are passed over. @param {string} id @param {string} attendance */
    see(id, attendance) {
      if (seen.has(id)) seen.set(id, attendance);
    },

    /** What is as tapped by now needs no saving. */
    settle() {
      for (const [id, attendance] of taps) if (seenOf(id) === attendance) taps.delete(id);
      keep();
    },

    /** What was tapped while the answer was on its way stays to be saved. @param {readonly Tap[]} sent */
    saved(sent) {
      for (const { id, attendance } of sent) if (taps.get(id) === attendance) taps.delete(id);
      keep();
    },

    /** Brings back what an earlier visit left, but for what stands by now; `isOvertaken` where somebody changed it meanwhile. */
    restore() {
      const kept = read();
      const before = new Map(kept.seen);
      const restored = kept.taps
        .filter(([id, attendance]) => seen.has(id) && seenOf(id) !== attendance)
        .map(([id, attendance]) => ({ id, attendance, isOvertaken: before.get(id) !== seenOf(id) }));
      for (const { id, attendance } of restored) taps.set(id, attendance);
      if (kept.taps.length > 0) keep();
      return restored;
    },
  };

  /** @returns {{ taps: [string, string][], seen: [string, string][] }} */
  function read() {
    try {
      return JSON.parse(localStorage.getItem(key) ?? 'null') ?? { taps: [], seen: [] };
    } catch {
      // Kept by an older page: nothing to bring back.
      return { taps: [], seen: [] };
    }
  }
}
