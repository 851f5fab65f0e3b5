import type { Rank } from './build-rota.ts';

/** A place in the rota: the `position`th turn (from 0) of a cycle, and whose it is. */
export type Place = { cycle: number; position: number; consultantId: number };

/** A place whose consultant could not take it, and why. */
export type PassedOver = Place & { reason: string };

/** A turn taken: one customer goes to this consultant. `passedOver` were ahead in the list and keep waiting. */
export type Turn = Place & { turnId: string; takenAtMs: number; passedOver: PassedOver[] };

/** How a cycle began: the list it was filled from, and the turns of the cycle before that lapsed unused. */
export type Cycle = { cycle: number; original: number[]; lapsed: PassedOver[] };

/** A turn still in the working list; a `returned` one was taken before and came back to the front. */
export type WaitingTurn = Place & { returned: boolean };

/** The rota as it stands, for the picture of this cycle and the next. */
export type RotaPicture = { cycle: number; working: WaitingTurn[]; original: number[]; resetMarked: boolean };

/** What the database knows of the rota: enough of it to go on after a restart, or when Redis has lost everything. */
export type RotaHistory = {
  /** The last few cycles: two, unless a transaction may outlive a whole cycle. */
  cycles: readonly Cycle[];
  /** The committed turns of those cycles. */
  turns: readonly Pick<Turn, 'cycle' | 'position' | 'passedOver'>[];
};

export type TakeRequest = {
  /** How many turns, 1 where not given; an import takes many in one step. */
  count?: number;
  /** The ranks as the database has them now, used only where the rota must be built anew. */
  ranks: readonly Rank[];
  /** Who cannot take a turn now, and why: by consultant id. */
  passOver?: Readonly<Record<number, string>>;
  /** Who may take only so many more in this call (a cap), and why they are passed over after that. */
  room?: Readonly<Record<number, { left: number; reason: string }>>;
  /** Everyone there is. Somebody in the list but not among them is passed over as `gone`; not given: all are known. */
  known?: readonly number[];
  /** Asked only where the store holds no rota yet; called outside any transaction. */
  history: () => Promise<RotaHistory>;
};

/** Turns in the order taken: fewer than asked for, or none, where nobody can take them. */
export type Taken = { turns: Turn[]; cycles: Cycle[] };

/**
 * The rota (轮转): the working list, the original it is refilled from, the reset mark, and the turns taken but not yet
 * settled. Every operation is one atomic step, however many nodes ask. A turn is taken before the transaction opens;
 * then `settle` follows its commit and `giveBack` its failure, and what a dead process left is found by `outstanding`.
 */
export type RotaStore = {
  /**
   * Takes the next turns. The first available consultant in the list gets it; those ahead keep their turn waiting. When
   * only turns of unavailable people are left, they lapse and the next cycle begins, from the original, or built anew
   * from `ranks` where the reset mark is set. Where nobody could take a turn in the next cycle either, nothing changes.
   * `cycles` tells how each cycle began that was the present one at one of these turns: a commit records them all, once.
   */
  take(request: TakeRequest): Promise<Taken>;
  /** Returns turns whose transaction failed to the front of the list, in rota order. Unknown and settled ones: no effect. */
  giveBack(...turnIds: string[]): Promise<void>;
  /** Ends turns whose transaction has committed, or whose place turned out to be used already. Unknown ones: no effect. */
  settle(...turnIds: string[]): Promise<void>;
  /** Turns taken at least so long ago and neither settled nor given back: give back those that no assignment has. */
  outstanding(olderThanMs: number): Promise<Turn[]>;
  /** Lets the next cycle be built anew from the ranks (they changed, or somebody's leave or account did). */
  markReset(): Promise<void>;
  /** The rota as it stands, or null where the store holds none yet (`restore` it first). */
  peek(): Promise<RotaPicture | null>;
  /** Lays out the rota as the database last knew it. False, and no effect, where the store holds one already. */
  restore(ranks: readonly Rank[], history: RotaHistory): Promise<boolean>;
};
