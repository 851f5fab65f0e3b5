import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderInUse, type FolderLock, holderOf, lockFolder } from '../../src/database/folder-lock.ts';
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
