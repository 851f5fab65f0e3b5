import type { Clock } from '../kernel/clock.ts';
import type { SharedState } from '../shared-state/index.ts';

/** What the platform wants left alone for a while: one of its calls, one template, or all of it. */
export type Paused = 'template' | 'custom' | 'wechat' | `template:${string}`;

/** How long a pause is remembered at most, on the wall clock. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** What concerns the account is asked again so soon, and then every last one of these. */
const STEPS_MS = [60_000, 5 * 60_000, 15 * 60_000] as const;

/**
 * What keeps a whole account from sending: calls are refused, or messages are taken and then reported as not delivered
 * because the sender is blocked. Each lengthens its own pauses, for a message that was taken ends only the first.
 */
export type Trouble = 'refused' | 'senderBlocked';

/** Pauses of one account all nodes keep to. Losing them costs one refused call each. */
export type Pauses = ReturnType<typeof createPauses>;

type Parts = { shared: Pick<SharedState, 'get' | 'set'>; clock: Clock; appId: string };

export function createPauses({ shared, clock, appId }: Parts) {
  const keyOf = (what: Paused) => `notify:pause:${appId}:${what}`;
  const stepKeys: Readonly<Record<Trouble, string>> = {
    refused: `notify:pause-step:${appId}`,
    senderBlocked: `notify:pause-step:${appId}:blocked`,
  };
  const until = async (what: Paused): Promise<Date | null> => {
    const kept = await shared.get(keyOf(what));
    const end = kept ? new Date(kept) : null;
    return end && end > clock.now() ? end : null;
  };
  const pause = (what: Paused, end: Date): Promise<void> => shared.set(keyOf(what), end.toISOString(), KEPT_MS);
  let pausing: Promise<Date> | null = null;

  async function longerPause(trouble: Trouble): Promise<Date> {
    const running = await until('wechat');
    if (running) return running;
    const stepKey = stepKeys[trouble];
    const step = Math.min(Number((await shared.get(stepKey)) ?? 0), STEPS_MS.length - 1);
    const end = new Date(clock.now().getTime() + (STEPS_MS[step] ?? STEPS_MS[0]));
    await pause('wechat', end);
    await shared.set(stepKey, String(step + 1), KEPT_MS);
    return end;
  }

  async function startOver(trouble: Trouble): Promise<void> {
    if ((await shared.get(stepKeys[trouble])) !== null) await shared.set(stepKeys[trouble], '0', 1);
  }

  return {
    /** The latest end of the pauses that are on; null for none. */
    async until(...whats: Paused[]): Promise<Date | null> {
      const ends = await Promise.all(whats.map(until));
      return ends.reduce((latest, end) => (end && (!latest || end > latest) ? end : latest), null);
    },
    pause,
    /**
     * Pauses the whole account for one, then five, then fifteen minutes each time, until something goes out. Of several
     * sendings that find the same trouble at once the first one's pause counts. Returns its end.
     */
    pauseAccount(trouble: Trouble = 'refused'): Promise<Date> {
      pausing ??= longerPause(trouble).finally(() => {
        pausing = null;
      });
      return pausing;
    },
    /** Something was taken: the next refusal of the account begins with the shortest pause again. */
    worked: (): Promise<void> => startOver('refused'),
    /** Something arrived, which says more than that it was taken: the account is not blocked as a sender. */
    arrived: (): Promise<void> => startOver('senderBlocked'),
    /** Ends a pause before its time, where somebody set things right: the next trouble begins with the shortest one. */
    async resume(what: Paused): Promise<void> {
      await shared.set(keyOf(what), new Date(0).toISOString(), 1);
      if (what === 'wechat') await Promise.all([startOver('refused'), startOver('senderBlocked')]);
    },
  };
}
