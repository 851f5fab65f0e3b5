export { rescueCommands } from './commands.ts';
export { eveningDigest } from './job.ts';
export { rescuePages } from './pages.ts';
export { readMyDrops } from './read-my-drops.ts';
