import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Announcement, announcementFile } from '../../src/control/door.ts';
import { findPrismaFolder } from '../../src/database/read-migrations.ts';
import { TEST_NOW } from './now.ts';

const root = join(findPrismaFolder(), '..');
const run = promisify(execFile);
const LOOK_MS = 25;
const MOST_LOOKS = (120 * 1000) / LOOK_MS;

/** How a child ended and what it said. */
export type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string };

let built: Promise<{ root: string; stamp: string }> | undefined;

/** Builds what `npm start` runs, where it is stale; `stamp` names the sources it was built from. */
export function buildOnce(): Promise<{ root: string; stamp: string }> {
  built ??= run(process.execPath, [join(root, 'build.mjs')]).then(() => ({
    root,
    stamp: readFileSync(join(root, 'dist', '.stamp'), 'utf8').slice(0, 16),
  }));
  return built;
}

/** A built program as a child with this environment, TEST_NOW and nothing else of ours: `main.js`, `commands/admin.js` … */
export async function startProgram(program: string, args: readonly string[], env: Record<string, string>) {
  await buildOnce();
  const preload = new URL('./die-with-parent.js', import.meta.url).href;
  // As in vitest.config.ts: optimizing the embedded database does not pay off in seconds.
  const own = ['--liftoff-only', '--import', preload, '--enable-source-maps', join(root, 'dist', 'src', program)];
  const child = spawn(process.execPath, [...own, ...args], {
    // Not the project's folder: a developer's .env there is not the test's.
    cwd: tmpdir(),
    // In production nothing is pretended.
    env: { PATH: process.env.PATH, TZ: process.env.TZ, ...(env.NODE_ENV !== 'production' && { TEST_NOW }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({ code, signal, stdout: stdout(), stderr: stderr() }),
  );
  return { child, ended, said: () => stdout() + stderr() };
}

/** Runs a built program to its end. */
export async function runProgram(program: string, args: readonly string[], env: Record<string, string>) {
  return (await startProgram(program, args, env)).ended;
}

/** A running service. */
export type RunningService = Awaited<ReturnType<typeof runService>>;

/** Starts the service on a port of its own; `ready` answers when it may be used, `end` when it has ended. */
export async function runService(env: Record<string, string>) {
  const { child, ended, said } = await startProgram('main.js', [], { PORT: '0', ...env });
  let url = '';

  /** The address it announces in its data folder; a killed one before it may have left its own there. */
  async function announced(): Promise<string> {
    const file = announcementFile(env.DATA_DIR ?? '');
    return untilThere(child, said, () => {
      const found = existsSync(file) ? Announcement.safeParse(parse(readFileSync(file, 'utf8'))) : null;
      return found?.data?.pid === child.pid ? found?.data?.url : undefined;
    });
  }

  return {
    child,
    ended,
    said,
    get url() {
      return url;
    },
    announced,
    async ready(): Promise<string> {
      url = await announced();
      await untilThere(child, said, async () => (await fetch(`${url}/readyz`)).ok || undefined);
      return url;
    },
    end(signal: NodeJS.Signals): Promise<Ended> {
      child.kill(signal);
      return ended;
    },
  };
}

async function untilThere<T>(
  child: ChildProcess,
  said: () => string,
  look: () => T | undefined | Promise<T | undefined>,
) {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const found = await look();
    if (found !== undefined) return found;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await sleep(LOOK_MS);
  }
  throw new Error(`the service did not come up:\n${said()}`);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
