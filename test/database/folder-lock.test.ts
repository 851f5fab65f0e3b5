import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderInUse, type FolderLock, holderOf, lockFolder } from '../../src/database/folder-lock.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { useTemporaryFolders } from './temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const LOCK = 'xiaoxin.lock';

const write = (folder: string, holder: object) =>
  writeFile(
    join(folder, LOCK),
    JSON.stringify({ mark: 'before', pid: 1, host: hostname(), began: '', socketFolder: null, ...holder }),
  );

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('data folder lock', () => {
  it('when the folder is taken, refuses a second and names the process', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.pid}`);
    expect((await holderOf(folder))?.pid).toBe(process.pid);
    await lock.release();
    expect(await holderOf(folder)).toBeNull();
  });

  it('when released, leaves no file and can be taken again', async () => {
    const folder = await temporaryFolder();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder)).release();
  });

  it('when another living process has it, refuses', async () => {
    const folder = await temporaryFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    await write(folder, { pid: child.pid });
    await expect(lockFolder(folder)).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('when its process is dead, takes it over and tells whose it was', async () => {
    const folder = await temporaryFolder();
    const pid = await deadPid();
    await write(folder, { pid });
    const lock = await lockFolder(folder);
    expect(lock.leftBehind?.pid).toBe(pid);
    await lock.release();
  });

  it('when its pid was given to a later process, takes it over', async () => {
    const folder = await temporaryFolder();
    await write(folder, { pid: process.pid, began: 'another boot:1' });
    const lock = await lockFolder(folder);
    expect(lock.leftBehind?.mark).toBe('before');
    await lock.release();
  });

  it('when its host has given no sign of life for long, takes it over', async () => {
    const folder = await temporaryFolder();
    await write(folder, { host: 'another-container' });
    await utimes(join(folder, LOCK), 0, 0);
    await (await lockFolder(folder)).release();
  });

  it('when the file is damaged, takes it over', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, LOCK), '{"mark":');
    await (await lockFolder(folder)).release();
  });

  it('when many find one dead lock at once, exactly one gets it', async () => {
    const folder = await temporaryFolder();
    await write(folder, { pid: await deadPid() });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const taken = tries.filter((one): one is PromiseFulfilledResult<FolderLock> => one.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, LOCK), 'utf8')).pid).toBe(process.pid);
    await taken[0]?.value.release();
    expect(await readdir(folder)).toEqual([]);
  });
});

const SCRIPT = fileURLToPath(new URL('./hold-folder.ts', import.meta.url));
const OWN_NUMBERING = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const hasNamespaces = spawnSync(OWN_NUMBERING[0] ?? '', [...OWN_NUMBERING.slice(1), 'true']).status === 0;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that takes the folder; `word` is the next thing it says: held, FolderInUse or FolderLost. */
function startHolder(folder: string, before: readonly string[] = []) {
  const [program = '', ...args] = [...before, process.execPath, '--import', 'tsx', SCRIPT, folder];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const words = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, word: async () => (await words.next()).value as string };
}

const pidOf = async (folder: string) => JSON.parse(await readFile(join(folder, LOCK), 'utf8')).pid as number;

describe('a data folder and real processes', () => {
  it('a supervisor that starts again at once after kill -9 is let in, though nobody has reaped the killed one', async () => {
    const folder = await temporaryFolder();
    // The shell becomes a sleep, which waits for no child: the killed holder stays a zombie.
    const command = `${process.execPath} --import tsx ${SCRIPT} ${folder} & exec sleep 60`;
    const parent = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);
    await once(parent.stdout, 'data');
    const pid = await pidOf(folder);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
    const lock = await lockFolder(folder);
    expect(lock.leftBehind?.pid).toBe(pid);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('a zombie without a socket (a version before) is dead too', async () => {
    const folder = await temporaryFolder();
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);
    const [said] = await once(parent.stdout, 'data');
    const pid = Number(String(said));
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
    await write(folder, { pid });
    await (await lockFolder(folder)).release();
  });

  it('a paused holder is alive, and still has the folder when it goes on', async () => {
    const folder = await temporaryFolder();
    const holder = startHolder(folder);
    expect(await holder.word()).toBe('held');
    holder.child.kill('SIGSTOP');
    await utimes(join(folder, LOCK), 0, 0);
    for (let n = 0; n < 3; n += 1) await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    holder.child.kill('SIGCONT');
    expect((await holderOf(folder))?.pid).toBe(holder.child.pid);
  });

  it.skipIf(!hasNamespaces)(
    'two containers on one volume: neither takes the folder from the other, though a pid of one means nothing in the other',
    async () => {
      const [inside, outside] = [await temporaryFolder(), await temporaryFolder()];
      const contained = startHolder(inside, OWN_NUMBERING);
      expect(await contained.word()).toBe('held');
      await expect(lockFolder(inside)).rejects.toThrow(FolderInUse);

      const lock = await lockFolder(outside);
      expect(await startHolder(outside, OWN_NUMBERING).word()).toBe('FolderInUse');
      await lock.release();

      process.kill(contained.child.pid ?? 0, 'SIGKILL');
      await once(contained.child, 'exit');
      await expect.poll(async () => await holderOf(inside)).toBeNull();
      await (await lockFolder(inside)).release();
    },
  );

  it('of four that start at once after a crash exactly one gets it', async () => {
    const folder = await temporaryFolder();
    await write(folder, { pid: await deadPid() });
    const words = await Promise.all(Array.from({ length: 4 }, () => startHolder(folder).word()));
    expect(words.sort()).toEqual([...Array(3).fill('FolderInUse'), 'held']);
  });

  it('a holder whose lock names somebody else stops at once', async () => {
    const folder = await temporaryFolder();
    const holder = startHolder(folder);
    expect(await holder.word()).toBe('held');
    await write(folder, { mark: 'of another host', host: 'another' });
    expect(await holder.word()).toBe('FolderLost');
    expect(await once(holder.child, 'exit')).toEqual([7, null]);
  });

  it('a holder whose lock somebody deleted has it again in a moment', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder);
    await rm(join(folder, LOCK));
    await expect.poll(() => pidOf(folder).catch(() => null)).toBe(process.pid);
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    await lock.release();
  });

  it('a holder on another host that still beats keeps it, however far the two clocks are apart', async () => {
    const folder = await temporaryFolder();
    await write(folder, { host: 'another', kernel: 'another', pids: 'another' });
    const minuteAgo = () => wallNow() / 1000 - 60;
    const beat = setInterval(() => void utimes(join(folder, LOCK), minuteAgo(), minuteAgo()), 1000);
    await expect(lockFolder(folder)).rejects.toThrow('on another');
    clearInterval(beat);
  });

  it('a folder whose path is longer than a socket’s address may be is held all the same', async () => {
    const folder = join(await temporaryFolder(), 'a-long-name-'.repeat(8), '很长的名字');
    await mkdir(folder, { recursive: true });
    const holder = startHolder(folder);
    expect(await holder.word()).toBe('held');
    expect((await readdir(folder)).some((name) => name.endsWith('.sock'))).toBe(true);
    holder.child.kill('SIGSTOP');
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    holder.child.kill('SIGKILL');
    await sleep(200);
    await (await lockFolder(folder)).release();
  });
});
