import { readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { wallNow } from '../kernel/clock.ts';
import { knock } from './folder-socket.ts';

/** Who uses a data folder: written into its lock file. */
export const FolderHolder = z.object({
  /** Tells this lock from every other one. */
  mark: z.string(),
  pid: z.number().int(),
  host: z.string(),
  /** When the process began, as the system tells it; a later process with the same pid has another. */
  began: z.string(),
  /** The running kernel, which containers of one machine share; null where the system does not tell. */
  kernel: z.string().nullable().default(null),
  /** In which numbering of processes `pid` means it; a container has its own. Null as above. */
  pids: z.string().nullable().default(null),
  /** The name of its socket in the folder; null where the file system has none. */
  socket: z.string().nullable().default(null),
  /** The folder of the embedded database's socket, to be removed after a crash. */
  socketFolder: z.string().nullable(),
});
export type FolderHolder = z.infer<typeof FolderHolder>;

/** Whoever has not beaten for so long is looked at no further; clocks of two hosts do not differ by that much. */
const LONG_DEAD_MS = 3_600_000;
/** A living holder beats five times in it. */
const WATCH_MS = 10_000;
const LOOK_MS = 500;

/** What tells this process from every other one. */
export async function thisProcess(): Promise<Omit<FolderHolder, 'mark' | 'socket' | 'socketFolder'>> {
  const [began, kernel, pids] = await Promise.all([processBegan(process.pid), runningKernel(), pidNumbering()]);
  return { pid: process.pid, host: hostname(), began: began ?? '', kernel, pids };
}

/**
 * Whether a holder lives. On the same machine its socket tells, which the kernel closes with the process; without one its
 * pid, where pids mean the same. Only across hosts, and where neither can be asked, does its beat in `file` decide.
 */
export async function isAlive(holder: FolderHolder, folder: string, file: string): Promise<boolean> {
  const [kernel, pids] = await Promise.all([runningKernel(), pidNumbering()]);
  if (holder.socket !== null) {
    const listening = await knock(folder, holder.socket);
    if (listening === 'yes') return true;
    if (listening === 'no' && kernel !== null && holder.kernel === kernel) return false;
  }
  const sameMachine = holder.kernel === null || kernel === null ? holder.host === hostname() : holder.kernel === kernel;
  const comparable = sameMachine && (holder.pids === null || pids === null || holder.pids === pids);
  return comparable ? isRunning(holder) : beats(file);
}

/** Whether the process with this pid runs and is the one that began then; a zombie holds nothing any more. */
async function isRunning({ pid, began }: FolderHolder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const fields = await statFields(pid);
  if (fields?.[0] === 'Z' || fields?.[0] === 'X') return false;
  const begins = await processBegan(pid);
  return begins === null || began === '' || begins === began;
}

/** Whether the file is touched while it is watched: two hosts' clocks need not agree. */
async function beats(file: string): Promise<boolean> {
  const beat = async () => (await stat(file).catch(() => null))?.mtimeMs ?? 0;
  const first = await beat();
  if (wallNow() - first > LONG_DEAD_MS) return false;
  for (let watched = 0; watched < WATCH_MS; watched += LOOK_MS) {
    await sleep(LOOK_MS);
    if ((await beat()) !== first) return true;
  }
  return false;
}

/** When a process began, from Linux's /proc; null where the system does not tell (then its pid alone decides). */
async function processBegan(pid: number): Promise<string | null> {
  const [fields, kernel] = await Promise.all([statFields(pid), runningKernel()]);
  // The start time is the 20th field after the name (proc(5), field 22).
  return fields && kernel ? `${kernel}:${fields[19]}` : null;
}

/** What /proc says of a process after its name, the state first; the name in brackets may hold spaces. */
async function statFields(pid: number): Promise<string[] | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return line === null ? null : line.slice(line.lastIndexOf(')') + 2).split(' ');
}

async function runningKernel(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

async function pidNumbering(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}
