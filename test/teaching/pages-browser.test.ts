import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { browserOnly, chromiumPath } from '../setup/services.ts';
import { type Somebody, useTeaching } from './teaching-school.ts';

// A busy machine draws pages slowly.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 900 } };

browserOnly('teaching in a browser', () => {
  const school = useTeaching();
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [...QUIET, '--disable-component-update', '--disable-sync'],
    });
  });
  afterAll(() => browser?.close());

  async function open(who: Somebody, path: string, screen: object): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    await page.goto(`${school.base()}/enter/${who.id}`);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      // A refusal and a lost line are said by the browser too.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text());
    });
    await page.goto(`${school.base()}${path}`);
    return { page, context };
  }
  const fits = (page: Page) => page.evaluate('document.documentElement.scrollWidth <= innerWidth');
  const tap = async (page: Page, name: string, times = 1) => {
    for (let n = 0; n < times; n += 1) await page.getByRole('button', { name }).tap();
  };

  it('the lecturer’s morning at 390 px: three exceptions by thumb, one by long press, saved once', async () => {
    const { lecturer, lesson } = await school.classOf('科比', '王五', '郭小靖', '黄小蓉', '令狐川');
    const { page } = await open(lecturer, `/lessons/${lesson.id}/attendance`, PHONE);
    await page.getByText('到 5').waitFor();
    await tap(page, '科比');
    await tap(page, '王五', 2);
    await tap(page, '郭小靖', 3);
    const box = await page.getByRole('button', { name: '黄小蓉' }).boundingBox();
    await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
    await page.mouse.down();
    await page.getByRole('dialog').getByRole('button', { name: '早退' }).waitFor();
    await page.mouse.up();
    await page.getByRole('dialog').getByRole('button', { name: '早退' }).tap();
    await page.getByText('到 1 · 迟到 1 · 缺勤 1 · 请假 1 · 早退 1').waitFor();
    expect(await fits(page)).toBe(true);
    expect(await school.attendanceOf(lesson.id)).toEqual({});
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('点名已保存').waitFor();
    await page.getByRole('button', { name: '已保存' }).waitFor();
    expect(await school.attendanceOf(lesson.id)).toEqual({
      科比: 'late',
      王五: 'absent',
      郭小靖: 'excused',
      黄小蓉: 'leftEarly',
      令狐川: 'present',
    });
    expect(problems).toEqual([]);
  });

  it('when the line is lost, keeps the taps over a closed page and saves them once it is back', async () => {
    const { lecturer, lesson } = await school.classOf('科比', '王五');
    const path = `/lessons/${lesson.id}/attendance`;
    const { page, context } = await open(lecturer, path, PHONE);
    await context.setOffline(true);
    await tap(page, '科比');
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('网络断了').waitFor();
    await context.setOffline(false);
    await page.getByText('点名已保存').waitFor();
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late', 王五: 'present' });

    await tap(page, '王五', 2);
    await page.goto('about:blank');
    await page.goto(`${school.base()}${path}`);
    await page.getByText('上次有 1 处没保存').waitFor();
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('点名已保存').waitFor();
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late', 王五: 'absent' });
    const edits = await school.prisma().auditEntry.count({ where: { entity: 'StudyRecord', actorId: lecturer.id } });
    expect(edits).toBe(2);
  });

  it('when the tutor marked meanwhile, shows both values and overwrites only when told to', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五');
    const [{ studentId }] = students;
    const { page } = await open(lecturer, `/lessons/${lesson.id}/attendance`, PHONE);
    await tap(page, '科比');
    await tutor.does((scope) =>
      markAttendance(scope, { lessonId: lesson.id, marks: [{ studentId, attendance: 'absent' }] }),
    );
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('科比：郑洁改成了缺勤，你标的是迟到').waitFor();
    await page.getByRole('button', { name: '科比' }).getByText('郑洁改成了缺勤，你标的是迟到').waitFor();
    expect(await school.attendanceOf(lesson.id)).toMatchObject({ 科比: 'absent' });
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('点名已保存').waitFor();
    expect(await school.attendanceOf(lesson.id)).toMatchObject({ 科比: 'late' });
  });

  it('the score sheet at a desk: letters by keyboard alone, a colleague’s score not overwritten unseen', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五', '郭小靖');
    const [kobe, wang] = students;
    const { page } = await open(lecturer, `/lessons/${lesson.id}/scores`, DESK);
    await page.getByLabel('科比的成绩').focus();
    await page.keyboard.type('a+');
    await page.keyboard.press('Enter');
    await page.keyboard.type('85');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('Q');
    await page.getByText('写 A+、A、B+').waitFor();
    await page.getByLabel('郭小靖的成绩').fill('');
    await page.getByLabel('科比的评语').fill('思路清楚');
    await page.getByText('已批 2 / 3 · 2 处没保存').waitFor();
    await tutor.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: wang.studentId, score: 60 }] }),
    );
    await page.keyboard.press('Control+s');
    await page.getByText('王五：郑洁改成了C+，你标的是B+').waitFor();
    await page.getByText('郑洁改成了C+，保存就按你写的').waitFor();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('成绩已保存').waitFor();
    const records = await school.prisma().studyRecord.findMany({
      where: { lessonId: lesson.id },
      orderBy: { studentId: 'asc' },
    });
    expect(records.map(({ score, comment }) => [score, comment])).toEqual([
      [100, '思路清楚'],
      [85, null],
      [-1, null],
    ]);
    expect(records[0]?.studentId).toBe(kobe.studentId);
  });

  it('the student at 390 px: hands in, adds two photographs at once, takes one away, and sees score, comment and chart', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比', '王五');
    const [kobe] = students;
    const { page } = await open(kobe, '/portal', PHONE);
    await page.getByText('还有 1 次作业没交').waitFor();
    await page.getByRole('link', { name: '第 3 节' }).first().tap();
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('print(1)') });
    await page.getByLabel('选文件').setInputFiles(file('第一版.py'));
    await page.getByLabel('给讲师的留言').fill('第二题不会');
    await page.getByRole('button', { name: '交作业' }).tap();
    await page.getByText('交好了').waitFor();
    await page.getByLabel('再加文件').setInputFiles([file('第二版.py'), file('第三版.py')]);
    await page.getByRole('button', { name: '加上' }).tap();
    await page.getByRole('link', { name: '第三版.py' }).waitFor();
    await page.getByRole('link', { name: '第二版.py' }).waitFor();
    await page.getByRole('button', { name: '删除 第一版.py' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).tap();
    await page.getByText('删掉了').waitFor();
    expect(await page.locator('.own-files li').count()).toBe(2);
    expect(await fits(page)).toBe(true);

    await lecturer.does((scope) =>
      saveScores(scope, {
        lessonId: lesson.id,
        scores: [{ studentId: kobe.studentId, score: 90, comment: '比上次好' }],
      }),
    );
    await page.reload();
    await page.getByText('比上次好').waitFor();
    expect(await page.getByRole('button', { name: '加上' }).count()).toBe(0);
    await page.goto(`${school.base()}/portal`);
    const chart = page.getByRole('img', { name: '1 次作业平均 90 分' });
    await chart.waitFor();
    expect(await page.evaluate('document.querySelector("img.chart").naturalWidth > 0')).toBe(true);
    expect(await page.getByRole('link', { name: '柱形' }).count()).toBe(1);
    expect(await fits(page)).toBe(true);
  });
});
