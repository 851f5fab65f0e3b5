import type { AnyCommand } from '../chat/define-command.ts';
import { claim } from './commands/claim.ts';
import { followUp } from './commands/follow-up.ts';
import { listMine } from './commands/list-mine.ts';
import { listPool } from './commands/list-pool.ts';
import { release } from './commands/release.ts';
import { show } from './commands/show.ts';
import { transfer } from './commands/transfer.ts';

/** What consultants say about customers and the pool. */
export const customerCommands: readonly AnyCommand[] = [listPool, claim, listMine, show, followUp, release, transfer];
