import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';

/** What a service makes under its data folder; other things there are somebody else's. */
const OURS = /^(database|xiaoxin[.-]|session-secret|data-key|service\.json|backup-|restore\.tar\.gz)/;
const OTHERS = 0o077;
const STICKY = 0o1000;

/** The data folder cannot be used; one line that names the variable. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
}

/** Everything this process makes from here on is for its own user only. */
export function keepToOurselves(): void {
  process.umask(OTHERS);
}

/**
 * Makes the data folder, for its owner only, and closes to others what an earlier version made in it: customers' data,
 * secrets, dumps. What cannot be closed is a warning.
 * @throws DataFolderUnusable
 */
export async function prepareDataFolder(dataDir: string, log: Logger): Promise<void> {
  const folder = resolve(dataDir);
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataFolderUnusable(`DATA_DIR: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { mode } = await stat(folder);
  if (mode & STICKY) log.warn({ folder }, 'the data folder is shared with others (as /tmp is): give it one of its own');
  else await close(folder, mode, log);
  for (const name of await readdir(folder)) if (OURS.test(name)) await closeToOthers(join(folder, name), log);
}

/** Node's own recursive mkdir never ends where a folder takes no other, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch((error) => {
    if (error.code !== 'EEXIST' || found) throw error;
  });
}

/** Takes everybody else's rights from a file or a folder with all in it; links are left alone. */
export async function closeToOthers(path: string, log: Logger): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found || found.isSymbolicLink()) return;
  await close(path, found.mode, log);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await closeToOthers(join(path, name), log);
}

async function close(path: string, mode: number, log: Logger): Promise<void> {
  if ((mode & OTHERS) === 0) return;
  await chmod(path, mode & 0o700).catch((error) => {
    log.warn({ err: error, path }, 'others may read this, and it could not be closed to them');
  });
}
