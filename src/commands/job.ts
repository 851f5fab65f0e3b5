import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { readConfig } from '../config.ts';
import { runCommand } from './command.ts';

await runCommand('job', () => {
  const { values, positionals } = parseArgs({ options: { at: { type: 'string' } }, allowPositionals: true });
  // A time without an offset is the school's.
  const at = values.at && DateTime.fromISO(values.at, { zone: readConfig(process.env).timeZone, setZone: true });
  return { id: positionals[0], ...(at && { at: at.toISO() ?? values.at }) };
});
