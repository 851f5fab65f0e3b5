import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { wallNow } from '../kernel/clock.ts';

/** Who uses a data folder: written into its lock file. */
const Holder = z.object({
  /** Tells this lock from every other one. */
  mark: z.string(),
  pid: z.number().int(),
  host: z.string(),
  /** When the process began, as the system tells it; a later process with the same pid has another. */
  began: z.string(),
  /** The folder of the holder's socket, to be removed after a crash. */
  socketFolder: z.string().nullable(),
});
export type FolderHolder = z.infer<typeof Holder>;

/** A folder taken by this process. `leftBehind` is the crashed holder whose lock was taken over. */
export type FolderLock = { leftBehind: FolderHolder | null; release(): Promise<void> };

const LOCK_FILE = 'xiaoxin.lock';
const BEAT_MS = 2_000;
/** A holder on another host (a container's name) cannot be asked, so its last sign of life decides. */
const SILENT_AFTER_MS = 10_000;

/** The folder is in use; the message says by whom and what to do. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  constructor(
    readonly folder: string,
    readonly holder: FolderHolder,
  ) {
    const who = `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`;
    super(
      `The data folder ${folder} is in use by ${who}. Two services on one embedded database lose data: stop that one first, or give this one its own DATA_DIR or a DATABASE_URL.`,
    );
  }
}

/**
 * Takes a data folder for this process alone, because PGlite itself locks nothing. A lock whose process is gone (its
 * pid dead, or given to a later process) is taken over.
 * @throws FolderInUse when another process, or this one, has it
 */
export async function lockFolder(folder: string, socketFolder: string | null = null): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, LOCK_FILE);
  const holder: FolderHolder = {
    mark: randomUUID(),
    pid: process.pid,
    host: hostname(),
    began: (await processBegan(process.pid)) ?? '',
    socketFolder,
  };
  let leftBehind: FolderHolder | null = null;
  while (!(await create(file, holder))) {
    const found = await readHolder(file);
    if (found === 'gone') continue;
    if (found && (await isAlive(found, file))) throw new FolderInUse(folder, found);
    if (await removeStale(file, found)) leftBehind = found;
  }
  // Two that take over one stale lock at once may move each other's fresh lock away: whoever is in the file now has it.
  if (leftBehind) await sleep(50);
  const now = await readHolder(file);
  if (now === 'gone' || now?.mark !== holder.mark) throw new FolderInUse(folder, now && now !== 'gone' ? now : holder);

  const beat = setInterval(() => {
    const seconds = wallNow() / 1000;
    utimes(file, seconds, seconds).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    leftBehind,
    release: async () => {
      clearInterval(beat);
      const current = await readHolder(file);
      if (current && current !== 'gone' && current.mark === holder.mark) await unlink(file);
    },
  };
}

/** Who uses a data folder right now, or null: for commands that must go through the running service. */
export async function holderOf(folder: string): Promise<FolderHolder | null> {
  const file = join(folder, LOCK_FILE);
  const found = await readHolder(file);
  return found && found !== 'gone' && (await isAlive(found, file)) ? found : null;
}

/** Written aside and linked into place, so that nobody ever reads half a lock. */
async function create(file: string, holder: FolderHolder): Promise<boolean> {
  const draft = `${file}.${holder.mark}`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The lock's content, null where it is not one of ours (damaged by a full disk, for one). */
async function readHolder(file: string): Promise<FolderHolder | 'gone' | null> {
  try {
    return Holder.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : null;
  }
}

async function isAlive(holder: FolderHolder, file: string): Promise<boolean> {
  if (holder.host !== hostname()) return hasSignOfLife(file);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const began = await processBegan(holder.pid);
  return began === null || holder.began === '' || began === holder.began;
}

async function hasSignOfLife(file: string): Promise<boolean> {
  const beat = async () => (await stat(file).catch(() => null))?.mtimeMs ?? 0;
  const first = await beat();
  if (wallNow() - first > SILENT_AFTER_MS) return false;
  await sleep(SILENT_AFTER_MS);
  return (await beat()) > first;
}

/** Moves a stale lock away; false when it was no longer the one that was read. */
async function removeStale(file: string, stale: FolderHolder | null): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  const moved = await readHolder(aside);
  const same = moved === null ? stale === null : moved !== 'gone' && moved.mark === stale?.mark;
  if (!same) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return same;
}

/** When a process began, from Linux's /proc; null where the system does not tell (then its pid alone decides). */
async function processBegan(pid: number): Promise<string | null> {
  try {
    const [line, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name in brackets may hold spaces; the start time is the 20th field after it (proc(5), field 22).
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
