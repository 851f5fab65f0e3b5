import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { wallNow } from '../kernel/clock.ts';
import { FolderHolder, isAlive, thisProcess } from './folder-holder.ts';
import { listenInFolder } from './folder-socket.ts';

/** A folder taken by this process. `leftBehind` is the crashed holder whose lock was taken over. */
export type FolderLock = { leftBehind: FolderHolder | null; release(): Promise<void> };

const LOCK_FILE = 'xiaoxin.lock';
const BEAT_MS = 2_000;

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

/** Somebody else has taken the folder from this process, which must write nothing more. */
export class FolderLost extends Error {
  override readonly name = 'FolderLost';
  constructor(folder: string) {
    super(`The data folder ${folder} was taken by another process while this one had it: this one stops at once.`);
  }
}

/**
 * Takes a data folder for this process alone, because PGlite itself locks nothing. Whoever can connect to the holder's
 * socket in the folder has found it alive; a dead one's lock is taken over.
 * @param onLost when the lock is no longer ours: nothing may be written from here on
 * @throws FolderInUse when another process, or this one, has it
 */
export async function lockFolder(
  folder: string,
  {
    socketFolder = null,
    onLost = () => undefined,
  }: { socketFolder?: string | null; onLost?: (why: Error) => void } = {},
): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, LOCK_FILE);
  const mark = randomUUID();
  // It listens before its lock is there, so that no lock is ever read whose holder does not listen yet.
  const socket = await listenInFolder(folder, `xiaoxin-${mark.slice(0, 8)}.sock`);
  const holder: FolderHolder = { ...(await thisProcess()), mark, socket: socket?.name ?? null, socketFolder };
  let leftBehind: FolderHolder | null;
  try {
    leftBehind = await take(folder, file, holder);
  } catch (error) {
    await socket?.close();
    throw error;
  }
  const stop = keepLock(file, holder, () => onLost(new FolderLost(folder)));
  return {
    leftBehind,
    release: async () => {
      stop();
      const current = await readHolder(file);
      if (current && current !== 'gone' && current.mark === mark) await unlink(file);
      await socket?.close();
    },
  };
}

/** Who uses a data folder right now, or null: for commands that must go through the running service. */
export async function holderOf(folder: string): Promise<FolderHolder | null> {
  const file = join(folder, LOCK_FILE);
  const found = await readHolder(file);
  return found && found !== 'gone' && (await isAlive(found, folder, file)) ? found : null;
}

/** Makes the file this process's; answers the dead holder it had before, or null. @throws FolderInUse */
async function take(folder: string, file: string, holder: FolderHolder): Promise<FolderHolder | null> {
  let leftBehind: FolderHolder | null = null;
  for (;;) {
    if (await create(file, holder)) return leftBehind;
    const found = await readHolder(file);
    if (found === 'gone') continue;
    if (found && (await isAlive(found, folder, file))) throw new FolderInUse(folder, found);
    if (await succeed(folder, file, holder, found)) {
      leftBehind = found;
      return leftBehind;
    }
  }
}

/**
 * Takes a dead one's file over: who may do so is decided by a lock of its own beside it, taken in the same way, so that
 * of many who find one dead holder exactly one becomes the next. False where the file has changed since it was read.
 */
async function succeed(
  folder: string,
  file: string,
  holder: FolderHolder,
  dead: FolderHolder | null,
): Promise<boolean> {
  const next = `${file}.next`;
  await take(folder, next, holder);
  try {
    const still = await readHolder(file);
    if (still === 'gone' || still?.mark !== dead?.mark) return false;
    const draft = await writeDraft(file, holder);
    await rename(draft, file);
    if (dead?.socket) await rm(join(folder, dead.socket), { force: true });
    return true;
  } finally {
    await unlink(next);
  }
}

/** Written aside and linked into place, so that nobody ever reads half a lock. */
async function create(file: string, holder: FolderHolder): Promise<boolean> {
  const draft = await writeDraft(file, holder);
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

async function writeDraft(file: string, holder: FolderHolder): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  return draft;
}

/** The lock's content, null where it is not one of ours (damaged by a full disk, for one). */
async function readHolder(file: string): Promise<FolderHolder | 'gone' | null> {
  try {
    return FolderHolder.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : null;
  }
}

/** Shows every two seconds that its holder lives, for other hosts, and sees whether the file is still the holder's. */
function keepLock(file: string, holder: FolderHolder, lost: () => void): () => void {
  let told = false;
  const look = async () => {
    const found = await readHolder(file);
    // A file somebody deleted is written again; who has put another there meanwhile has the folder.
    const ours = found === 'gone' ? await create(file, holder).catch(() => false) : found?.mark === holder.mark;
    if (ours) {
      const seconds = wallNow() / 1000;
      await utimes(file, seconds, seconds).catch(() => undefined);
    } else if (!told && found !== null) {
      told = true;
      lost();
    }
  };
  const beat = setInterval(() => void look(), BEAT_MS).unref();
  return () => {
    told = true;
    clearInterval(beat);
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
