import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { addDays } from '../../src/kernel/school-time.ts';
import { TEST_DAY } from '../setup/now.ts';
import { browserOnly } from '../setup/services.ts';
import { scrollsSideways, usePhone, useSandboxSchool } from './sandbox-school.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

browserOnly('four days of two customers', () => {
  const school = useSandboxSchool();

  it('the clock moved on shows the digest, one saved by a reply, the other dropped and claimed by a colleague', async () => {
    const day = addDays(TEST_DAY, 1);
    await school.service().clock(`${day}T10:00`);
    const desk = await school.openScreen('/sandbox', DESK);
    const li = usePhone(desk.getByLabel('左边的手机'));
    const wang = usePhone(desk.getByLabel('右边的手机'));
    await li.phone.getByText('已绑定').waitFor();
    await wang.hold('consultant3');
    await wang.state.getByText('已绑定').waitFor();

    // The first day: 李娜 takes two out of the pool.
    const [saved, left] = await grabTwo(li);

    // Three days nobody speaks with them. On the last she looks at her list, which opens her window.
    for (let n = 0; n < 3; n += 1) await press(desk, '+1 天');
    expect(await li.say('我的客户')).toContain(saved);
    await press(desk, '到 17:30');
    const digest = li.phone.locator('.line.in .bubble', { hasText: '位客户快掉了，明早 2 点回公海' }).last();
    await digest.waitFor();
    const text = (await digest.textContent()) ?? '';
    const number = new RegExp(`^(\\d+) ${saved}[ \\d]* · `, 'm').exec(text)?.[1];
    expect(text).toMatch(new RegExp(`^\\d+ ${left}[ \\d]* · `, 'm'));

    // The same list as a page on a small screen.
    const page = await school.signIn('consultant2', '/my-customers/about-to-drop', PHONE);
    await page.getByRole('heading', { name: left }).waitFor();
    expect(await scrollsSideways(page)).toBe(false);

    // A reply saves one of them; a number means the list shown last, and 快掉了 shows this one again.
    await li.say('公海');
    await li.say('快掉了');
    expect(await li.say(`${number} 已约周五试听`)).toMatch(new RegExp(`^留住了：${saved} · 已约周五试听\\n`));
    await page.reload();
    await page.getByRole('heading', { name: left }).waitFor();
    expect(await page.getByRole('heading', { name: saved }).count()).toBe(0);

    // At two in the night the other goes, and she is told; a colleague claims it.
    await press(desk, '到 02:00');
    await li.phone.getByText('客户回到公海').last().waitFor();
    expect(await wang.say(`公海 ${left}`)).toMatch(new RegExp(`^1 ${left} · .*三天未跟进`, 'm'));
    expect(await wang.say('抢 1')).toMatch(new RegExp(`^抢到了：${left}\\n`));
    expect(await li.say('我的客户 在跟')).not.toContain(left);
    expect(await li.say(`我的客户 ${saved}`)).toContain(`1 ${saved} · `);
    expect(await li.say(`我的客户 ${left}`)).toContain('三天未跟进');
    expect(school.problems).toEqual([]);
  }, 240_000);
});

/** Takes the first two of the pool that this person may; those lost before are refused and left. */
async function grabTwo(phone: ReturnType<typeof usePhone>): Promise<[string, string]> {
  const list = await phone.say('公海');
  const numbers = [...list.matchAll(/^(\d+) /gm)].map(([, number]) => number);
  const got: string[] = [];
  for (const number of numbers) {
    const name = /^抢到了：(\S+)/.exec(await phone.say(`抢 ${number}`))?.[1];
    if (name) got.push(name);
    const [first, second] = got;
    if (first && second) return [first, second];
  }
  throw new Error(`nobody could be claimed: ${list}`);
}

/** Moves the clock by one of its buttons and waits until all that fell due has been done. */
async function press(desk: Page, button: string): Promise<void> {
  const clock = desk.getByLabel('时钟', { exact: true });
  await clock.getByRole('button', { name: button }).click();
  await clock.getByText('正在办到点的事…').waitFor({ state: 'hidden' });
  await clock.getByRole('button', { name: button, disabled: false }).waitFor();
}
