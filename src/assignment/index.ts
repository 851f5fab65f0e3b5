export type { MarkReset } from './change-ranks.ts';
export type { EnterAndAssign, EnteredAndAssigned } from './enter-and-assign.ts';
export type { EnterMany, Placement, RowOutcome } from './enter-many.ts';
export type { HandOut } from './hand-out.ts';
export { type ProposedRank, replayTurns } from './replay.ts';
export { whyLines } from './why.ts';
