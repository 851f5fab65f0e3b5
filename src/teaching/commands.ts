import type { AnyCommand } from '../chat/define-command.ts';
import { markCommands } from './commands/mark.ts';
import { type LinkMaker, rollCallCommands } from './commands/roll-call.ts';
import { studentCommands } from './commands/student.ts';

/** What teaching understands in chat; without `links` the answers carry no addresses. */
export function teachingCommands({ links = null }: { links?: LinkMaker | null } = {}): readonly AnyCommand[] {
  return [...rollCallCommands(links), ...markCommands, ...studentCommands(links)];
}
