import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { menuLink, webLink } from '../../src/wechat/index.ts';
import { browserOnly, chromiumPath } from '../setup/services.ts';
import { useDesk } from './desk.ts';

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

browserOnly('the desk in a browser', () => {
  const desk = useDesk();
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const args = [...QUIET, '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    await desk.reset();
    problems.length = 0;
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${desk.base}/sandbox`);
  });

  const left = () => page.getByLabel('左边的手机');
  const hold = async (name: string) => {
    await left().getByLabel('这部手机是谁的').selectOption({ label: name });
  };

  it('a newcomer scans the code on the screen, writes, taps a word and opens a link without leaving the phone', async () => {
    await desk.api('/cgi-bin/qrcode/create', {
      expire_seconds: 600,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: 'bind:page' } },
    });
    desk.schoolAnswers((push) => {
      if (push.kind === 'subscribe') return { type: 'text', text: '绑定好了' };
      const text =
        push.kind === 'text' && push.content === '公海'
          ? `1 王小雨 ${menuLink('抢 1', 'n1')}`
          : `抢到了 ${webLink('看客户', 'http://school.test/who')}`;
      return { type: 'text', text };
    });
    await hold('备用手机 1');
    await left().getByRole('button', { name: '扫一扫' }).last().click();
    await left().getByRole('button', { name: '二维码 bind:page' }).click();
    await left().getByText('绑定好了').waitFor();
    await left().getByLabel('要发的内容').fill('公海');
    await left().getByRole('button', { name: '发送' }).click();
    await left().getByRole('button', { name: '抢 1' }).click();
    await left().getByRole('button', { name: '看客户' }).click();
    await left().frameLocator('iframe').getByText('MicroMessenger').waitFor();
    expect(desk.pushes.map(({ push }) => push.kind)).toEqual(['subscribe', 'text', 'text']);
    expect(desk.pushes[2]?.push).toMatchObject({ content: '抢 1', menuId: 'n1' });
    expect(page.url()).toBe(`${desk.base}/sandbox`);
    expect(problems).toEqual([]);
  });

  it('a sealed push is opened on demand, a switched fault and a moved clock are seen at once', async () => {
    await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '看看公海' });
    await page.locator('.exchanges summary', { hasText: '李娜' }).first().click();
    await page.getByRole('button', { name: '解密' }).first().click();
    await page.locator('pre', { hasText: '看看公海' }).waitFor();
    await page.getByRole('tab', { name: '故障' }).click();
    await page.getByLabel('每条推送都来两次').check();
    await page.getByRole('tab', { name: '故障1' }).waitFor();
    expect((await desk.get('/sandbox/faults')).json.pushes).toEqual({ duplicate: true });
    await page.getByRole('button', { name: '到 17:30' }).click();
    await page.getByText(/17:30/).first().waitFor();
    expect(desk.jobs).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('on a small screen, nothing has to be scrolled sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const view of ['phone-0', 'phone-1', 'panel', 'clock']) {
      await page.locator(`#switcher [data-view=${view}]`).click();
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(390);
    }
  });
});
