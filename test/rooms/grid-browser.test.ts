import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browserOnly, chromiumPath } from '../setup/services.ts';
import { useRoomsWeb } from './rooms-web.ts';

const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];
const TOMORROW = '2026-11-22';

browserOnly('the room grid in a browser', () => {
  const web = useRoomsWeb();
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: QUIET });
  });
  afterAll(() => browser?.close());

  async function openGrid(viewport: { width: number; height: number }, who = 'li'): Promise<Page> {
    const context = await browser.newContext({ viewport, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.request.post(`${web.base()}/enter/${who}`);
    await page.goto(`${web.base()}/rooms/grid?date=${TOMORROW}`);
    return page;
  }
  const cell = (page: Page, hour: string) => page.locator(`.room-cell[aria-label^="夏威夷 ${hour}"]:visible`);
  const wangTakes = (slot: number) =>
    web.as.wang.json('POST', '/rooms/grid', { date: TOMORROW, add: [{ roomId: web.roomId(), slot }] });
  const held = async () =>
    (await web.prisma().booking.findMany({ orderBy: { slot: 'asc' } })).map(({ slot, personId }) => [slot, personId]);

  it.each([
    ['at a desk', { width: 1280, height: 800 }],
    ['on a phone', { width: 390, height: 844 }],
  ])('%s books, gives up and waits in one submit, and tells who was faster', async (_, viewport) => {
    await wangTakes(6);
    const page = await openGrid(viewport);
    for (const hour of ['10:00', '11:00', '13:00']) await cell(page, hour).click();
    await page.getByText('订 夏威夷 10:00–12:00；候补 夏威夷 13:00–14:00', { exact: true }).waitFor();
    await page.getByRole('button', { name: '确定' }).click();
    await cell(page, '11:00 我订的').waitFor();
    await cell(page, '13:00 王强订的 我在候补').waitFor();
    expect(await held()).toEqual([
      [3, 1],
      [4, 1],
      [6, 2],
    ]);

    await cell(page, '10:00').click();
    await cell(page, '15:00').click();
    await wangTakes(8);
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByRole('alert').getByText('夏威夷明天 15:00 已被王强订了').waitFor();
    await cell(page, '15:00 王强订的').waitFor();
    expect((await held()).map(([slot]) => slot)).toEqual([3, 4, 6, 8]);
    // What can still be done stays chosen.
    await page.getByRole('button', { name: '确定' }).click();
    await cell(page, '10:00 空着').waitFor();
    expect((await held()).map(([slot]) => slot)).toEqual([4, 6, 8]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.context().close();
  });

  it('on a phone an administrator gives up somebody else’s by a tap, and a colleague waits for it by the same', async () => {
    await wangTakes(6);
    const [mine, theirs] = [
      await openGrid({ width: 390, height: 844 }),
      await openGrid({ width: 390, height: 844 }, 'admin'),
    ];
    await cell(mine, '13:00').click();
    await mine.getByText('候补 夏威夷 13:00–14:00', { exact: true }).waitFor();
    await cell(theirs, '13:00').click();
    await theirs.getByText('取消 夏威夷 13:00–14:00', { exact: true }).waitFor();
    await theirs.getByRole('button', { name: '确定' }).click();
    await cell(theirs, '13:00 空着').waitFor();
    expect(await held()).toEqual([]);
    for (const page of [mine, theirs]) await page.context().close();
  });
});
