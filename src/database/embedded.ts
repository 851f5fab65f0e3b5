import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { closeToOthers } from './data-folder.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';

/** How node-postgres reaches the embedded database: a folder with a Unix socket in it. */
export type EmbeddedConnection = { host: string; port: number; user: string; database: string };

export type Embedded = {
  connection: EmbeddedConnection;
  /** Writes a dump (gzipped tar) between two transactions. */
  dump(file: string): Promise<void>;
  close(): Promise<void>;
};

/** A backup placed here is what a data folder without a database begins with. */
export const RESTORE_FILE = 'restore.tar.gz';

type Answer = { kind: 'ready' | 'done' } | { kind: 'refused' | 'failed'; message: string };

const PORT = 5432;
const SOCKET_FOLDER = 'xiaoxin-';
/** A Unix socket's path may have 107 bytes; the folder's name and the socket's own take about 30 of them. */
const LONGEST_FOLDER = 75;

/**
 * Starts the embedded database in a thread of its own, behind a Unix socket only this user can reach. In `dataDir`
 * it lives in `database/`; a new one begins from `restore.tar.gz` where that is there. Without `dataDir` it lives in
 * memory, from the dump `loadFrom` if given. Where another process takes the folder all the same it stops at once.
 * @throws FolderInUse when another process has the folder
 */
export async function startEmbedded(options: {
  dataDir?: string;
  loadFrom?: string;
  log: Logger;
  /** When it breaks while in use: nothing can be read or written until the service is started again. */
  onFailure?: (error: Error) => void;
}): Promise<Embedded> {
  const { log, onFailure = () => undefined } = options;
  const dataDir = options.dataDir === undefined ? null : resolve(options.dataDir);
  const socketFolder = await mkdtemp(join(tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir(), SOCKET_FOLDER));
  let lock: FolderLock | null = null;
  let worker: Worker | null = null;
  const onLost = (why: Error) => {
    // The thread goes first: it must not write another byte into a folder that is somebody else's.
    void worker?.terminate();
    onFailure(why);
  };
  try {
    if (dataDir) lock = await takeFolder(dataDir, { socketFolder, onLost }, log);
    const folder = dataDir && join(dataDir, 'database');
    const restore = dataDir && join(dataDir, RESTORE_FILE);
    const restores = folder && restore && !existsSync(folder) && existsSync(restore) ? restore : null;
    if (restores) log.info({ file: restores }, 'the new database begins from a backup');

    const thread = new Worker(new URL('./embedded-worker.js', import.meta.url), {
      workerData: {
        folder,
        loadFrom: restores ?? options.loadFrom ?? null,
        socketPath: join(socketFolder, `.s.PGSQL.${PORT}`),
      },
    });
    worker = thread;
    const ask = converse(thread, log, onFailure);
    await ask(null);
    // PGlite lays out a new or restored database with files anybody may read, whatever the umask.
    if (folder) await closeToOthers(folder, log);
    // Kept under another name, so that it is not taken for a wish to go back to it again.
    if (restores) await rename(restores, `${restores}.restored`);
    let closing: Promise<void> | null = null;
    const close = async () => {
      await ask({ kind: 'close' }).catch((error) => log.error({ err: error }, 'the embedded database did not close'));
      await thread.terminate();
      await rm(socketFolder, { recursive: true, force: true });
      await lock?.release();
    };
    return {
      connection: { host: socketFolder, port: PORT, user: 'postgres', database: 'postgres' },
      dump: (file) => ask({ kind: 'dump', file: resolve(file) }),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await rm(socketFolder, { recursive: true, force: true });
    await lock?.release();
    throw error;
  }
}

async function takeFolder(
  dataDir: string,
  options: { socketFolder: string; onLost: (why: Error) => void },
  log: Logger,
): Promise<FolderLock> {
  const lock = await lockFolder(dataDir, options);
  const left = lock.leftBehind;
  if (!left) return lock;
  log.warn({ pid: left.pid }, 'the last service on this data folder ended without closing; its lock was taken over');
  // Only what is recognisably a socket folder of ours: the path comes from a file.
  if (left.socketFolder && basename(left.socketFolder).startsWith(SOCKET_FOLDER)) {
    await rm(left.socketFolder, { recursive: true, force: true });
  }
  return lock;
}

/** Questions to the thread, one at a time, each with its one answer; `null` waits for its first word. */
function converse(
  worker: Worker,
  log: Logger,
  onFailure: (error: Error) => void,
): (request: { kind: string; file?: string } | null) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let broken: Error | null = null;
  let settle: ((answer: Answer) => void) | null = null;
  let ending = false;
  const fail = (message: string) => {
    if (broken) return;
    broken = new Error(`the embedded database failed: ${message}`);
    if (settle) return settle({ kind: 'failed', message });
    log.fatal({ err: broken }, 'the embedded database failed');
    onFailure(broken);
  };
  worker.on('message', (answer: Answer) => (answer.kind === 'failed' ? fail(answer.message) : settle?.(answer)));
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => {
    if (!ending || settle) fail('its thread ended');
  });

  const put = (request: { kind: string; file?: string } | null) =>
    new Promise<void>((done, refuse) => {
      if (broken) return refuse(broken);
      settle = (answer) => {
        settle = null;
        if (answer.kind === 'ready' || answer.kind === 'done') done();
        else refuse(new Error(`the embedded database failed: ${'message' in answer ? answer.message : ''}`));
      };
      ending = request?.kind === 'close';
      if (request) worker.postMessage(request);
    });
  return (request) => {
    const answer = last.then(() => put(request));
    last = answer.catch(() => undefined);
    return answer;
  };
}
