export type { EnterMany, Placement, RowOutcome } from './enter-many.ts';
export type { HandOut } from './hand-out.ts';
export { replayTurns } from './replay.ts';
