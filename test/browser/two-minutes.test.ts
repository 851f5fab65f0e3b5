import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOnly } from '../setup/services.ts';
import { type Size, scrollsSideways, usePhone, useSandboxSchool } from './sandbox-school.ts';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

browserOnly('the first two minutes', () => {
  describe.each([
    { screen: 'at desk width, both phones on one desk', size: DESK },
    { screen: 'at 390 px, each colleague with a desk of their own', size: PHONE },
  ])('$screen', ({ size }) => {
    const school = useSandboxSchool();

    /** The phones of 孙悦 and 李娜: on one desk where there is room for both, else each on a small screen. */
    async function takePhones() {
      const theirs = await school.openScreen('/sandbox', size);
      const li = usePhone(theirs.getByLabel('左边的手机'));
      await li.phone.getByText('已绑定').waitFor();
      const mine = size === DESK ? theirs : await school.openScreen('/sandbox', size);
      const sun = usePhone(mine.getByLabel('右边的手机'));
      if (size === PHONE) await mine.getByRole('button', { name: '孙悦' }).click();
      await sun.phone.getByText('未关注').waitFor();
      return { sun, li, desks: [mine, theirs] };
    }

    it('a newcomer binds by scanning, grabs a customer against a colleague, follows up and takes it back', async () => {
      const { sun, li, desks } = await takePhones();

      // The code on the screen, scanned; the page turns by itself.
      const screen = await school.signIn('consultant1', '/bind', size);
      await screen.getByRole('img', { name: '绑定微信的二维码' }).waitFor();
      await sun.phone.getByRole('button', { name: '扫一扫' }).last().click();
      await sun.phone.getByRole('button', { name: '孙悦' }).click();
      await screen.getByRole('heading', { name: '已绑定' }).waitFor();
      await sun.phone.getByText('绑好了').waitFor();
      await sun.state.getByText('已绑定').waitFor();

      // Both look at the pool and reach for the same one.
      const [pool, theirs] = [await sun.say('公海'), await li.say('公海')];
      expect(pool).toMatch(/^公海 \d+ 位，最近进来的在前：\n1 /);
      expect(theirs).toBe(pool);
      const wanted = /^1 (\S+) · /m.exec(pool)?.[1] ?? '';
      for (const phone of [sun, li]) await phone.type('抢 1');
      // One mouse: the second tap comes right after the first, before its answer.
      const [mine, hers] = [await sun.send(), await li.send()];
      const answers = await Promise.all([mine(), hers()]);
      const [winner, loser] = answers[0].startsWith('抢到了') ? [0, 1] : [1, 0];
      expect(answers[winner]).toMatch(new RegExp(`^抢到了：${wanted}\\n`));
      expect(answers[winner]).toMatch(/手机|QQ|微信/);
      expect(answers[loser]).toContain(`晚了一步，${wanted}刚被${['孙悦', '李娜'][winner]}抢到`);

      // The winner follows up by reply and sees it on the customer's page.
      const phone = [sun, li][winner] as typeof sun;
      expect(await phone.say('跟进 1 约了周五试听')).toMatch(new RegExp(`^已记下：${wanted} · 约了周五试听`));
      expect(await phone.say('我的客户')).toContain(`1 ${wanted} · `);
      const own = winner === 0 ? screen : await school.signIn('consultant2', '/my-customers', size);
      await openCustomer(own, wanted, size);
      await timeline(own).getByText('跟进：约了周五试听').waitFor();
      expect(await scrollsSideways(own)).toBe(false);

      // Taken back, the note is gone; taken back once more, the customer is everybody's again.
      expect(await phone.say('撤销')).toContain('跟进');
      await own.reload();
      expect(await timeline(own).getByText('跟进：约了周五试听').count()).toBe(0);
      expect(await phone.say('撤销')).toContain(wanted);
      expect(await phone.say('公海')).toContain(`1 ${wanted} · `);

      for (const page of [...desks, screen]) expect(await scrollsSideways(page)).toBe(false);
      expect(school.problems).toEqual([]);
    }, 240_000);
  });
});

const timeline = (page: Page) => page.getByRole('region', { name: '经过' });

/** From the list of one's own to the record, as one gets there. */
async function openCustomer(page: Page, name: string, size: Size): Promise<void> {
  await page.getByRole('link', { name: size === DESK ? '校信' : '更多' }).click();
  await page.getByRole('link', { name: '我的客户' }).first().click();
  await page.getByRole('link', { name }).first().click();
}
