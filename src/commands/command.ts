import { existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { readConfig } from '../config.ts';
import { type ControlName, runControl } from '../control/controls.ts';
import { Announcement, announcementFile } from '../control/door.ts';
import { keepToOurselves, prepareDataFolder } from '../database/data-folder.ts';
import { openParts } from '../wire.ts';

/**
 * Runs an operator's command: through the running service where there is one, else on the database itself. Prints what
 * it answers; a fault is one line and exit code 1.
 */
export async function runCommand(name: ControlName, readBody: () => unknown): Promise<void> {
  keepToOurselves();
  try {
    const body = readBody();
    if (existsSync('.env')) process.loadEnvFile('.env');
    const config = readConfig(process.env);
    const text = (await askRunning(config.dataDir, name, body)) ?? (await runAlone(name, body));
    process.stdout.write(`${text}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function askRunning(dataDir: string, name: ControlName, body: unknown): Promise<string | null> {
  const file = announcementFile(dataDir);
  if (!existsSync(file)) return null;
  const { pid, url, key } = Announcement.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (!isAlive(pid)) return null;
  const response = await fetch(`${url}/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-control-key': key },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { text?: string; problem?: string };
  if (answer.text === undefined) throw new Error(answer.problem ?? `the service answered ${response.status}`);
  return answer.text;
}

async function runAlone(name: ControlName, body: unknown): Promise<string> {
  const config = readConfig(process.env);
  const log = pino({ level: 'warn', base: undefined }, pino.destination(2));
  await prepareDataFolder(config.dataDir, log);
  const parts = await openParts({ config, log });
  try {
    return await runControl(parts.controls, name, body);
  } finally {
    await parts.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
