import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../setup/node-process.ts';
import { useTestService } from '../setup/service.ts';

const service = useTestService({ engine: 'embedded' });

/** What others could read in a data folder, itself included. */
async function openToOthers(folder: string): Promise<string[]> {
  // Tests copy the school's account beside it.
  const names = ['.', ...(await readdir(folder, { recursive: true }))].filter((name) => name !== 'account.json');
  const found = await Promise.all(
    names.map(async (name) => {
      const { mode } = await stat(join(folder, name)).catch(() => ({ mode: 0 }));
      return mode & 0o077 ? [`${name} ${(mode & 0o777).toString(8)}`] : [];
    }),
  );
  return found.flat();
}

it('a data folder, and all the service makes in it, is its owner’s alone, after a restore too', async () => {
  const { dataDir } = service().school;
  expect(await openToOthers(dataDir)).toEqual([]);

  await service().kill('SIGTERM');
  // As a version before left it.
  await chmod(dataDir, 0o755);
  for (const name of await readdir(join(dataDir, 'database'))) await chmod(join(dataDir, 'database', name), 0o777);
  await chmod(join(dataDir, 'session-secret'), 0o644);
  await service().restart();
  expect(await openToOthers(dataDir)).toEqual([]);

  const dump = join(dataDir, 'restore.tar.gz');
  const backup = await runProgram('commands/backup.js', [dump], { DATA_DIR: dataDir });
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  await service().kill('SIGTERM');
  await rename(join(dataDir, 'database'), join(dataDir, 'database.before'));
  await service().restart();
  await rm(join(dataDir, 'database.before'), { recursive: true });
  expect((await readdir(dataDir)).some((name) => name.endsWith('.restored'))).toBe(true);
  expect(await openToOthers(dataDir)).toEqual([]);
});

it('a data folder that cannot be had is one line that names the variable', async () => {
  for (const folder of ['/proc/nope', '/dev/null/data']) {
    const ended = await runProgram('main.js', [], { PORT: '0', DATA_DIR: folder });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^DATA_DIR: /)]);
  }
});
