import type { Clock } from '../kernel/clock.ts';
import type { SharedState } from '../shared-state/index.ts';

/** What the platform wants left alone for a while: one of its calls, one template, or all of it. */
export type Paused = 'template' | 'custom' | 'wechat' | `template:${string}`;

/** How long a pause is remembered at most, on the wall clock. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** Pauses all nodes keep to. Losing them costs one refused call each. */
export type Pauses = ReturnType<typeof createPauses>;

export function createPauses({ shared, clock }: { shared: Pick<SharedState, 'get' | 'set'>; clock: Clock }) {
  const keyOf = (what: Paused) => `notify:pause:${what}`;
  const until = async (what: Paused): Promise<Date | null> => {
    const kept = await shared.get(keyOf(what));
    const end = kept ? new Date(kept) : null;
    return end && end > clock.now() ? end : null;
  };
  return {
    /** The latest end of the pauses that are on; null for none. */
    async until(...whats: Paused[]): Promise<Date | null> {
      const ends = await Promise.all(whats.map(until));
      return ends.reduce((latest, end) => (end && (!latest || end > latest) ? end : latest), null);
    },
    pause: (what: Paused, end: Date): Promise<void> => shared.set(keyOf(what), end.toISOString(), KEPT_MS),
    /** Ends a pause before its time, where somebody set things right. */
    resume: (what: Paused): Promise<void> => shared.set(keyOf(what), new Date(0).toISOString(), 1),
  };
}
