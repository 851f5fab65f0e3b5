export { createInProcessState } from './in-process.ts';
export { createRedisState } from './redis.ts';
export type { Limited, SharedState } from './shared-state.ts';
export { createSteadyState } from './with-fallback.ts';
