import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startTestService, type TestService } from '../setup/service.ts';
import { chromiumPath } from '../setup/services.ts';

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PASSWORD = 'xiaoxin-demo';

export type Size = { width: number; height: number };

/**
 * The whole service on a demo school of its own, and a browser to use it with.
 * What pages complain about is kept in `problems`.
 */
export function useSandboxSchool() {
  let service: TestService;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    const args = [...QUIET, '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath: chromiumPath, args });
    service = await startTestService();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  /** A screen of somebody's own: nothing is shared with the others but the service. */
  async function openScreen(path: string, viewport: Size, more: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport, ...more });
    const page = await context.newPage();
    // A busy machine is slow; a page that hangs is not waited for for ever.
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${service.url}${path}`);
    return page;
  }

  /** Somebody of the demo school goes to a page, signs in on the way, and arrives there. */
  async function signIn(username: string, path: string, viewport: Size): Promise<Page> {
    const page = await openScreen(path, viewport);
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL(`**${path}`);
    return page;
  }

  return { problems, openScreen, signIn, service: () => service };
}

/** One phone on a desk in the sandbox, as the person holding it uses it. */
export function usePhone(phone: Locator) {
  const bubbles = phone.locator('.line.in .bubble');
  const type = (text: string) => phone.getByLabel('要发的内容').fill(text);
  /** Sends what is typed; what comes back reads the answer to it. */
  const send = async (): Promise<() => Promise<string>> => {
    const answer = bubbles.nth(await bubbles.count());
    await phone.getByRole('button', { name: '发送' }).click();
    return async () => {
      await answer.waitFor().catch(async (cause) => {
        throw new Error(`no answer came; the phone shows:\n${await phone.innerText()}`, { cause });
      });
      return (await answer.textContent()) ?? '';
    };
  };
  return {
    phone,
    /** Takes the phone of this person of the demo school. */
    hold: async (username: string) => {
      const owner = phone.getByLabel('这部手机是谁的');
      const option = owner.locator('option', { hasText: `（${username}）` });
      await owner.selectOption(await option.getAttribute('value'));
    },
    type,
    send,
    /** Types a message, sends it and reads the answer. */
    say: async (text: string): Promise<string> => {
      await type(text);
      return (await send())();
    },
    state: phone.locator('.state'),
  };
}

/** Whether anything sticks out to the right of the screen. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}
