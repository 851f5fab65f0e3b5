import { runCommand } from './command.ts';

await runCommand('backup', () => ({ file: process.argv[2] }));
