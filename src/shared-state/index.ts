export { createInProcessState } from './in-process.ts';
export { createRedisState } from './redis.ts';

export type { SharedState } from './shared-state.ts';
export { createSteadyState } from './with-fallback.ts';
