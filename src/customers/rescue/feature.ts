import type { Feature } from '../../feature.ts';
import { rescueCommands } from './commands.ts';
import { eveningDigest } from './job.ts';
import { rescuePages } from './pages.ts';

/** What the coming sweep takes, said the evening before, and the answers that save it. */
export function createRescue(): Feature {
  return { id: 'rescue', commands: rescueCommands, pages: rescuePages, jobs: [eveningDigest] };
}
