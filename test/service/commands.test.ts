import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, removeSchool } from '../setup/demo-school.ts';
import { createClient } from '../setup/json-client.ts';
import { runProgram, runService } from '../setup/node-process.ts';
import { type TestService, useTestService } from '../setup/service.ts';
import { testDatabaseUrl } from '../setup/services.ts';

const service = useTestService();

/** Runs `npm run NAME -- ARGS` as an operator would beside this service, or instead of it. */
function operate({ school }: TestService, name: string, ...args: string[]) {
  return runProgram(`commands/${name}.js`, args, {
    DATA_DIR: school.dataDir,
    ...(school.databaseUrl && { DATABASE_URL: school.databaseUrl }),
  });
}

/** Resets the operator's password and signs in with it, on a service started for that where none runs. */
async function signInWithNewPassword(restart = false): Promise<void> {
  const { code, stdout } = await operate(service(), 'admin', 'operator');
  const [, password = ''] = /^operator (\S+)\n$/.exec(stdout) ?? [];
  expect([code, password.length]).toEqual([0, expect.toSatisfy((length) => length >= 10)]);
  if (restart) await service().restart();
  const client = service().stranger();
  await client.signIn('operator', password);
  expect((await client.get('/me')).json.person.roles).toEqual(['administrator']);
}

describe('npm run admin', () => {
  it('makes an administrator through the running service, and prints a password', () => signInWithNewPassword());

  it('gives that one another password where no service runs, also after one was killed', async () => {
    await service().kill('SIGKILL');
    await signInWithNewPassword(true);
  });

  it.each([
    ['admin', [], 'npm run admin -- USERNAME'],
    ['admin', ['bad name!'], '用户名用 2 到 32 个小写字母'],
    ['job', [], 'say which job; there are customers.daily-sweep'],
    ['job', ['customers.daily-sweep', '--at', 'yesterday'], '--at takes a time such as 2026-11-22T02:00'],
    ['job', ['customers.daily-sweep', '--at'], "'--at <value>' argument missing"],
  ])('%s %j says in one line what is wrong', async (name, args, says) => {
    const ended = await operate(service(), name, ...args);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toEqual([expect.stringContaining(says)]);
  });
});

describe('npm run job', () => {
  it('runs the sweep at a pretended time: the customers who would have been due are in the pool', async () => {
    const admin = await service().signIn('admin');
    const before = (await admin.get('/pool')).json.total;
    const ended = await operate(service(), 'job', 'customers.daily-sweep', '--at', '2031-01-01T02:00');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const moved = Number(/^customers\.daily-sweep: (\d+) rows\n$/.exec(ended.stdout)?.[1]);
    expect(moved).toBeGreaterThan(0);
    expect((await admin.get('/pool')).json.total).toBe(before + moved);
    expect((await admin.get('/my-customers?state=following')).json.total).toBe(0);
  });

  it('that nobody knows is refused in one line that names those there are', async () => {
    const ended = await operate(service(), 'job', 'customers.dance');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('customers.daily-sweep');
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('npm run backup', () => {
  if (testDatabaseUrl) {
    it('on a PostgreSQL server points to its own tool', async () => {
      const ended = await operate(service(), 'backup');
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('pg_dump') });
    });
    return;
  }

  it('writes a dump while the service runs, and a new folder begins from it', async () => {
    const admin = await service().signIn('admin');
    await admin.post('/customers', { name: '备份里的客户', qq: '77770001' });
    const { total } = (await admin.get('/customers?size=1')).json;
    const { code, stdout } = await operate(service(), 'backup');
    expect(code).toBe(0);
    await admin.post('/customers', { name: '备份后的客户', qq: '77770002' });

    const folder = join(await makeFolder(), 'restored');
    await mkdir(folder);
    await rename(stdout.trim(), join(folder, 'restore.tar.gz'));
    const restored = await runService({ DATA_DIR: folder });
    try {
      const url = await restored.ready();
      const client = createClient(() => url);
      await client.signIn('admin');
      expect((await client.get('/customers?q=77770001')).json.total).toBe(1);
      expect((await client.get('/customers?q=77770002')).json.total).toBe(0);
      expect((await client.get('/customers?size=1')).json.total).toBe(total);
    } finally {
      await restored.end('SIGTERM');
      await removeSchool({ ...service().school, dataDir: join(folder, '..') });
    }
  });
});
