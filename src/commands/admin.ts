import { runCommand } from './command.ts';

await runCommand('admin', () => ({ username: process.argv[2] }));
