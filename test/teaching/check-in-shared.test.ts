import { describe, expect, it } from 'vitest';
import { readCheckIn, startCheckIn, stopCheckIn } from '../../src/teaching/check-in.ts';
import { sharing } from '../../src/teaching/check-in-shared.ts';
import { type Learner, useTeaching } from './teaching-school.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 21, 6, 30, 0, ms));
const scan = (name: string, ms: number, device: string | null, browser = 'b') => ({
  name,
  checkedInAt: at(ms),
  device,
  browser,
});
const names = (roster: ReturnType<typeof scan>[]) => sharing(roster).map((group) => group.map(({ name }) => name));

describe('sharing', () => {
  it.each([
    ['one cookie for two', [scan('科比', 0, 'd'), scan('王五', 9000, 'd')], [['科比', '王五']]],
    ['two phones', [scan('科比', 0, 'd'), scan('王五', 100, 'e')], []],
    [
      'three alike in 0.1 s without a cookie kept',
      [scan('科比', 0, 'd'), scan('王五', 50, 'e'), scan('郭靖', 100, 'f')],
      [['科比', '王五', '郭靖']],
    ],
    [
      'three alike phones one after the other',
      [scan('科比', 0, 'd'), scan('王五', 4000, 'e'), scan('郭靖', 8000, 'f')],
      [],
    ],
  ])('%s', (_, roster, found) => {
    expect(names(roster)).toEqual(found);
  });
});

describe('three students scanned in from one browser', () => {
  const school = useTeaching();

  /** A student scans with a browser whose cookies are these. */
  async function scans(student: Learner, url: string, cookies: Map<string, string>, agent = 'one phone') {
    const take = (answer: Response) => {
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return answer;
    };
    const send = async (path: string) =>
      take(
        await fetch(`${school.base()}${path}`, {
          headers: {
            Accept: 'application/json',
            'User-Agent': agent,
            Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          },
        }),
      );
    await send(`/enter/${student.id}`);
    return (await send(new URL(url).pathname)).status;
  }

  it('are a question to the tutor once the code is off, and seen on the roll', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五', '郭靖', '黄蓉');
    const lessonId = lesson.id;
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const { code } = await lecturer.does((scope) => readCheckIn(scope, { lessonId }));
    const url = `https://xiaoxin.test/check-in/${code}`;
    const browser = new Map<string, string>();
    for (const student of students.slice(0, 3)) expect(await scans(student, url, browser)).toBe(200);
    expect(await scans(students[3], url, new Map(), 'another phone')).toBe(200);
    expect(await school.notices('checkInShared')).toEqual([]);
    await lecturer.does((scope) => stopCheckIn(scope, { lessonId }));
    expect(await school.notices('checkInShared')).toMatchObject([
      { personId: tutor.id, entityId: lessonId, data: { groups: ['科比、王五、郭靖'], count: 3 } },
    ]);
    const page = await (await tutor.visits()).fetch(`/lessons/${lessonId}/attendance`);
    expect(await page.text()).toContain('科比、王五、郭靖是用同一部手机扫码签到的');
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    await lecturer.does((scope) => stopCheckIn(scope, { lessonId }));
    expect(await school.notices('checkInShared')).toHaveLength(1);
  });
});
