import { createWriteStream, existsSync, openAsBlob } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { createEmbeddedSocket } from './embedded-socket.js';

// The thread the embedded database lives in, so that a long statement never stalls the service. Plain JavaScript,
// because worker threads read no TypeScript.

/**
 * What the thread is started with: a folder (none: in memory), a dump to begin from where the folder holds no
 * database yet, and where to listen.
 * @typedef {{ folder: string | null, loadFrom: string | null, socketPath: string }} WorkerData
 *
 * @typedef {{ kind: 'dump', file: string } | { kind: 'close' }} Request
 */

const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);
const { folder, loadFrom, socketPath } = /** @type {WorkerData} */ (workerData);

/** @param {string | null} dataDir @param {string | null} dump */
async function openPGlite(dataDir, dump) {
  return PGlite.create({
    ...(dataDir === null ? {} : { dataDir }),
    ...(dump === null ? {} : { loadDataDir: await openAsBlob(dump) }),
    extensions: { pg_trgm, btree_gist },
    startParams: [...PGlite.defaultStartParams, '-c', 'timezone=UTC'],
  });
}

async function open() {
  if (folder === null) return openPGlite(null, loadFrom);
  if (!existsSync(folder)) {
    // Made beside its place and renamed: a start that is killed half way leaves no half database behind.
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const fresh = await openPGlite(unfinished, loadFrom);
    await fresh.close();
    await rename(unfinished, folder);
  }
  return openPGlite(folder, null);
}

/** @param {string} file */
async function dump(file) {
  const unfinished = `${file}.unfinished`;
  await socket.runAlone(async () => {
    await db.exec('CHECKPOINT');
    const tar = await db.dumpDataDir('gzip');
    await pipeline(
      Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (tar.stream())),
      createWriteStream(unfinished, { mode: 0o600 }),
    );
  });
  await rename(unfinished, file);
}

async function close() {
  await socket.close();
  await db.close();
}

const db = await open();
const socket = createEmbeddedSocket(db, (error) => port.postMessage({ kind: 'failed', message: error.message }));
await socket.listen(socketPath);

port.on('message', async (/** @type {Request} */ request) => {
  try {
    await (request.kind === 'dump' ? dump(request.file) : close());
    port.postMessage({ kind: 'done' });
  } catch (error) {
    port.postMessage({ kind: 'refused', message: /** @type {Error} */ (error).message });
  }
  if (request.kind === 'close') port.close();
});
port.postMessage({ kind: 'ready' });
