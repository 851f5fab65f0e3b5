import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { browserOnly, chromiumPath } from '../setup/services.ts';
import { PASSWORD, usePeople } from './people-school.ts';

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

browserOnly('绑定微信 in a browser', () => {
  const school = usePeople();
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    const args = [...QUIET, '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
  });
  afterAll(() => browser?.close());

  /** Somebody signs in with the form on a screen of their own. */
  async function signIn(username: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${school.base()}/bind`);
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByLabel('一周内免登录').check();
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL('**/bind');
    return page;
  }
  const latestTicket = (personId: number) =>
    school.prisma().bindTicket.findFirstOrThrow({ where: { personId, state: 'waiting' } });

  it('when the code is scanned, turns into 已绑定 by itself', async () => {
    const li = await school.person({ name: '李娜', roles: ['consultant', 'staff'] });
    const page = await signIn(li.username);
    await page.getByRole('img', { name: '二维码' }).waitFor();
    await page.getByText('分钟内有效').waitFor();
    await school.scans('openid-browser-1', (await latestTicket(li.id)).scene);
    await page.getByRole('heading', { name: '已绑定' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('when the code has run out, one tap brings a new one; on a phone nothing is scrolled sideways', async () => {
    const li = await school.person();
    const page = await signIn(li.username, { width: 390, height: 844 });
    await page.getByRole('img', { name: '二维码' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const { id } = await latestTicket(li.id);
    await school.prisma().bindTicket.update({ where: { id }, data: { expiresAt: new Date(wallNow() - 1) } });
    await page.getByText('二维码过期了').waitFor();
    await page.getByRole('button', { name: '换一个新的' }).click();
    await page.getByRole('img', { name: '二维码' }).waitFor();
    expect((await latestTicket(li.id)).id).not.toBe(id);
  });

  it('when somebody else’s phone scans it, says why and offers another try', async () => {
    await school.person({ openid: 'openid-browser-2' });
    const li = await school.person();
    const page = await signIn(li.username);
    await page.getByRole('img', { name: '二维码' }).waitFor();
    await school.scans('openid-browser-2', (await latestTicket(li.id)).scene);
    await page.getByText('已经绑定了另一个人').waitFor();
    await page.getByRole('button', { name: '换一个新的' }).waitFor();
  });
});
