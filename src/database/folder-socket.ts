import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's address holds 108 bytes on Linux and 104 elsewhere, its last one a zero. */
const LONGEST_ADDRESS = 103;
const ANSWER_WITHIN_MS = 2_000;

/** Whether somebody listens at a socket: `unknown` where the system would not say. */
export type Listening = 'yes' | 'no' | 'unknown';

/**
 * Listens on a Unix socket in a folder, so that others on this machine see that this process lives, paused or in another
 * container as well. Null where the folder's file system has no sockets (some network and shared folders).
 */
export async function listenInFolder(
  folder: string,
  name: string,
): Promise<{ name: string; close(): Promise<void> } | null> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  try {
    await withAddress(folder, name, (address) => {
      return new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(address, resolve);
      });
    });
  } catch {
    return null;
  }
  server.unref();
  return {
    name,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await rm(join(folder, name), { force: true });
    },
  };
}

/** Knocks at a socket in a folder. A full queue of a paused process counts as somebody there. */
export async function knock(folder: string, name: string): Promise<Listening> {
  return withAddress(folder, name, (address) => {
    return new Promise<Listening>((resolve) => {
      const socket = connect(address);
      const answer = (listening: Listening) => {
        socket.destroy();
        resolve(listening);
      };
      socket.setTimeout(ANSWER_WITHIN_MS, () => answer('yes'));
      socket.once('connect', () => answer('yes'));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EAGAIN') answer('yes');
        else answer(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'no' : 'unknown');
      });
    });
  });
}

/** The address of a socket; where the folder's path is too long for one, by way of a short link to the folder. */
async function withAddress<T>(folder: string, name: string, work: (address: string) => Promise<T>): Promise<T> {
  const address = join(folder, name);
  if (Buffer.byteLength(address) <= LONGEST_ADDRESS) return work(address);
  const base = Buffer.byteLength(tmpdir()) > LONGEST_ADDRESS / 2 ? '/tmp' : tmpdir();
  const short = await mkdtemp(join(base, 'xiaoxin-link-'));
  try {
    await symlink(folder, join(short, 'to'));
    return await work(join(short, 'to', name));
  } finally {
    await rm(short, { recursive: true, force: true });
  }
}
