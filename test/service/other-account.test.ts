import { afterEach, describe, expect, it } from 'vitest';
import { type RunningService, runService } from '../setup/node-process.ts';
import { useTestService } from '../setup/service.ts';

const service = useTestService({ engine: 'embedded' });
const running: RunningService[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.end('SIGKILL');
});

/** Starts the school once more, with this environment beside its folder. */
async function start(env: Record<string, string>): Promise<RunningService> {
  const one = await runService({ DATA_DIR: service().school.dataDir, ...env });
  running.push(one);
  await one.ready();
  return one;
}

describe('a sandbox that is started with a real account, and with none again', () => {
  it('says in the terminal and the log how many bindings that ends and brings back', async () => {
    const consultant = await service().signIn('consultant1');
    const { id } = (await consultant.post('/bind/ticket')).json;
    await service().phone('consultant1').scan(id);
    await service().kill('SIGTERM');

    const real = await start({
      WECHAT_APP_ID: 'wxba5fad812f8e6fb9',
      WECHAT_APP_SECRET: 'secret',
      WECHAT_TOKEN: 'AAAAA',
      WECHAT_API_BASE: 'http://127.0.0.1:9',
    });
    const ended = await real.end('SIGTERM');
    expect(ended.code).toBe(0);
    const released = /公众号换了：(\d+) 人原来的微信绑定留作历史，要用新的公众号再扫一次/.exec(ended.stdout)?.[1];
    expect(Number(released)).toBeGreaterThan(0);
    expect(ended.stderr).toContain(`"appId":"wxba5fad812f8e6fb9","released":${released},"restored":0`);

    const back = await (await start({})).end('SIGTERM');
    expect(back.stdout).toContain(`公众号换回来了：${released} 人恢复了原来的微信绑定`);

    const again = await (await start({})).end('SIGTERM');
    expect(again.stdout).not.toContain('公众号换');
  });
});
